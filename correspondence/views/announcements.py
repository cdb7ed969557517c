"""Announcements of a cohort: written in both languages, looked at, given a day, approved, cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cohorts.views.base import CohortMixin, actor
from core.bilingual import pick
from core.clock import working_day_on_or_before, working_days_from
from core.verdicts import Verdict
from core.views import Column, ConfirmPageView, FormPageView, PageView, TablePageView, Text
from correspondence import emails, rules
from correspondence.enums import AnnouncementState, Audience
from correspondence.forms.announcements import AnnouncementChangeForm, AnnouncementForm, DayForm
from correspondence.models import Announcement
from correspondence.queries import announcements as queries
from correspondence.services import announcements as verbs
from messaging.render import WELSH_FIRST, words_of
from people.queries.organisations import active_on

# A page shows whom it reaches; more than that many are a list of their own.
MOST_NAMES = 30


class TeamMixin(CohortMixin):
    """Pages about a cohort's announcements, which are the programme team's."""

    def get_verdict(self) -> Verdict:
        return rules.may_announce(self.request.user, self.today)

    def list_url(self) -> str:
        return reverse("correspondence:announcement-list", args=[self.cohort.slug])


class AnnouncementMixin(TeamMixin):
    """Finds the announcement that the address names."""

    announcement: Announcement

    def load(self) -> None:
        super().load()
        rows = queries.visible_to(self.request.user, self.today).filter(cohort=self.cohort)
        if rules.may_announce(self.request.user, self.today):
            self.announcement = get_object_or_404(rows, reference=self.kwargs["reference"])

    @cached_property
    def standing(self) -> queries.Standing:
        """Where it stands today."""
        return queries.standing(self.announcement, self.today)

    def own_url(self) -> str:
        return reverse("correspondence:announcement-detail", args=[self.cohort.slug, self.announcement.reference])

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        own = (pick(self.announcement, "subject"), self.own_url())
        return (*super().get_breadcrumbs(), (_("Announcements"), self.list_url()), own)

    def get_cancel_url(self) -> str:
        return self.own_url()

    def get_success_url(self) -> str:
        return self.own_url()

    def may_change(self) -> Verdict:
        """Whether its words and its day may still change."""
        return rules.may_change_announcement(self.request.user, self.announcement, self.standing.state, self.today)


class AnnouncementListView(TeamMixin, TablePageView):
    """The cohort's announcements, the newest first."""

    template_name = "correspondence/announcement_list.html"
    page_title = _("Announcements")
    caption = _("Announcements")
    columns = (
        Column("subject", _("Subject")),
        Column("audience", _("Who gets it")),
        Column("day", _("Day"), ("send_on",)),
        Column("state", _("State")),
    )

    def get_rows(self) -> QuerySet[Announcement]:
        return queries.visible_to(self.request.user, self.today).filter(cohort=self.cohort)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["lines"] = queries.standings(context["rows"], self.today)
        return context


class AnnouncementFormView(TeamMixin, FormPageView):
    """What the two forms share: how many each audience reaches today."""

    def get_form_kwargs(self) -> dict[str, Any]:
        counts = {kind: queries.reached_by(self.cohort, kind, None, self.today).count() for kind in Audience}
        return {**super().get_form_kwargs(), "counts": counts, "organisations": active_on(self.today)}


class AnnouncementCreateView(AnnouncementFormView):
    """Write one."""

    form_class = AnnouncementForm
    page_title = _("New announcement")

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return (*super().get_breadcrumbs(), (_("Announcements"), self.list_url()))

    def get_cancel_url(self) -> str:
        return self.list_url()

    def act(self, form: Any) -> Announcement:
        return verbs.write_announcement(
            cohort=self.cohort, **form.cleaned_data, by=actor(self.request), today=self.today
        )

    def get_success_url(self) -> str:
        return reverse("correspondence:announcement-detail", args=[self.cohort.slug, self.done.reference])


