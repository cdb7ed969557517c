"""The Celery application and beat's timetable.

Beat only knocks: every entry is safe to run twice, late or at the same time as itself, because the facts in the
database decide what is due (docs/adr/0004).
"""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "infuse.settings")

app = Celery("infuse")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["infuse"])

app.conf.beat_schedule = {
    "nightly": {"task": "infuse.nightly", "schedule": crontab(hour=5, minute=30)},
    "sweep": {"task": "infuse.sweep", "schedule": crontab(minute="*/2")},
    "heartbeat": {"task": "infuse.heartbeat", "schedule": 30.0},
}
