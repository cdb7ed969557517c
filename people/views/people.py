"""People: the list, adding somebody, and the page of one person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.forms import BaseForm
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.verdicts import Verdict
from core.views import Column, FormPageView, PageView, TablePageView, Text
from people import rules
from people.enums import Language, LanguageSource, RoleKind
from people.forms.account import LanguageForm, NameForm
from people.forms.people import InvitePersonForm, PersonFilterForm
from people.models import Employment, Role, User
from people.queries import organisations as organisation_queries
from people.queries import people as queries
from people.queries.history import person_spells, what_happened
from people.queries.people import addresses_of
from people.queries.roles import roles_of, roles_on
from people.queries.second_step import has_second_step, open_reset
from people.services.invitations import invite_person
from people.services.people import note_that_page_was_read, record_language, rename_person
from people.views.base import PersonMixin, TeamOnlyMixin, actor


class PersonListPageView(TablePageView):
    """Everybody this reader may see, by name; filtered by the address bar."""

    template_name = "people/person_list.html"
    page_title = _("People")
    caption = _("People")
    columns = (
        Column("name", _("Name"), ("name",)),
        Column("organisation", _("Organisation")),
        Column("roles", _("Roles")),
        Column("language", _("Language for correspondence"), ("language_known", "name")),
    )
    default_sort = "name"

    def load(self) -> None:
        if not rules.may_list_people(self.request.user, self.today):
            raise Http404

    def get_filter_form(self) -> PersonFilterForm:
        mine = organisation_queries.visible_to(self.request.user, self.today)
        roles = roles_on(self.request.user, self.today)
        everywhere = roles.runs_programme or roles.is_auditor
        return PersonFilterForm(self.request.GET or None, organisations=mine, finds_addresses=everywhere)

    def get_rows(self) -> QuerySet[User]:
        roles = roles_on(self.request.user, self.today)
        spells = Employment.objects.on(self.today).select_related("organisation")
        held = Role.objects.on(self.today).select_related("organisation")
        if not (roles.runs_programme or roles.is_auditor):
            # A coordinator learns nothing of where else their people work or what else they do.
            spells = spells.filter(organisation_id__in=roles.organisation_ids)
            held = held.filter(organisation_id__in=roles.organisation_ids)
        rows = queries.with_language_known(
            queries.visible_to(self.request.user, self.today), self.request.user, self.today
        )
        return rows.prefetch_related(
            Prefetch("employments", spells, to_attr="spells_today"), Prefetch("roles", held, to_attr="roles_today")
        )

    def narrow(self, rows: QuerySet[User], values: Mapping[str, Any]) -> QuerySet[User]:
        roles = roles_on(self.request.user, self.today)
        if words := values.get("q"):
            # A coordinator could otherwise try out somebody's other addresses.
            everywhere = roles.runs_programme or roles.is_auditor
            rows = queries.with_words(rows, words, addresses=everywhere)
        if organisation := values.get("organisation"):
            at = Employment.objects.on(self.today).filter(organisation=organisation).order_by().values("person_id")
            of = Role.objects.on(self.today).filter(organisation=organisation).order_by().values("person_id")
            rows = rows.filter(pk__in=at.union(of))
        if role := values.get("role"):
            held = Role.objects.on(self.today).filter(kind=role)
            if not (roles.runs_programme or roles.is_auditor):
                held = held.filter(organisation_id__in=roles.organisation_ids)
            rows = rows.filter(pk__in=held.values("person_id"))
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs["may_add"] = rules.may_manage_people(self.request.user, self.today)
        return super().get_context_data(**kwargs)


class PersonAddPageView(FormPageView):
    """Add somebody, with employer and role; a person with a role is invited by e-mail."""

    form_class = InvitePersonForm
    page_title = _("Add a person")

    def get_verdict(self) -> Verdict:
        return rules.may_manage_people(self.request.user, self.today)

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return [(_("People"), reverse("people:person-list"))]

    def get_cancel_url(self) -> str:
        return reverse("people:person-list")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "organisations": organisation_queries.active_on(self.today),
            "kinds": kinds_to_give(actor(self.request), self.today),
        }

    def act(self, form: BaseForm) -> User:
        self.was_known = queries.person_by_address(form.cleaned_data["email"]) is not None
        return invite_person(**form.cleaned_data, by=actor(self.request), today=self.today)

    def get_done_message(self) -> Text:
        if self.was_known:
            return _("This address was known already. What you entered was added to the person below.")
        return _("The person has been added.")

    def get_success_url(self) -> str:
        return reverse("people:person-detail", args=[self.done.reference])


def kinds_to_give(user: User, today: Any) -> list[str]:
    """The roles that `user` may give at all."""
    stranger = User()
    return [kind for kind in RoleKind.values if rules.may_give_role(user, person=stranger, kind=kind, today=today)]


class PersonDetailPageView(PersonMixin, PageView):
    """One person: addresses, employment and roles with their dates, language, and what happened.

    A coordinator sees what concerns the own organisation. The person sees their own page.
    """

    template_name = "people/person_detail.html"

    def load(self) -> None:
        super().load()
        self.page_caption = ""

    def get_page_title(self) -> str:
        return self.person.name

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        if rules.may_list_people(self.request.user, self.today):
            return [(_("People"), reverse("people:person-list"))]
        return ()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        viewer, person, today = actor(self.request), self.person, self.today
        mine = roles_on(viewer, today)
        sees_all = mine.runs_programme or mine.is_auditor or viewer.pk == person.pk
        spells = person_spells(person, viewer=viewer, today=today)
        held = roles_of(person)
        roles = list(held if sees_all else held.filter(organisation_id__in=mine.organisation_ids))
        # After somebody left, their address and language may be the new employer's: the old one does not learn them.
        in_touch = sees_all or bool(rules.may_view_contact(viewer, person, today))
        team = bool(rules.may_manage_people(viewer, today))
        reads_log = bool(rules.may_read_log(viewer, today))
        if mine.is_auditor and not team:
            note_that_page_was_read(person=person, by=viewer, today=today)
        kwargs.update(
            person=person,
            spells=spells,
            roles=[(role, role.holds_on(today), role.window.last_day) for role in roles],
            addresses=list(addresses_of(person)) if sees_all else [],
            in_touch=in_touch,
            language_label=Language(person.language).label,
            source_label=LanguageSource(person.language_source).label if person.language_source else "",
            sees_all=sees_all,
            is_team=team,
            change_language=rules.may_change_language(viewer, person=person, today=today),
            give_role=rules.may_give_role(viewer, person=person, kind=RoleKind.COACH, today=today),
            record_address=rules.may_record_address(viewer, person=person, today=today),
            ask_reset=rules.may_ask_second_step_reset(viewer, person=person, today=today),
            reads_log=reads_log,
            has_second_step=reads_log and has_second_step(person),
            reset=open_reset(person) if team else None,
            happenings=what_happened(person) if reads_log else [],
        )
        if kwargs["reset"]:
            kwargs["confirm_reset"] = rules.may_confirm_second_step_reset(viewer, reset=kwargs["reset"], today=today)
        return super().get_context_data(**kwargs)


class PersonNamePageView(TeamOnlyMixin, FormPageView):
    """Change the name used."""

    form_class = NameForm
    page_title = _("Name used")
    done_message = _("The name has been changed.")

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.person.name}

    def act(self, form: BaseForm) -> Any:
        return rename_person(
            person=self.person, name=form.cleaned_data["name"], by=actor(self.request), today=self.today
        )


class PersonLanguagePageView(PersonMixin, FormPageView):
    """Record the language that a person told a member of staff."""

    form_class = LanguageForm
    page_title = _("Language for correspondence")
    done_message = _("The language has been recorded.")
    intro = _("Record what the person said. Do not guess from a name or from the language of an email.")

    def get_verdict(self) -> Verdict:
        return rules.may_change_language(self.request.user, person=self.person, today=self.today)

    def get_initial(self) -> dict[str, Any]:
        return {"language": self.person.language}

    def act(self, form: BaseForm) -> Any:
        user = actor(self.request)
        own = user.pk == self.person.pk
        return record_language(
            person=self.person,
            language=form.cleaned_data["language"],
            source=LanguageSource.PERSON if own else LanguageSource.STAFF,
            by=user,
            today=self.today,
        )
