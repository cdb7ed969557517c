"""The Celery application and beat's timetable.

Beat only knocks: every entry is safe to run twice, late or at the same time as itself, because the facts in the
database decide what is due (docs/adr/0004). A knock that nobody answers in time expires, so that a worker which comes
back finds no heap of them.
"""

import os
from datetime import time

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "infuse.settings")

app = Celery("infuse")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["infuse"])

# In Europe/London (CELERY_TIMEZONE), summer and winter. The sweeper runs a night that was missed.
NIGHT_AT = time(5, 30)

app.conf.beat_schedule = {
    "nightly": {
        "task": "infuse.nightly",
        "schedule": crontab(hour=NIGHT_AT.hour, minute=NIGHT_AT.minute),
        "options": {"expires": 3600},
    },
    "sweep": {"task": "infuse.sweep", "schedule": crontab(minute="*/2"), "options": {"expires": 110}},
    "heartbeat": {"task": "infuse.heartbeat", "schedule": 30.0, "options": {"expires": 60}},
}
