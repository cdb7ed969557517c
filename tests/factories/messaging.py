"""The outbox, the nights that were run, and the signs of life."""

from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from core import clock
from messaging.enums import MessageState
from messaging.models import Approval, BadAddress, Heartbeat, Message, MessageRule, NightRun, Preference, Wording

HANDED_OVER = (MessageState.SENT, MessageState.UNCERTAIN)


class MessageFactory(DjangoModelFactory):
    """A message waiting to be sent, in both languages; another `state` brings the moments that belong to it."""

    class Meta:
        model = Message

    key = factory.Sequence(lambda n: f"qarth:{n}")
    kind = "qarth"
    address = factory.Sequence(lambda n: f"reader.{n}@qarth.example")
    name = factory.Sequence(lambda n: f"Mared Qwist {n}")
    template = "qarth"
    due_on = factory.LazyFunction(clock.today)
    late_after = factory.LazyAttribute(lambda o: o.due_on + timedelta(days=3))
    words = factory.LazyFunction(
        lambda: {
            "cy": {"subject": "Neges Qarth", "body": "Qarth y corff"},
            "en": {"subject": "Qarth message", "body": "Qarth body"},
        }
    )
    languages = "cy+en"
    state = MessageState.QUEUED
    message_id = factory.Sequence(lambda n: f"<{n}@qarth.example>")
    queued_at = factory.LazyFunction(clock.now)
    sent_at = factory.LazyAttribute(lambda o: o.queued_at if o.state == MessageState.SENT else None)
    handed_over_at = factory.LazyAttribute(lambda o: o.queued_at if o.state in HANDED_OVER else None)
    claim = factory.LazyAttribute(lambda o: 1 if o.state == MessageState.SENDING else None)
    claimed_at = factory.LazyAttribute(lambda o: o.queued_at if o.state == MessageState.SENDING else None)


class BadAddressFactory(DjangoModelFactory):
    """An address that no mail server knows."""

    class Meta:
        model = BadAddress

    address = factory.Sequence(lambda n: f"nobody.{n}@qarth.example")
    said = "550 5.1.1 no such mailbox"
    since = factory.LazyFunction(clock.now)


class PreferenceFactory(DjangoModelFactory):
    """What somebody chose: by default nothing but what is usual."""

    class Meta:
        model = Preference
        django_get_or_create = ("person",)

    person = factory.Sequence(lambda n: f"ref{n}")
    changed_at = factory.LazyFunction(clock.now)


class NightRunFactory(DjangoModelFactory):
    """A night that was run to its end."""

    class Meta:
        model = NightRun

    on = factory.LazyFunction(clock.today)
    finished_at = factory.LazyFunction(clock.now)
    complete = True


class HeartbeatFactory(DjangoModelFactory):
    """A sign of life of the worker."""

    class Meta:
        model = Heartbeat
        django_get_or_create = ("name",)

    name = "worker"
    at = factory.LazyFunction(clock.now)


class MessageRuleFactory(DjangoModelFactory):
    """The programme's rule for a kind, as usual, from today on."""

    class Meta:
        model = MessageRule

    kind = "phase-starts"
    from_on = factory.LazyFunction(clock.today)
    offsets = [-1]
    audience = "associates"
    stop = "left"
    approve_above = 50
    set_at = factory.LazyFunction(clock.now)


class WordingFactory(DjangoModelFactory):
    """Own words for “a phase starts” in a cohort, in both languages."""

    class Meta:
        model = Wording

    scope = "cohorts.cohort:qarth"
    template = "cohorts/emails/phase_starts"
    subject_en = "Qarth begins"
    body_en = "Qarth"
    subject_cy = "Qarth yn dechrau"
    body_cy = "Qarth"
    changed_en_at = factory.LazyFunction(clock.now)
    changed_cy_at = factory.LazyAttribute(lambda o: o.changed_en_at)


class ApprovalFactory(DjangoModelFactory):
    """Somebody has approved the first use of “a phase starts” in a cohort."""

    class Meta:
        model = Approval

    scope = "cohorts.cohort:qarth"
    kind = "phase-starts"
    approved_at = factory.LazyFunction(clock.now)
