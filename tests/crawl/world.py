"""The world that the crawl walks through: people by role, own and other, and `rows` of everything a page may list."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models

from cohorts.emails import about
from cohorts.enums import AgreementKind, OnboardingKind
from cohorts.phases import PhaseKind
from core import clock
from messaging.enums import MessageState
from nominations.services.records import freeze_record
from planning.queries.plans import plan_of, stamp
from progress.enums import CompletionStatus, EvidenceKind
from tests.architecture.source import PACKAGES
from tests.conftest import TODAY
from tests.crawl.second_steps import authenticator_app, passkey, recovery_codes
from tests.crawl.words import pattern_of
from tests.factories.challenges import ThemeFactory
from tests.factories.cohorts import (
    AgreementAnswerFactory,
    AgreementFactory,
    AssociateFactory,
    CohortFactory,
    OnboardingTaskFactory,
    PartnerFactory,
    ProgrammeFactory,
)
from tests.factories.core import AuditEventFactory
from tests.factories.correspondence import AnnouncementFactory
from tests.factories.labs import LabFactory, SessionFactory
from tests.factories.messaging import (
    BadAddressFactory,
    MessageFactory,
    MessageRuleFactory,
    PreferenceFactory,
    WordingFactory,
)
from tests.factories.nominations import (
    CriterionFactory,
    DecisionFactory,
    LinkFactory,
    NominationFactory,
    PanellistFactory,
    PlacesFactory,
    ReviewFactory,
)
from tests.factories.people import (
    EmailAddressFactory,
    EmploymentFactory,
    NeedsFactory,
    OrganisationFactory,
    RoleFactory,
    SecondStepResetFactory,
    UserFactory,
)
from tests.factories.planning import ReplanFactory
from tests.factories.progress import (
    CompletionFactory,
    CompletionMoveFactory,
    EvidenceFactory,
    MilestoneFactory,
    PhaseCompletionFactory,
    TemplateMilestoneFactory,
)
from tests.signing_in import fresh, session_cookie


@dataclass
class World:
    """`people` by role, `things` by the names that lines of the matrix use.

    `data` finds what the rows say of themselves; `cookies` are those of the people, signed in; there are `rows`
    of everything.
    """

    people: dict[str, Any] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)
    data: re.Pattern[str] = re.compile("")
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    rows: int = 1


def build(rows: int) -> World:
    """Make the world. Everything that a list may show is there `rows` times, or `rows` times more than need be."""
    world = World(rows=rows)
    ours = OrganisationFactory(
        code="W06777771", name_en="Qarth Council", name_cy="Cyngor Qarth", short_en="Qarth", short_cy="Y Qarth"
    )
    others = OrganisationFactory(
        code="W06777772", name_en="Zhill Council", name_cy="Cyngor Zhill", short_en="Zhill", short_cy="Y Zhill"
    )
    lead = OrganisationFactory(
        code="W06777773", name_en="Xfynwy Council", name_cy="Cyngor Xfynwy", short_en="Xfynwy", short_cy="Sir Xfynwy"
    )
    programme = ProgrammeFactory(
        lead=lead, funder_en="Qarth Fund", funder_cy="Cronfa Qarth", contact_email="ask@qarth.example"
    )
    world.things |= {"organisation": ours, "other_organisation": others, "programme": programme}
    world.people |= _role_holders(ours, others)
    world.things["last_coordinator"] = world.people["other_coordinator"].roles.get()
    running = CohortFactory(
        slug="running", name_en="Qohort Running", name_cy="Qohort Rhedeg", order=30101, status="running", capacity=60
    )
    world.things["running"] = running
    for slug, order, status, weeks in (
        ("over", 30099, "running", -40),
        ("finished", 30100, "finished", -60),
        ("planned", 30102, "planned", 40),
        ("recruiting", 30103, "recruiting", 14),
        ("due", 30104, "recruiting", 9),
    ):
        starts_on = running.starts_on + timedelta(weeks=weeks)
        world.things[slug] = CohortFactory(
            slug=slug,
            name_en=f"Qohort {slug.title()}",
            name_cy=f"Qohort {slug[::-1].title()}",
            order=order,
            status=status,
            starts_on=starts_on,
            recruitment_opens_on=starts_on - timedelta(weeks=16),
            recruitment_until=starts_on - timedelta(weeks=2),
        )
    for role, organisation in (("associate", ours), ("other_associate", others)):
        person = UserFactory(name=f"Anest Q{role[:5]}", email=f"{role}@qarth.example", language="cy")
        world.people[role] = person
        world.things[role] = AssociateFactory(cohort=running, person=person, status="active", organisation=organisation)
    world.things["passkey"] = passkey(world.people["associate"])
    recovery_codes(world.people["associate"])
    authenticator_app(world.people["other_associate"])
    associate = world.people["associate"]
    world.things["employment"] = associate.employments.get()
    world.things["role"] = RoleFactory(person=associate, kind="lab_lead", starts_on=TODAY + timedelta(weeks=4))
    SecondStepResetFactory(person=world.people["other_associate"], asked_by=RoleFactory(kind="administrator").person)
    for status in ("enrolled", "paused", "withdrawn"):
        world.things[status] = AssociateFactory(cohort=running, status=status, organisation=ours)
    AssociateFactory(cohort=world.things["due"], organisation=ours)
    AssociateFactory(cohort=world.things["over"], status="completed", organisation=ours)
    for name, route in (("nomination", "coordinator"), ("lookalike", "self")):
        world.things[name] = NominationFactory(
            cohort=world.things["recruiting"],
            organisation=ours,
            person__name="Nansi Qeddwyn",
            route=route,
            answered=True,
        )
    world.things["lapsed"] = NominationFactory(
        cohort=world.things["recruiting"], organisation=ours, person__name="Nest Qapsed", status="lapsed"
    )
    _answers(world, associate, ours)
    _selection(world)
    _progress(world)
    for row in range(rows):
        _one_more_of_everything(world, row)
    world.things["person"] = world.people["associate"]
    world.data = pattern_of(known_words())
    world.cookies = {
        role: {settings.SESSION_COOKIE_NAME: session_cookie(fresh(person))} for role, person in world.people.items()
    }
    # Last: a move can be taken back while nothing has been moved since.
    world.things["replan"] = ReplanFactory(cohort=running, stamp=stamp(plan_of(running)))
    return world


def _answers(world: World, associate: Any, ours: Any) -> None:
    """What the associate was nominated for besides, the links to it, and what is to be done before a first day."""
    for name, slug, status in (("own_nomination", "due", "invited"), ("own_offer", "recruiting", "offered")):
        world.things[name] = NominationFactory(
            cohort=world.things[slug], organisation=ours, person=associate, status=status
        )
    DecisionFactory(
        nomination=world.things["own_offer"],
        answer_by=TODAY + timedelta(weeks=2),
        released_by=world.people["manager"],
        released_at=clock.now(),
    )
    for purpose, which in (("nominee", "own_nomination"), ("manager", "own_nomination"), ("offer", "own_offer")):
        nomination = world.things[which]
        world.things[f"{purpose}_link"] = LinkFactory(nomination=nomination, purpose=purpose, entered_at=clock.now())
    LinkFactory(nomination=world.things["nomination"], purpose="manager", secret="q-good-link")
    LinkFactory(nomination=world.things["nomination"], secret="q-used-link", entered_at=clock.now())
    NeedsFactory(person=associate, access_needs="Qramp needed.")
    for kind in AgreementKind:
        AgreementFactory(kind=kind)
    for kind in OnboardingKind:
        OnboardingTaskFactory(associate=world.things["associate"], kind=kind)


def _selection(world: World) -> None:
    """Somebody of an organisation that nobody else has to do with: reviewed, and with a decision prepared."""
    recruiting, reviewer = world.things["recruiting"], world.people["other_associate"]
    world.things["reviewed"] = reviewed = NominationFactory(
        cohort=recruiting, status="complete", person__name="Nerys Qiewed", answered=True
    )
    CriterionFactory(cohort=recruiting)
    PanellistFactory(cohort=recruiting, person=reviewer)
    world.things["review"] = ReviewFactory(nomination=reviewed, reviewer=reviewer)
    DecisionFactory(nomination=reviewed, prepared_by=world.people["manager"])
    world.things["record"] = freeze_record(cohort=recruiting, by=world.people["manager"], today=TODAY)


def _progress(world: Any) -> None:
    """A milestone that the associate has to do, and one that was sent to the lab lead with a file."""
    running = world.things["running"]
    world.things["milestone"] = MilestoneFactory(cohort=running, explanation_en="Qarth.", explanation_cy="Qarth cy.")
    world.things["completion"] = completion = CompletionFactory(
        milestone__cohort=running,
        milestone__confirmer="lab_lead",
        associate=world.things["associate"],
        status="ready",
        asked_of=world.people["lab_lead"],
    )
    world.things["evidence"] = EvidenceFactory(completion=completion, kind="file")
    TemplateMilestoneFactory(programme=world.things["programme"])
    SessionFactory(cohort=running)


def _role_holders(ours: Any, others: Any) -> dict[str, Any]:
    """One person for each role, the coordinators' organisations told apart."""
    people = {}
    for role in ("manager", "administrator", "lab_lead", "coach", "auditor"):
        people[role] = RoleFactory(kind=role, person__name=f"Qwen {role.title()}q").person
    for role, organisation in (("coordinator", ours), ("other_coordinator", others)):
        people[role] = RoleFactory(
            kind="coordinator", organisation=organisation, person__name=f"Qwen {role.title()}q"
        ).person
    people["nobody"] = UserFactory(name="Nest Qeb")
    return people


