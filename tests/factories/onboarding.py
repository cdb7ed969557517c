"""Texts that people agree to, what they said, and what they are asked to do before the first day."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from cohorts.enums import AgreementKind, OnboardingKind
from cohorts.models import Agreement, AgreementAnswer, OnboardingTask
from core import clock
from tests.factories.cohorts import AssociateFactory
from tests.factories.people import LONG_AGO, UserFactory


class AgreementFactory(DjangoModelFactory):
    """The first version of the privacy notice, in force for long. The same kind and version again is the same row."""

    class Meta:
        model = Agreement
        django_get_or_create = ("kind", "version")

    kind = AgreementKind.PRIVACY
    version = 1
    title_en = "Qarth notice"
    title_cy = "Hysbysiad Qarth"
    text_en = "Qarth keeps what it must."
    text_cy = "Mae Qarth yn cadw’r hyn sydd raid."
    starts_on = LONG_AGO


class AgreementAnswerFactory(DjangoModelFactory):
    """A yes, in English."""

    class Meta:
        model = AgreementAnswer

    agreement = factory.SubFactory(AgreementFactory)
    person = factory.SubFactory(UserFactory)
    accepted = True
    answered_at = factory.LazyFunction(clock.now)
    language = "en"


class OnboardingTaskFactory(DjangoModelFactory):
    """An associate's task that is still to do."""

    class Meta:
        model = OnboardingTask

    associate = factory.SubFactory(AssociateFactory)
    kind = OnboardingKind.PRIVACY
    owner = factory.LazyAttribute(lambda o: o.associate.person)
    due_on = date(2026, 3, 25)
