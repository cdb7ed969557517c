"""Does each check bite? Something wrong is planted in a copy of the tree, or handed in, and the check must name it.

docs/plants.md lists which plant breaks which check; a check that cannot fail is a defect. The crawl's plants are in
tests/crawl/test_plants.py.
"""

import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import models
from django.views.generic import View

from cohorts.enums import AssociateStatus
from cohorts.models import Cohort
from cohorts.queries import cohorts as cohort_queries
from cohorts.rules import may_view_cohort
from core.verdicts import ALLOWED
from core.views import RuleRequiredMixin
from messaging.mail import Mail, Recipient
from messaging.render import UnwritableError
from people.models import User
from tests import print_docs
from tests.architecture import running, source
from tests.architecture.plants import ADDED, IMPORTS
from tests.conftest import TODAY
from tests.crawl import matrix
from tests.crawl.walk import Address
from tests.crawl.words import pattern_of
from tests.factories.cohorts import CohortFactory
from tests.factories.people import RoleFactory
from tests.privacy import FIELDS


@pytest.fixture(scope="module")
def tree(tmp_path_factory) -> Path:
    """A copy of the packages, the templates and the configuration."""
    copy = tmp_path_factory.mktemp("tree")
    for package in source.PACKAGES:
        if (source.ROOT / package).exists():
            shutil.copytree(source.ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(source.ROOT / "templates", copy / "templates")
    shutil.copy(source.ROOT / "pyproject.toml", copy)
    (copy / "tests").mkdir()
    return copy


@contextmanager
def planted(tree: Path, name: str, text: str):
    """`text` added to the end of a file, or in a new one; gone afterwards."""
    path = tree / name
    before = path.read_text(encoding="utf-8") if path.exists() else None
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text((before or "") + text, encoding="utf-8")
    yield path
    if before is None:
        path.unlink()
    else:
        path.write_text(before, encoding="utf-8")


# --- Imports --------------------------------------------------------------------------------------------------------


def test_the_copy_keeps_to_the_street(tree):
    assert source.lint_imports(tree).returncode == 0


@pytest.mark.parametrize("plant", IMPORTS)
def test_an_import_across_the_street_is_seen(plant, tree):
    contract, name, text = IMPORTS[plant]
    assert name in ADDED or (tree / name).is_file()
    with planted(tree, name, text):
        ran = source.lint_imports(tree)
    assert ran.returncode == 1
    assert f"{contract} BROKEN" in ran.stdout


# --- The source -----------------------------------------------------------------------------------------------------

# Put together here, so that this file does not hold what the check looks for.
ELSEWHERE = ["/" + "root" + "/thing", "/" + "tmp" + "/thing", "/" + "home" + "/qarth", "/" + "Users" + "/qarth"]
INDEXES = ["https://" + "mirror.example/" + "simple/", "https://" + "pypi" + ".example/x", "pypi" + ".org/x"]
SOURCE = {
    "a long file": (source.long_files, "people/long.py", "X = 1\n" * 401, "401 lines"),
    "a long template": (source.long_files, "templates/people/long.html", "<p></p>\n" * 401, "401 lines"),
    "a junk drawer": (source.junk_drawers, "people/utils.py", "X = 1\n", "junk drawer"),
    "a new module of core": (source.junk_drawers, "core/cohorts.py", "X = 1\n", "closed list"),
    "a naive today": (source.clocks, "people/plant.py", "from datetime import date\nX = date.today()\n", "clock"),
    "now": (source.clocks, "people/plant.py", "from django.utils import timezone\nX = timezone.now()\n", "clock"),
    "a verb that asks for today": (
        source.clocks_below_the_door,
        "people/services/plant.py",
        "from core import clock\n\n\ndef do():\n    return clock.today()\n",
        "asks for today",
    ),
    "no docstring": (source.undocumented, "people/queries/plant.py", "def find():\n    return 1\n", "docstring"),
    "a verb by position": (source.verbs_without_by, "people/services/plant.py", "def do(x):\n    pass\n", "verb"),
    "a verb without by": (source.verbs_without_by, "people/services/plant.py", "def do(*, x):\n    pass\n", "verb"),
    "an event in the present": (
        source.audit_verbs,
        "people/services/plant.py",
        'from core.audit import record\n\nrecord("role.give", about=1, by=2)\n',
        "noun.past_tense",
    ),
    "an event made up on the way": (
        source.audit_verbs,
        "people/services/plant.py",
        "from core.audit import record\n\nrecord(event(), about=1, by=2)\n",
        "not written out",
    ),
    "a late import without a reason": (
        source.unexplained_late_imports,
        "people/plant.py",
        "def do():\n    import os  # no" + "qa: PLC0415\n",
        "why",
    ),
    **{
        f"a machine's folder or host: {text}": (source.machine_paths, "people/plant.py", f'X = "{text}"\n', "names")
        for text in (*ELSEWHERE, *INDEXES)
    },
    "a page outside the frame": (
        source.templates_outside_the_frame,
        "templates/people/plant.html",
        "<h1>x</h1>",
        "extends nothing",
    ),
    "an inline style": (source.inline_code, "templates/people/plant.html", '<p style="color:red">', "style"),
    "an inline script": (source.inline_code, "templates/people/plant.html", "<script>x</script>", "script"),
    "an on attribute": (source.inline_code, "templates/people/plant.html", '<a onclick="x()">', "on…"),
    "a letter in one language": (
        source.lonely_mails,
        "templates/people/emails/plant.en.txt",
        "Subject: x\n\nx\n",
        "no twin",
    ),
    "a letter without a subject": (source.lonely_mails, "templates/people/emails/plant.cy.txt", "x\n", "Subject"),
}


@pytest.mark.parametrize("plant", SOURCE)
def test_a_fault_in_the_source_is_seen(plant, tree):
    check, name, text, said = SOURCE[plant]
    assert not [fault for fault in check(tree) if "plant" in fault]
    with planted(tree, name, text):
        faults = check(tree)
    assert any(said in fault and Path(name).stem.split(".")[0] in fault for fault in faults), faults


def test_every_source_check_has_its_plant():
    assert {check for check, *_rest in SOURCE.values()} == set(source.CHECKS)


LINT = {
    "DTZ": "from datetime import datetime\n\nX = datetime.now()\n",
    "T20": 'print("x")\n',
    "TID252": "from . import models\n",
    "TID251": "from infuse.settings import DEBUG\n",
    "PLC0415": "def do():\n    import os\n\n    return os\n",
    "B006": "def do(x=[]):\n    return x\n",
    "F401": "import os\n",
    "DJ": "from django.db import models\n\n\nclass Plant(models.Model):\n    name = models.CharField(null=True)\n",
    "S": 'import subprocess\n\nsubprocess.run("ls", shell=True)\n',
    "E501": f'X = "{"x" * 121}"\n',
}


@pytest.mark.parametrize("code", LINT)
def test_ruff_bites(code):
    ran = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", "--stdin-filename", "people/plant.py", "-"],
        cwd=source.ROOT,
        input=LINT[code],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert code in ran.stdout


@pytest.mark.parametrize("module", ["people/rules.py", "people/services/people.py", "core/verdicts.py"])
def test_mypy_wants_types_where_it_matters(module, tmp_path):
    config = (source.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(config.replace('plugins = ["mypy_django_plugin.main"]', ""))
    plant = tmp_path / module
    plant.parent.mkdir(parents=True)
    for folder in list(plant.relative_to(tmp_path).parents)[:-1]:
        (tmp_path / folder / "__init__.py").touch()
    plant.write_text("def may_do(user):\n    return user\n")
    ran = subprocess.run(
        [sys.executable, "-m", "mypy", "--cache-dir", str(tmp_path / "cache"), str(plant.relative_to(tmp_path))],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "missing a type annotation" in ran.stdout, ran.stdout + ran.stderr


# --- Doors ----------------------------------------------------------------------------------------------------------


class Open(RuleRequiredMixin):
    """Open to everybody."""

    public = True


class Silent(RuleRequiredMixin):
    """Asks nothing."""


class Asking(RuleRequiredMixin):
    """Asks a rule."""

    def get_verdict(self):
        return ALLOWED


class Bare(View):
    """Knows nothing of rules."""


@pytest.mark.parametrize(
    ("view", "said"),
    [(Open, "open to everybody"), (Silent, "asks no rule"), (Bare, "no RuleRequiredMixin"), (Asking, "")],
)
def test_a_door_without_a_rule_is_seen(view, said, monkeypatch):
    monkeypatch.setattr(view, "__module__", "people.views.plant")
    faults = running.doors_without_a_rule([Address("plant", view.as_view(), True)], (), (), ())
    assert bool(faults) == bool(said)
    assert all(said in fault for fault in faults)


def test_a_stale_line_on_a_list_of_doors_is_seen():
    assert running.doors_without_a_rule([], ["plant"], (), ()) != []


# --- Statuses -------------------------------------------------------------------------------------------------------


class Hole(models.TextChoices):
    ONE = "one"
    TWO = "two"
    THREE = "three"

    @classmethod
    def moves(cls):
        return {cls.ONE: {cls.TWO}, cls.TWO: set()}


def test_a_status_without_its_moves_is_seen():
    assert running.holes_in_move_tables([Hole]) == [
        "Hole.THREE is not in its table.",
        "Hole.THREE is reached by no move.",
    ]


def test_a_model_with_a_status_and_no_table_is_seen(monkeypatch):
    monkeypatch.delattr(Cohort, "Status")
    assert running.statuses_without_a_table([Cohort], ()) == ["cohorts.Cohort has a status without a table of moves."]


# --- Lists that must be complete ------------------------------------------------------------------------------------


def test_a_model_without_a_factory_is_seen():
    made = running.factories()
    made.pop(User)
    assert len(running.models_without_factory([User], made)) == 1


def test_a_factory_in_the_wrong_file_is_seen():
    assert len(running.models_without_factory([User], {User: ["tests.factories.cohorts.UserFactory"]})) == 1


def test_a_field_nobody_decided_on_is_seen():
    decided = {"people.User": {name: mark for name, mark in FIELDS["people.User"].items() if name != "name"}}
    assert any("people.User.name: personal or not?" in fault for fault in running.undecided_fields([User], decided))


def test_a_decision_about_a_field_that_is_gone_is_seen():
    decided = {"people.User": {**FIELDS["people.User"], "shoe_size": "personal"}}
    assert "people.User.shoe_size is in tests/privacy.py but gone." in running.undecided_fields([User], decided)


@pytest.mark.django_db
def test_a_missing_migration_is_seen(monkeypatch, capsys):
    monkeypatch.setattr(User._meta.get_field("name"), "max_length", 121)
    with pytest.raises(SystemExit):
        call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)


def test_a_changed_lifecycle_changes_its_page(monkeypatch):
    before = print_docs.lifecycles()
    table = AssociateStatus.moves() | {AssociateStatus.COMPLETED: {AssociateStatus.ACTIVE}}
    monkeypatch.setattr(AssociateStatus, "moves", classmethod(lambda _cls: table))
    assert print_docs.lifecycles() != before


def test_a_changed_permission_changes_its_page(monkeypatch):
    before = print_docs.permissions()
    monkeypatch.setitem(matrix.MATRIX, "pages:front", matrix.Line(matrix.TEAM))
    assert print_docs.permissions() != before


# --- Rules, lists and letters ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_list_that_shows_more_than_its_rule_is_seen(nobody):
    CohortFactory()
    users = {"nobody": nobody, "manager": RoleFactory().person}

    def shows_all(_user, _day):
        return Cohort.objects.all()

    args = (Cohort.objects.all(), users, TODAY)
    assert not running.disagreements(may_view_cohort, cohort_queries.visible_to, *args)
    faults = running.disagreements(may_view_cohort, shows_all, *args)
    assert len(faults) == 1
    assert faults[0].startswith("nobody")


def letter(tmp_path, settings, **texts):
    """A letter whose texts are these, with the project's footer under them."""
    from messaging import wordings  # noqa: PLC0415 (only here: its engine is made anew for the planted templates)

    folder = tmp_path / "plant"
    folder.mkdir()
    for language, text in texts.items():
        (folder / f"letter.{language}.txt").write_text(text, encoding="utf-8")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, source.ROOT / "templates"]}]
    wordings.engine.cache_clear()
    return Mail(
        key="plant", kind="plant", to=Recipient("a@qarth.example", "Qarth", ""), template="plant/letter", due_on=TODAY
    )