def _one_more_of_everything(world: World, row: int) -> None:
    """A further row of whatever any page lists, for the people and the things that the pages are about."""
    ours, others = world.things["organisation"], world.things["other_organisation"]
    running = world.things["running"]
    for status in ("enrolled", "active", "paused", "withdrawn", "completed", "did_not_start"):
        AssociateFactory(cohort=running, status=status, organisation=ours, person__language="en")
    AssociateFactory(cohort=running, status="active", organisation=others, person__language="cy")
    AssociateFactory(cohort=world.things["recruiting"], organisation=ours)
    AssociateFactory(cohort=world.things["finished"], status="completed", organisation=ours)
    for status in ("planned", "recruiting", "running", "finished", "cancelled"):
        extra = CohortFactory(status=status, starts_on=running.starts_on + timedelta(weeks=row))
        AssociateFactory(
            cohort=extra,
            person=world.people["associate"],
            status="completed" if status == "finished" else "enrolled",
        )
    organisation = OrganisationFactory()
    PartnerFactory(programme=world.things["programme"], organisation=organisation)
    for person in world.people.values():
        EmailAddressFactory(user=person, primary=False)
        EmploymentFactory(person=person, organisation=organisation, starts_on=TODAY - timedelta(weeks=100))
        EmploymentFactory(
            person=person,
            organisation=ours,
            starts_on=TODAY - timedelta(weeks=2000 + 100 * row),
            until=TODAY - timedelta(weeks=1950 + 100 * row),
        )
    for kind in ("manager", "administrator", "lab_lead", "coach", "auditor"):
        RoleFactory(kind=kind)
    RoleFactory(kind="coordinator", organisation=ours)
    RoleFactory(person=world.people["coordinator"], kind="coordinator", organisation=organisation)
    for role in ("manager", "coordinator", "associate"):
        person = world.people[role]
        RoleFactory(
            person=person,
            kind="lab_lead",
            starts_on=TODAY - timedelta(weeks=2000 + 100 * row),
            until=TODAY - timedelta(weeks=1950 + 100 * row),
        )
    _more_progress(world)
    LabFactory()
    theme = ThemeFactory()
    nomination, recruiting = world.things["nomination"], world.things["recruiting"]
    nomination.themes.add(theme)
    PlacesFactory(cohort=recruiting, organisation=organisation)
    for status in ("invited", "complete", "withdrawn"):
        NominationFactory(cohort=recruiting, organisation=ours, status=status, person__name=f"Mali Qarth {row}")
    NominationFactory(cohort=recruiting, organisation=ours, person__name="Nansi Qeddwyn")
    NominationFactory(
        cohort=recruiting, organisation=ours, person__name="Nansi Qeddwyn", status="merged", merged_into=nomination
    )
    LinkFactory(nomination=nomination)
    agreement = AgreementFactory(version=row + 2)
    for active in running.associates.filter(status="active"):
        OnboardingTaskFactory._meta.model.objects.get_or_create(
            associate=active, kind=OnboardingKind.NEEDS, defaults={"owner": active.person, "due_on": TODAY}
        )
        AgreementAnswerFactory(agreement=agreement, person=active.person)
    for state in MessageState:
        message = MessageFactory(
            state=state,
            kind="phase-starts",
            about="cohorts.cohort:running",
            person=world.people["associate"].reference,
            name=world.people["associate"].name,
        )
        world.things["message" if state == MessageState.SENT else state] = message
    to = {"person": world.people["associate"].reference, "name": world.people["associate"].name, "state": "sent"}
    whole = world.things.setdefault("summary", MessageFactory(kind="digest", **to))
    MessageFactory(kind="phase-starts", digest=whole, state_reason="digest", **to)
    PreferenceFactory(person=world.people["associate"].reference, declined=["phase-ends-soon"])
    _what_waits(world, row)
    for thing in (running, world.people["associate"], ours):
        AuditEventFactory(
            about_kind=thing._meta.label_lower,
            about_ref=str(getattr(thing, "reference", "") or thing.pk),
            about_label=str(thing),
        )


