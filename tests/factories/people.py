# ruff: noqa: N805, ARG002 (factory_boy hands a post_generation hook the made object first, and more than it wants)
"""Organisations, people, employment and roles. Nothing surprising is added: a person has no role and no employer."""

from datetime import date

import factory
from allauth.account.models import EmailAddress
from factory.django import DjangoModelFactory

from core import clock
from people.enums import Language, LanguageSource, OrganisationKind, RoleKind
from people.models import Employment, Needs, Organisation, Role, SecondStepReset, User

LONG_AGO = date(2020, 1, 6)


class OrganisationFactory(DjangoModelFactory):
    """A local authority."""

    class Meta:
        model = Organisation
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"W0699{n:04}")
    kind = OrganisationKind.LOCAL_AUTHORITY
    name_en = factory.Sequence(lambda n: f"Qarth {n} Council")
    name_cy = factory.Sequence(lambda n: f"Cyngor Qarth {n}")
    short_en = factory.Sequence(lambda n: f"Qarth {n}")
    short_cy = factory.Sequence(lambda n: f"Qarth {n}")


class UserFactory(DjangoModelFactory):
    """A person with one verified address. `language` "cy" or "en" brings its date and source with it."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Mared Qwist {n}")
    email = factory.Sequence(lambda n: f"mared.qwist.{n}@qarth.example")
    language = Language.NOT_ASKED
    language_asked_on = factory.LazyAttribute(lambda o: LONG_AGO if o.language else None)
    language_source = factory.LazyAttribute(lambda o: LanguageSource.PERSON if o.language else "")
    password = "!"

    @factory.post_generation
    def address(person, create, extracted, **kwargs):
        if create:
            EmailAddressFactory(user=person, email=person.email)


class EmailAddressFactory(DjangoModelFactory):
    """A verified primary address; say primary=False for a further one."""

    class Meta:
        model = EmailAddress
        django_get_or_create = ("user", "email")

    user = factory.SubFactory(UserFactory)
    email = factory.Sequence(lambda n: f"further.{n}@qarth.example")
    verified = True
    primary = factory.LazyAttribute(lambda o: not EmailAddress.objects.filter(user=o.user, primary=True).exists())


class EmploymentFactory(DjangoModelFactory):
    """An open spell of work that began long ago."""

    class Meta:
        model = Employment

    person = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    starts_on = LONG_AGO
    job_title = "Qarth officer"


class RoleFactory(DjangoModelFactory):
    """An open role that began long ago. A coordinator gets an organisation."""

    class Meta:
        model = Role

    person = factory.SubFactory(UserFactory)
    kind = RoleKind.MANAGER
    organisation = factory.Maybe(
        factory.LazyAttribute(lambda o: o.kind == RoleKind.COORDINATOR),
        yes_declaration=factory.SubFactory(OrganisationFactory),
        no_declaration=None,
    )
    starts_on = LONG_AGO


class SecondStepResetFactory(DjangoModelFactory):
    """A request of one member of the team, which nobody has confirmed yet."""

    class Meta:
        model = SecondStepReset

    person = factory.SubFactory(UserFactory)
    reason = "Qarth rang."
    asked_by = factory.SubFactory(UserFactory)
    asked_at = factory.LazyFunction(clock.now)


class NeedsFactory(DjangoModelFactory):
    """What somebody said they need."""

    class Meta:
        model = Needs

    person = factory.SubFactory(UserFactory)
    welsh_in_sessions = "some"
    access_needs = "Qramp needed."
    told_on = LONG_AGO
