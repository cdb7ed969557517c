"""Beat with a sweep every second instead of every two minutes: `celery -A tests.messaging.faults.quick_beat beat`."""

from tests.messaging.faults.moved_time import app

app.conf.beat_schedule = {
    **app.conf.beat_schedule,
    "sweep": {**app.conf.beat_schedule["sweep"], "schedule": 1.0},
    "heartbeat": {**app.conf.beat_schedule["heartbeat"], "schedule": 1.0},
}