def _what_waits(world: World, row: int) -> None:
    """Messages held for each reason, an address that does not work and one that was mended, announcements."""
    person, running = world.people["associate"], world.things["running"]
    to = {"person": person.reference, "name": person.name, "about": about(running), "kind": "phase-starts"}
    for reason in ("first_use", "late", "address"):
        day = {"due_on": TODAY - timedelta(days=row)}
        world.things[f"held_{reason}"] = MessageFactory(state="held", state_reason=reason, **to, **day)
    world.things["bad_address"] = BadAddressFactory(person=person.reference)
    world.things["mended"] = mended = BadAddressFactory(person=person.reference, mended_at=clock.now())
    MessageFactory(state="held", state_reason="address", address=mended.address, **to)
    day = TODAY + timedelta(days=1 + row)
    world.things["announcement"] = AnnouncementFactory(cohort=running)
    world.things["to_approve"] = AnnouncementFactory(cohort=running, send_on=day, needs_approval=True)
    out = world.things["announced"] = AnnouncementFactory(cohort=running, send_on=TODAY)
    scope, begins = about(running), TODAY + timedelta(days=1 + row)
    world.things["rule"] = MessageRuleFactory(kind="phase-ends-soon", scope=scope, from_on=begins, offsets=[-5])
    template = f"cohorts/emails/{'associate_enrolled' if row else 'dates_changed'}"
    if row < 2:
        WordingFactory(scope=scope, template=template)
    key = f"announcement:{out.reference}:{person.reference}"
    MessageFactory(state="sent", key=key, **{**to, "kind": "announcement"})


