"""Our programs with their clock moved by MOVED_BY seconds, from where it runs on: `celery -A … worker` or beat, and
`python -m tests.messaging.faults.moved_time nightly` for `manage.py nightly`. The database's clock stays."""

import os
import sys
from datetime import UTC, datetime, timedelta

# The settings tell by its presence that tests are run, and time_machine would bring it.
sys.modules["pytest"] = None  # type: ignore[assignment]
import time_machine  # noqa: E402 (without it)

del sys.modules["pytest"]
MOMENT = datetime.now(UTC) + timedelta(seconds=float(os.environ.get("MOVED_BY", "0")))
time_machine.travel(MOMENT, tick=True).start()

from django.core.management import execute_from_command_line  # noqa: E402 (after the clock)

from infuse.celery import app  # noqa: E402, F401 (as above)

if __name__ == "__main__":
    execute_from_command_line(["manage.py", *sys.argv[1:]])
