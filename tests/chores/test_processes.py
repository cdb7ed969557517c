"""Children start, end in order, come back, and never outlive us."""

import os
import signal
import subprocess
import sys
import time

import pytest

from chores import processes, running
from chores.console import Trouble
from chores.places import ROOT, only_one
from chores.processes import Child, Household, StopAsked
from tests.chores.machine import family, living, wait_for

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); open('{}', 'w'); time.sleep(600)"


@pytest.fixture
def unasked(monkeypatch):
    """Nobody has asked us to stop yet."""
    asked = []
    monkeypatch.setattr(processes, "_asked", asked)
    return asked


def teller(name, book):
    """A child that writes its name into the book when it is asked to end."""
    words = (
        "import signal, sys, time\n"
        f"def end(*_): open({str(book)!r}, 'a').write({name!r} + ' '); sys.exit()\n"
        f"signal.signal(signal.SIGTERM, end); open({str(book.with_name(name))!r}, 'w'); time.sleep(600)"
    )
    return Child(name, [sys.executable, "-c", words], os.environ)


def test_children_end_in_the_opposite_order(tmp_path, unasked):
    book = tmp_path / "book"
    names = ["database", "broker", "web", "worker", "beat"]
    with Household() as household:
        for name in names:
            household.start(teller(name, book))
        assert wait_for(lambda: all((tmp_path / name).exists() for name in names), 20)
        pids = [child.pid for child in household.children]
    assert book.read_text().split() == names[::-1]
    assert not set(pids) & set(living())


def test_a_stubborn_child_and_its_own_children_are_killed(tmp_path, unasked):
    ready = tmp_path / "ready"
    script = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {STUBBORN.format(ready)!r}]).wait()"
    with Household() as household:
        child = household.start(Child("stubborn", [sys.executable, "-c", script], os.environ, patience=0.2))
        assert wait_for(ready.exists, 20)
        members = family(child.pid)
        assert len(members) == 2
    assert wait_for(lambda: not set(members) & set(living()), 5)


@pytest.mark.slow
def test_nobody_outlives_a_supervisor_that_is_killed(tmp_path):
    """One child that the kernel's signal ends, one that ignores it and is left to the reaper."""
    ready, lock = tmp_path / "ready", tmp_path / "lock"
    script = (
        "import sys, os, time\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "from chores.places import only_one\n"
        "from chores.processes import Child, Household\n"
        f"with only_one({str(lock)!r}) as held, Household(held) as household:\n"
        f"    household.start(Child('kind', {SLEEPER!r}, os.environ))\n"
        f"    household.start(Child('stubborn', [sys.executable, '-c', {STUBBORN.format(ready)!r}], os.environ))\n"
        "    time.sleep(600)\n"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", script])
    assert wait_for(ready.exists, 20)
    members = family(supervisor.pid)
    assert len(members) == 4  # with the reaper
    os.kill(supervisor.pid, signal.SIGKILL)
    supervisor.wait()
    with pytest.raises(Trouble, match="still"), only_one(lock, 0, Trouble("still there")):
        pass  # nobody starts anew before the last of the old ones has gone
    assert wait_for(lambda: not set(members) & set(living()), 20)
    with only_one(lock, 2, Trouble("still there")):
        pass


def test_the_reaper_forgets_who_has_ended(tmp_path, unasked):
    """Its number may be somebody else's by then: here it is, because the reaper is told of a stranger's end."""
    stranger = subprocess.Popen(SLEEPER, start_new_session=True)
    with Household() as household:
        ended = Child("ended", SLEEPER, os.environ)
        ended.process = stranger
        household._tell(ended, signal.SIGTERM)
        household._tell(ended, 0)
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_a_killed_reaper_hides_no_trouble(unasked):
    with Household() as household:
        household.reaper.kill()
        household.reaper.wait()
        child = household.start(Child("web", SLEEPER, os.environ))
    assert child.ended()


def test_a_child_of_a_killed_parent_never_starts():
    tie = processes._tie(parent=1 if os.getppid() != 1 else 2, orphaned=signal.SIGTERM)
    pid = os.fork()
    if pid == 0:
        tie()
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 1


def test_who_ends_by_itself_is_started_again(monkeypatch, tmp_path, unasked, capsys):
    """Two early ends; the third life is a long one, and then we are asked to stop."""
    lives = tmp_path / "lives"
    words = (
        f"import time; open({str(lives)!r}, 'a').write('x'); len(open({str(lives)!r}).read()) < 3 or time.sleep(600)"
    )
    with Household() as household:
        child = household.start(Child("worker", [sys.executable, "-c", words], os.environ))
        third = stop_when(lambda: lives.exists() and len(lives.read_text()) == 3 and not child.ended(), unasked)
        monkeypatch.setattr(running, "wait_until", third)
        with pytest.raises(StopAsked):
            running._watch(household)
    assert capsys.readouterr().out == "worker ended by itself; starting it again.\n" * 2


def stop_when(enough, asked):
    """The waiting of the watch, with somebody who presses Ctrl-C when it is enough."""

    def wait_until(ready, seconds, step=0.05):
        def ready_or_enough():
            if enough():
                asked.append(signal.SIGINT)
            return ready()

        return processes.wait_until(ready_or_enough, seconds, step)

    return wait_until


def test_who_keeps_ending_stops_everything_with_a_sentence(monkeypatch, tmp_path, unasked):
    monkeypatch.setattr(running, "MANY_DEATHS", 2)
    log = tmp_path / "worker.log"
    words = "import sys; sys.exit('no such table')"
    with Household() as household:
        other = household.start(Child("web", SLEEPER, os.environ))
        household.start(Child("worker", [sys.executable, "-c", words], os.environ, log))
        expected = r"worker keeps ending by itself, so everything was stopped \(no such table\); see .*worker\.log\."
        with pytest.raises(Trouble, match=expected):
            running._watch(household)
    assert other.ended()


def test_a_task_that_never_ends_is_ended(unasked):
    with Household() as household, pytest.raises(Trouble, match="still not done after 0 seconds"):
        household.do(Child("the migration", SLEEPER, os.environ), seconds=0.2)


def test_ctrl_c_while_a_task_runs(unasked):
    with Household() as household:
        unasked.append(signal.SIGINT)
        child = Child("the migration", SLEEPER, os.environ)
        with pytest.raises(StopAsked):
            household.do(child)
        assert child.ended()


def test_make_alone_interrupted_is_noticed(tmp_path):
    """make does not pass SIGINT on when it alone is sent it; it would wait for us for ever."""
    (tmp_path / "Makefile").write_text("run:\n\t@exec $(PYTHON) script.py\n")
    (tmp_path / "script.py").write_text(
        "import sys\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "from chores.processes import StopAsked, listen, wait_until\n"
        "listen()\n"
        "try:\n"
        "    print('ready', flush=True)\n"
        "    wait_until(lambda: False, 60)\n"
        "except StopAsked:\n"
        "    print('stopped', flush=True)\n"
    )
    for number, code in ((signal.SIGINT, -2), (signal.SIGHUP, -1), (signal.SIGTERM, -15), (signal.SIGKILL, -9)):
        make = subprocess.Popen(
            ["make", "run", f"PYTHON={sys.executable}"],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert make.stdout
        assert make.stdout.readline() == "ready\n"
        time.sleep(0.2)
        make.send_signal(number)
        assert make.stdout.readline() == "stopped\n", number
        make.stdout.close()
        assert make.wait(20) == code