def _more_progress(world: World) -> None:
    """A further milestone of each kind and state, further evidence, and a phase completed."""
    running, associate = world.things["running"], world.things["associate"]
    TemplateMilestoneFactory(programme=world.things["programme"])
    for phase in PhaseKind:
        MilestoneFactory(
            cohort=running, phase_kind=phase, due_on=running.phases.get(kind=phase).starts_on, required=False
        )
    MilestoneFactory(cohort=running, retired_on=TODAY, retired_reason="Qarth.")
    for status in CompletionStatus:
        CompletionFactory(milestone__cohort=running, associate=associate, status=status)
        CompletionFactory(milestone__cohort=running, status=status, asked_of=world.people["lab_lead"])
    for kind in EvidenceKind:
        EvidenceFactory(completion=world.things["completion"], kind=kind)
    for step in ("asked_again", "ready"):
        CompletionMoveFactory(thing=world.things["completion"], from_status="open", to_status=step)
    PhaseCompletionFactory(
        associate=AssociateFactory(cohort=running, status="active", organisation=world.things["organisation"])
    )


def known_words() -> set[str]:
    """What the rows say of themselves: every text column of ours that is not a closed list."""
    words: set[str] = set()
    for model in apps.get_models():
        if model._meta.app_label not in PACKAGES or model._meta.label in SAYS_WORDS_OF_OURS:
            continue
        columns = [
            column.name
            for column in model._meta.concrete_fields
            if isinstance(column, models.CharField | models.TextField) and not column.choices and not column.is_relation
        ]
        for row in model.objects.values_list(*columns) if columns else ():
            words.update(text for text in row if (text and any(letter in text for letter in "QqZzXx@")) or is_key(text))
    return words | {"Qarth key"}  # the passkey's name is in a table of allauth's


# Rows that hold words written by our code or our translators.
SAYS_WORDS_OF_OURS = {"messaging.Message"}


def is_key(text: str) -> bool:
    """Codes and references: no spaces, and a figure in it."""
    return bool(text) and " " not in text and any(letter.isdigit() for letter in text)
