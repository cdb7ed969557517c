"""The house stays as it was drawn: imports, doors, statuses, lists that must be complete, pages printed from the code.

Each check lives in tests/architecture/ and takes what it looks at as an argument; tests/test_plants.py hands it
something planted and sees it fail.
"""

import subprocess
import sys
import tomllib

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command

from cohorts import emails as cohort_emails
from cohorts.models import Associate, Cohort
from cohorts.queries import associates as associate_queries
from cohorts.queries import cohorts as cohort_queries
from cohorts.rules import may_view_associate, may_view_cohort
from core import clock
from correspondence.enums import Audience
from correspondence.models import Announcement
from correspondence.queries import addresses as address_queries
from correspondence.queries import announcements as announcement_queries
from correspondence.rules import may_view_address, may_view_announcement
from labs.models import Session
from labs.queries import sessions as session_queries
from labs.rules import may_view_session
from messaging.models import BadAddress
from nominations import emails as nomination_emails
from nominations.enums import Outcome
from nominations.models import Nomination, Review
from nominations.queries import nominations as nomination_queries
from nominations.queries import reviews as review_queries
from nominations.queries.places import by_organisation
from nominations.rules.nominations import may_view_nomination
from nominations.rules.selection import may_view_review
from people import emails as people_emails
from people.models import Organisation, Role, User
from people.queries import organisations as organisation_queries
from people.queries import people as people_queries
from people.rules import may_view_organisation, may_view_person
from planning.enums import Pivot
from planning.queries.effects import Concerned
from planning.queries.plans import Shift, edits_of, plan_of
from progress.models import Completion
from progress.queries import completions as completion_queries
from progress.rules.completions import may_view_completion
from tests import print_docs
from tests.architecture import running, source
from tests.conftest import TODAY
from tests.crawl.conftest import made_world, open_database, stopped_clock  # noqa: F401 (fixtures)
from tests.crawl.walk import addresses
from tests.factories.correspondence import AnnouncementFactory
from tests.factories.nominations import DecisionFactory
from tests.privacy import FIELDS

# Views of ours that ask no rule, and why that is right.
PUBLIC_PAGES = {
    "pages:front",
    "pages:accessibility",
    "pages:privacy",
    "pages:cookies",
    "account_signup",
    # To be opened without an account: for who came by a link, or applies.
    "nominations:apply",
    "nominations:applied",
    "nominations:link-lost",
    "nominations:link-enter",
    "nominations:nominee-part",
    "nominations:nominee-decline",
    "nominations:endorsement",
    "nominations:offer",
    "correspondence:message-stop",
}
# Everybody who is signed in gets these: they show the reader's own things.
OWN_PAGES: set[str] = {
    "correspondence:preferences",
    "people:account",
    "people:account-language",
    "people:account-name",
    "people:language-ask",
    "reports:home",
}
# Not pages: answers to machines.
MACHINES = {"health"}
# Models whose `status` is no lifecycle.
NO_LIFECYCLE: set[str] = set()


# --- The source -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("check", source.CHECKS, ids=lambda check: check.__name__)
def test_source(check):
    faults = check(source.ROOT)
    assert not faults, "\n".join(faults)


def test_imports_keep_to_the_street():
    ran = source.lint_imports(source.ROOT)
    assert ran.returncode == 0, ran.stdout


def test_ruff_finds_nothing():
    for command in (["check"], ["format", "--check"]):
        ran = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--no-cache", "."],
            cwd=source.ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout[-3000:]