class AnnouncementUpdateView(AnnouncementMixin, AnnouncementFormView):
    """Change words or audience."""

    form_class = AnnouncementChangeForm
    page_title = _("Change the announcement")
    done_message = _("The announcement is changed.")

    def get_verdict(self) -> Verdict:
        return super().get_verdict() and self.may_change()

    def get_initial(self) -> dict[str, Any]:
        names = ("audience", "organisation", "subject_en", "subject_cy", "body_en", "body_cy")
        return {name: getattr(self.announcement, name) for name in names}

    def act(self, form: Any) -> Announcement:
        return verbs.change_announcement(
            announcement=self.announcement, **form.cleaned_data, by=actor(self.request), today=self.today
        )


class AnnouncementDetailView(AnnouncementMixin, PageView):
    """Its words as people will read them, whom it reaches, where it stands, and what can be done."""

    template_name = "correspondence/announcement_detail.html"

    def get_page_title(self) -> Text:
        return pick(self.announcement, "subject")

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return super().get_breadcrumbs()[:-1]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, state = self.announcement, self.standing.state
        people = queries.audience(row, max(row.send_on or self.today, self.today))
        names, reaches = list(people.order_by("name")[:MOST_NAMES]), people.count()
        mail = emails.announcement(row, names[0] if names else actor(self.request), row.send_on or self.today)
        words = words_of(mail)
        return super().get_context_data(
            announcement=row,
            standing=self.standing,
            words=[(language, words[language]) for language in WELSH_FIRST],
            names=names,
            reaches=reaches,
            more=max(0, reaches - MOST_NAMES),
            most=queries.most_alone(row, row.send_on or self.today),
            may_change=self.may_change(),
            may_approve=rules.may_approve_announcement(self.request.user, row, state, self.today),
            may_cancel=rules.may_cancel_announcement(self.request.user, row, self.today),
            is_waiting=state == AnnouncementState.WAITING,
            is_out=state == AnnouncementState.OUT,
            **kwargs,
        )


class AnnouncementDayView(AnnouncementMixin, FormPageView):
    """Choose its day, or postpone it."""

    form_class = DayForm
    page_title = _("When should it go?")

    def get_verdict(self) -> Verdict:
        return super().get_verdict() and self.may_change()

    def get_initial(self) -> dict[str, Any]:
        usual = self.today if working_day_on_or_before(self.today) == self.today else working_days_from(self.today, 1)
        day = self.announcement.send_on
        return {"send_on": day if day and day >= self.today else usual}

    @property
    def intro(self) -> Text:  # type: ignore[override]
        return _(
            "If you choose today, it goes at once. On a later day it goes in the morning, to whoever belongs to the "
            "audience then."
        )

    def act(self, form: Any) -> Announcement:
        return verbs.schedule_announcement(
            announcement=self.announcement, **form.cleaned_data, by=actor(self.request), today=self.today
        )

    def get_done_message(self) -> Text:
        state = queries.standing(self.done, self.today).state
        if state == AnnouncementState.WAITING:
            return _("It goes to many people, so somebody else of the programme team must approve it now.")
        return _("It is on its way.") if state == AnnouncementState.OUT else _("Its day is chosen.")


class AnnouncementApproveView(AnnouncementMixin, ConfirmPageView):
    """Somebody else lets it go to many people."""

    page_title = _("Approve the announcement")
    submit_label = _("Approve")
    intro = _("It then goes on its day without anybody else looking at it.")
    done_message = _("The announcement is approved.")

    def get_verdict(self) -> Verdict:
        return super().get_verdict() and rules.may_approve_announcement(
            self.request.user, self.announcement, self.standing.state, self.today
        )

    def act(self, form: Any) -> Announcement:  # noqa: ARG002 (no fields)
        return verbs.approve_announcement(announcement=self.announcement, by=actor(self.request), today=self.today)


class AnnouncementCancelView(AnnouncementMixin, ConfirmPageView):
    """Send nothing, or nothing more, of it."""

    page_title = _("Cancel the announcement")
    submit_label = _("Cancel the announcement")
    intro = _("It is not sent. Whoever has been sent it already keeps it. It cannot be taken up again.")
    done_message = _("The announcement is cancelled.")

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.warning = True
        return form

    def get_verdict(self) -> Verdict:
        return super().get_verdict() and rules.may_cancel_announcement(self.request.user, self.announcement, self.today)

    def act(self, form: Any) -> Announcement:  # noqa: ARG002 (no fields)
        return verbs.cancel_announcement(announcement=self.announcement, by=actor(self.request), today=self.today)
