"""Celery with its clock moved to the moment in MOVED_TO, from where it runs on: `celery -A … worker`, or beat."""

import os
from datetime import datetime

import time_machine

time_machine.travel(datetime.fromisoformat(os.environ["MOVED_TO"]), tick=True).start()

from infuse.celery import app  # noqa: E402, F401 (after the clock)