@pytest.fixture
def fresh_engine():
    from messaging import wordings  # noqa: PLC0415 (as above)

    yield
    wordings.engine.cache_clear()


NO_DATA = pattern_of([])
WELSH = "Subject: Mae'r cyfnod yn dechrau\n\nMae'r cyfnod yn dechrau yfory.\n"
ENGLISH = "Subject: The phase starts\n\nThe phase starts tomorrow.\n"


@pytest.mark.django_db
def test_a_good_letter_passes(tmp_path, settings, fresh_engine):
    faults = running.faults_of_letter(letter(tmp_path, settings, cy=WELSH, en=ENGLISH), NO_DATA)
    assert not [fault for fault in faults if "phase" in fault]


@pytest.mark.django_db
def test_english_in_a_welsh_letter_is_seen(tmp_path, settings, fresh_engine):
    mail = letter(tmp_path, settings, cy=f"{WELSH}The phase starts tomorrow.\n", en=ENGLISH)
    assert any("“The phase starts tomorrow.”" in fault for fault in running.faults_of_letter(mail, NO_DATA))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "texts", [{"en": ENGLISH}, {"cy": WELSH}, {"cy": "Dim pwnc\n", "en": ENGLISH}, {"cy": WELSH, "en": "{{ missing }}"}]
)
def test_a_letter_that_cannot_be_written_is_seen(texts, tmp_path, settings, fresh_engine):
    with pytest.raises(UnwritableError):
        running.faults_of_letter(letter(tmp_path, settings, **texts), NO_DATA)


@pytest.mark.django_db
def test_a_hole_in_a_letter_is_seen(tmp_path, settings, fresh_engine):
    mail = letter(tmp_path, settings, cy=WELSH, en=f"{ENGLISH}\nNone\n")
    assert any("None" in fault for fault in running.faults_of_letter(mail, NO_DATA))
