"""`python -m bench [--quick | --delivery | --files]`: measure the product against its floor, print a table.

Needs DATABASE_URL and REDIS_URL of servers it may use freely (`make bench` brings them). It works in a database of its
own, `<name>_bench`, made anew.
"""

import os
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg2

ROUNDS, SMALL, LARGE = 40, 1_000, 100_000
QUICK_ROUNDS, QUICK_LARGE = 12, 10_000


def own_database() -> None:
    """Make the bench's own empty database, and point the environment at it."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    name = f"{parts.path.lstrip('/')}_bench"
    admin = psycopg2.connect(os.environ["DATABASE_URL"])
    admin.autocommit = True
    with admin.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}"')
    admin.close()
    os.environ["DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{name}"))


def main() -> None:
    """Set the environment, then hand over to the run (Django may only be imported after that)."""
    own_database()
    os.environ |= {"DJANGO_SETTINGS_MODULE": "bench.settings", "INFUSE_INSECURE_HTTP": "1", "INFUSE_DEMO": ""}
    for name, value in {
        "SECRET_KEY": "bench", "PUBLIC_URL": "http://localhost", "ALLOWED_HOSTS": "localhost",
        "EMAIL_URL": "smtp://127.0.0.1:9",
    }.items():  # fmt: skip
        os.environ.setdefault(name, value)
    import django  # noqa: PLC0415 - the settings read the environment made above

    django.setup()
    from bench import run  # noqa: PLC0415 - the same

    if "--delivery" in sys.argv:
        run.run_delivery()
        return
    if "--files" in sys.argv:
        run.run_files()
        return
    quick = "--quick" in sys.argv
    run.run(QUICK_ROUNDS if quick else ROUNDS, SMALL, QUICK_LARGE if quick else LARGE)


if __name__ == "__main__":
    main()