def test_types_are_strict_where_it_matters():
    config = tomllib.loads((source.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    strict = config["tool"]["mypy"]["overrides"][0]
    assert {"core.*", "messaging.*", "*.rules", "*.queries.*", "*.services.*"} <= set(strict["module"])
    assert strict["disallow_untyped_defs"]


# --- The running code -----------------------------------------------------------------------------------------------


def test_every_view_states_a_rule_or_is_on_a_list():
    faults = running.doors_without_a_rule(addresses(), PUBLIC_PAGES, OWN_PAGES, MACHINES)
    assert not faults, "\n".join(faults)


def test_every_status_is_in_its_move_table():
    assert running.status_enums()
    assert not running.holes_in_move_tables(running.status_enums())


def test_every_status_has_a_move_table_and_dated_rows():
    assert not running.statuses_without_a_table(running.our_models(), NO_LIFECYCLE)


def test_every_model_has_a_factory():
    assert not running.models_without_factory(running.our_models(), running.factories())


@pytest.mark.django_db
@pytest.mark.parametrize("model", running.our_models(), ids=lambda model: model._meta.label)
def test_every_factory_makes_a_row(model):
    module, _dot, name = running.factories()[model][0].rpartition(".")
    made = getattr(sys.modules[module], name)()
    assert model.objects.filter(pk=made.pk).exists()


def test_every_field_is_personal_or_not():
    faults = running.undecided_fields(running.our_models(), FIELDS)
    assert not faults, "\n".join(faults)


@pytest.mark.django_db
def test_no_migration_is_missing(capsys):
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=1)


@pytest.mark.parametrize("name", print_docs.PAGES)
def test_printed_pages_say_what_the_code_says(name):
    path = print_docs.DOCS / name
    now = path.read_text(encoding="utf-8") if path.exists() else ""
    assert now == print_docs.PAGES[name](), "Run `.venv/bin/python -m tests.print_docs` and look at the difference."


# --- Rules and letters, with the crawl's world ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def world(open_database, stopped_clock):  # noqa: F811 (fixtures)
    with made_world(2) as made:
        yield made


TWINS = {
    "people.queries.people": (may_view_person, people_queries.visible_to, User),
    "people.queries.organisations": (may_view_organisation, organisation_queries.visible_to, Organisation),
    "cohorts.queries.cohorts": (may_view_cohort, cohort_queries.visible_to, Cohort),
    "cohorts.queries.associates": (may_view_associate, associate_queries.visible_to, Associate),
    "correspondence.queries.addresses": (may_view_address, address_queries.visible_to, BadAddress),
    "correspondence.queries.announcements": (may_view_announcement, announcement_queries.visible_to, Announcement),
    "progress.queries.completions": (may_view_completion, completion_queries.visible_to, Completion),
    "labs.queries.sessions": (may_view_session, session_queries.visible_to, Session),
    "nominations.queries.nominations": (may_view_nomination, nomination_queries.visible_to, Nomination),
    "nominations.queries.reviews": (may_view_review, review_queries.visible_to, Review),
}


def test_every_list_has_its_rule():
    assert running.twins() == set(TWINS)


@pytest.mark.django_db
@pytest.mark.parametrize("name", TWINS)
def test_rule_and_list_agree(name, world):
    may_view, visible_to, model = TWINS[name]
    users = {**world.people, "anonymous": AnonymousUser()}
    faults = running.disagreements(may_view, visible_to, model.objects.all(), users, TODAY)
    assert not faults, "\n".join(faults)


def arguments(world, function) -> list[dict]:
    """What a letter is about, by the names of its parameters."""
    if function is people_emails.account_letter:
        words = {"code": "123456", "from_email": "a@qarth.example", "to_email": "b@qarth.example"}
        words["deleted_email"] = "c@qarth.example"
        person = world.people["associate"]
        about = {"address": person.email, "person": person, "words": words, "on": TODAY}
        return [{"template_prefix": prefix, **about} for prefix in people_emails.ACCOUNT_LETTERS]
    associate = world.things["associate"]
    known = {
        "associate": associate,
        "person": associate.person,
        "user": associate.person,
        "cohort": associate.cohort,
        "phase": associate.cohort.phases.first(),
        "organisation": world.things["organisation"],
        "today": TODAY,
        "on": TODAY,
        "to": "old@qarth.example",
        "new": "new@qarth.example",
    }
    known |= {
        "reader": associate.person,
        "nomination": world.things["own_offer"],
        "reviews": [world.things["review"]],
        "secret": "q-good-link",
        "turn": 1,
        "coordinator": associate.person,
        "names": [associate.person.name],
        "summary": world.things["summary"],
        "parts": {language: [{"subject": "Qarth", "body": "Qarth"}] for language in ("cy", "en")},
        "lapses_on": TODAY,
        "answer_by": TODAY,
        "milestone": world.things["milestone"],
        "completion": world.things["completion"],
        "reason": "Qarth is missing.",
        "replan": world.things["replan"],
        "undone": False,
    }
    names = running.inspect.signature(function).parameters
    several = {
        "what": nomination_emails.ABOUT_NOMINATION,
        "link": [world.things[f"{purpose}_link"] for purpose in ("nominee", "manager", "offer")],
        "reminder": [
            write(associate, known["phase"], TODAY)
            for write in (cohort_emails.phase_starts, cohort_emails.phase_ends_soon)
        ],
    }
    if "concerned" in names:
        edits = edits_of(plan_of(associate.cohort), Shift(Pivot.COHORT, 7), clock.now())
        several["concerned"] = [Concerned(associate.person, edits, takes_part) for takes_part in (True, False)]
    if "row" in names:
        several["row"] = [AnnouncementFactory(cohort=associate.cohort, audience=audience) for audience in Audience]
    if "lines" in names:
        recruiting = world.things["recruiting"]
        return [
            {"cohort": recruiting, "person": associate.person, "lines": by_organisation(recruiting, TODAY), "on": TODAY}
        ]
    if "decision" in names:
        several["decision"] = [DecisionFactory(outcome=outcome, answer_by=TODAY) for outcome in Outcome]
    for word, things in several.items():
        if word in names:
            return [{name: known[name] if name != word else thing for name in names} for thing in things]
    if "role" in names:
        return [{name: known[name] if name != "role" else role for name in names} for role in Role.objects.all()]
    return [{name: known[name] for name in names}]


@pytest.mark.django_db
@pytest.mark.parametrize("name", running.letters())
def test_every_letter_can_be_written_in_both_languages(name, world):
    function = running.letters()[name]
    faults = []
    for about in arguments(world, function):
        faults += running.faults_of_letter(function(**about), world.data)
    assert not faults, "\n".join(dict.fromkeys(faults))


@pytest.mark.django_db
def test_every_mail_text_is_used(world):
    used = {
        function(**about).template for function in running.letters().values() for about in arguments(world, function)
    }
    there = {
        path.relative_to(source.ROOT / "templates").as_posix().removesuffix(".en.txt")
        for path in (source.ROOT / "templates").rglob("emails/[!_]*.en.txt")
    }
    assert used == there
