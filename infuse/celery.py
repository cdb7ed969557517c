"""The Celery application and beat's timetable.

Beat only knocks: every entry is safe to run twice, late or at the same time as itself, because the facts in the
database decide what is due (docs/adr/0004). A knock that nobody answers in time expires, so that a worker which comes
back finds no heap of them.
"""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from kombu.transport import redis

from messaging.timetable import NIGHT_AT

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "infuse.settings")


class SteadyQoS(redis.QoS):
    """Lets a worker outlive a broker that goes away in the middle of a task (docs/adr/0011).

    kombu 5.7.0 then gives the task back, or acknowledges it, over the connection that is gone, which ends the worker
    with an AttributeError. Neither is needed: what was not acknowledged comes back by itself (visibility_timeout), and
    every task is safe to run twice.
    """

    def restore_unacked(self, client: Any = None) -> None:
        if self.channel.connection is not None and self.channel.connection.client is not None:
            super().restore_unacked(client)

    def ack(self, delivery_tag: str) -> None:
        if not self.channel.closed:
            super().ack(delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        if not self.channel.closed:
            super().reject(delivery_tag, requeue)


redis.Channel.QoS = SteadyQoS

app = Celery("infuse")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["infuse"])

# In Europe/London (CELERY_TIMEZONE). The sweeper runs a night that was missed.
app.conf.beat_schedule = {
    "nightly": {
        "task": "infuse.nightly",
        "schedule": crontab(hour=NIGHT_AT.hour, minute=NIGHT_AT.minute),
        "options": {"expires": 3600},
    },
    "sweep": {"task": "infuse.sweep", "schedule": crontab(minute="*/2"), "options": {"expires": 110}},
    "heartbeat": {"task": "infuse.heartbeat", "schedule": 30.0, "options": {"expires": 60}},
}
