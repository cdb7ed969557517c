"""Which database and broker to use: yours when `DATABASE_URL` and `REDIS_URL` name them, else the embedded ones."""

import os
import socket
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from chores import broker
from chores.console import Trouble, say
from chores.environment import bare_environ, python
from chores.places import Memory
from chores.postgres import Postgres
from chores.processes import Household

KINDS = {
    "DATABASE_URL": ("database", ("postgres", "postgresql"), 5432, "postgres://user:password@host:5432/name"),
    "REDIS_URL": ("broker", ("redis", "rediss"), 6379, "redis://host:6379/0"),
}
KNOCK = {
    "DATABASE_URL": "import os, psycopg2; psycopg2.connect(os.environ['DATABASE_URL'], connect_timeout=5).close()",
    "REDIS_URL": "import os, redis; redis.Redis.from_url(os.environ['REDIS_URL'], socket_connect_timeout=5).ping()",
}


def require_yours() -> None:
    """Raise `Trouble` when a server that the environment names is misspelt, or nobody listens there."""
    for name, (what, schemes, usual_port, example) in KINDS.items():
        url = os.environ.get(name)
        if not url:
            continue
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port or usual_port
        except ValueError:
            parts = None
        if parts is None or parts.scheme not in schemes:
            raise Trouble(f"{name} is not an address we understand; write it as {example}, or unset it.")
        if host:
            try:
                socket.create_connection((host, port), timeout=5).close()
            except OSError as error:
                raise _unreachable(name, what, f"{host}:{port}, {error.strerror or error}") from None


def require_welcome() -> None:
    """Raise `Trouble` when a server that the environment names will not let us in. Needs the environment's packages."""
    for name, (what, *_) in KINDS.items():
        if os.environ.get(name):
            argv = [str(python()), "-c", KNOCK[name]]
            knock = subprocess.run(argv, env=bare_environ(), capture_output=True, text=True, timeout=30, check=False)
            if knock.returncode:
                why = (knock.stderr.strip().splitlines() or ["no reason given"])[-1]
                raise Trouble(
                    f"The {what} that {name} names does not let us in ({why.rpartition('FATAL:')[2].strip()}); "
                    f"correct {name}, or unset it."
                )


def _unreachable(name: str, what: str, why: str) -> Trouble:
    return Trouble(f"The {what} that {name} names does not answer ({why}); start it, correct {name}, or unset it.")


def open_servers(
    household: Household, folder: Path, memory: Memory, logs: Path, careless: bool = False
) -> dict[str, str]:
    """Start what is not given, and return the two addresses as variables. Raises `Trouble`."""
    addresses = {name: os.environ[name] for name in KINDS if os.environ.get(name)}
    if "DATABASE_URL" not in addresses:
        say("Starting the database …")
        postgres = Postgres(folder / "postgres", memory, logs / "postgres.log", careless)
        postgres.start(household)
        addresses["DATABASE_URL"] = postgres.url
    if "REDIS_URL" not in addresses:
        addresses["REDIS_URL"] = broker.start(household, folder / "broker", memory, logs / "broker.log", careless)
    return addresses


def variables(memory: Memory, public_url: str) -> dict[str, str]:
    """What Infuse itself asks for; whatever the environment already says stands."""
    ours = {
        "SECRET_KEY": memory.secret("secret_key"),
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "PUBLIC_URL": public_url,
        "EMAIL_URL": "smtp://127.0.0.1:25",
        "INFUSE_INSECURE_HTTP": "1",
        "DJANGO_SETTINGS_MODULE": "infuse.settings",
    }
    environ = bare_environ()
    return {**environ, **{name: value for name, value in ours.items() if not environ.get(name)}}
