"""The nominee's part, the line manager's endorsement, and the answer to an offer: by link, or signed in."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from challenges.models import Theme
from cohorts.models import Associate
from cohorts.views.base import add_problems
from core import clock
from core.bilingual import pick
from core.verdicts import Verdict
from core.views import ConfirmPageView, FormPageView, Text
from labs.models import Lab, LabPreference
from nominations.enums import LinkPurpose, NominationStatus
from nominations.forms.answers import NO, YES, EndorsementForm, NomineeForm, OfferForm, ReasonForm
from nominations.models import Link, Nomination, NomineePart
from nominations.queries.answers import WORDS
from nominations.queries.links import entered
from nominations.queries.offers import offer_of, was_too_late
from nominations.rules import answers as rules
from nominations.rules import links as link_rules
from nominations.rules import offers as offer_rules
from nominations.services import answers as verbs
from nominations.services.offers import accept_offer, decline_offer
from nominations.views.links import Private, entered_links
from people.models import Needs, User


class AnswerMixin(Private, FormPageView):
    """A page about one nomination for whoever entered by a link of its purpose, or is the nominee and signed in.

    Everybody else who is signed in is not told that it exists; a visitor is led to where a new link can be had.
    """

    public = True
    purpose: LinkPurpose
    for_nominee = True
    nomination: Nomination
    link: Link | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except NoLinkError:
            return HttpResponseRedirect(reverse("nominations:link-lost"))

    def load(self) -> None:
        super().load()
        reference = self.kwargs["reference"]
        rows = Nomination.objects.select_related(*WORDS).prefetch_related("cohort__phases")
        if "slug" in self.kwargs:
            rows = rows.filter(cohort__slug=self.kwargs["slug"])
        pks = entered_links(self.request)
        self.link = entered(pks, self.purpose, reference, clock.now()) if pks else None
        if self.link is not None and link_rules.may_use(self.link):
            self.nomination = get_object_or_404(rows, reference=reference)
            return
        self.link = None
        user = self.request.user
        if not isinstance(user, User):
            raise NoLinkError
        if not self.for_nominee:
            raise Http404
        self.nomination = get_object_or_404(rows, reference=reference, person=user)

    @property
    def by(self) -> User | None:
        """Who acts: the nominee who is signed in; None for who came by the link."""
        user = self.request.user
        return user if isinstance(user, User) and user.pk == self.nomination.person_id else None

    @cached_property
    def waits(self) -> Verdict:
        """Whether the answer is still waited for, and if not, why."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        cohort = self.nomination.cohort
        kwargs["page_caption"] = pick(cohort, "name")
        kwargs.update(nomination=self.nomination, cohort=cohort, phases=list(cohort.phases.all()), waits=self.waits)
        if not self.waits:
            kwargs["form"] = None
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.waits:
            return HttpResponseRedirect(request.path)
        return super().post(request, *args, **kwargs)

    def get_success_url(self) -> str:
        return self.request.path


class NoLinkError(Exception):
    """A visitor without a link."""


class NomineePartView(AnswerMixin):
    """Consent, language, needs, working days, preferences, statement, clashes; until the nomination is decided."""

    purpose = LinkPurpose.NOMINEE
    template_name = "nominations/nominee_part.html"
    form_class = NomineeForm
    done_message = _("Thank you. Your part is saved. You can change it here until the nomination is decided.")

    @cached_property
    def waits(self) -> Verdict:
        return rules.may_answer_as_nominee(self.by, self.nomination)

    @cached_property
    def part(self) -> NomineePart | None:
        return NomineePart.objects.filter(nomination=self.nomination).first()

    def get_page_title(self) -> Text:
        return _("Your part of the nomination")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "labs": list(Lab.objects.all()), "themes": Theme.objects.all()}

    def get_initial(self) -> dict[str, Any]:
        nomination, person = self.nomination, self.nomination.person
        needs = Needs.objects.filter(person=person).first()
        ranked = LabPreference.objects.filter(cohort=nomination.cohort, person=person).select_related("lab")
        initial: dict[str, Any] = {f"lab_{row.rank}": row.lab.slug for row in ranked}
        initial.update(
            language=person.language,
            welsh_in_sessions=needs.welsh_in_sessions if needs else "",
            access_needs=needs.access_needs if needs else "",
            themes=[theme.pk for theme in nomination.themes.all()],
        )
        if self.part:
            initial.update(
                working_days=self.part.working_days,
                statement=self.part.statement,
                clashes=self.part.clashes,
                consents=self.part.consents,
            )
        return initial

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.update(part=self.part, declined=self.nomination.status == NominationStatus.DECLINED)
        return super().get_context_data(**kwargs)

    def act(self, form: Any) -> Any:
        values = {name: value for name, value in form.cleaned_data.items() if name != "consents"}
        return verbs.answer_as_nominee(nomination=self.nomination, **values, by=self.by, today=self.today)


class NomineeDeclineView(AnswerMixin, ConfirmPageView):
    """The nominee does not want to be put forward."""

    purpose = LinkPurpose.NOMINEE
    template_name = "nominations/nominee_decline.html"
    form_class = ReasonForm
    submit_label = _("Decline")
    done_message = _("You have declined. Thank you for telling us.")

    @cached_property
    def waits(self) -> Verdict:
        return rules.may_answer_as_nominee(self.by, self.nomination)

    def get_page_title(self) -> Text:
        return _("Decline the nomination")

    def get_back_url(self) -> str:
        return reverse("nominations:nominee-part", args=[self.nomination.reference])

    def get_cancel_url(self) -> str:
        return self.get_back_url()

    def act(self, form: Any) -> Any:
        return verbs.decline_nomination(
            nomination=self.nomination, reason=form.cleaned_data["reason"], by=self.by, today=self.today
        )

    def get_success_url(self) -> str:
        return self.get_back_url()


class EndorsementView(AnswerMixin):
    """Days a week released, who stands in, yes or no. By link only: a line manager has no account."""

    purpose = LinkPurpose.MANAGER
    for_nominee = False
    template_name = "nominations/endorsement.html"
    form_class = EndorsementForm
    done_message = _("Thank you. Your answer is saved.")

    @cached_property
    def waits(self) -> Verdict:
        return rules.may_endorse(self.nomination, self.request.user)

    def get_page_title(self) -> Text:
        return _("Your answer as line manager")

    def get_initial(self) -> dict[str, Any]:
        given = getattr(self.nomination, "endorsement", None)
        if given is None:
            return {"by_name": self.nomination.line_manager_name}
        return {
            "by_name": given.by_name,
            "endorsed": YES if given.endorsed else NO,
            "days_a_week": given.days_a_week and given.days_a_week.normalize(),
            "substitute": given.substitute,
            "comment": given.comment,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(given=getattr(self.nomination, "endorsement", None), **kwargs)

    def act(self, form: Any) -> Any:
        user = self.request.user
        try:
            return verbs.record_endorsement(
                nomination=self.nomination,
                **form.cleaned_data,
                by=user if isinstance(user, User) else None,
                today=self.today,
            )
        except ValidationError as problems:
            add_problems(form, problems)
            return None


class OfferView(AnswerMixin):
    """Yes or no to a place; afterwards, what became of it."""

    purpose = LinkPurpose.OFFER
    template_name = "nominations/offer.html"
    form_class = OfferForm

    @cached_property
    def waits(self) -> Verdict:
        return offer_rules.may_answer(self.by, self.nomination, self.today)

    def get_page_title(self) -> Text:
        status = self.nomination.status
        if status == NominationStatus.ACCEPTED:
            return _("You have a place")
        if was_too_late(self.nomination):
            return _("You are on the reserve list")
        return _("The offer of a place")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        nomination = self.nomination
        accepted = nomination.status == NominationStatus.ACCEPTED
        kwargs.update(
            offer=offer_of(nomination),
            accepted=accepted,
            declined=nomination.status == NominationStatus.DECLINED,
            reserve_until=was_too_late(nomination),
            has_place=accepted
            and Associate.objects.filter(cohort=nomination.cohort, person=nomination.person).exists(),
        )
        return super().get_context_data(**kwargs)

    def act(self, form: Any) -> Any:
        if form.cleaned_data["answer"] == YES:
            return accept_offer(nomination=self.nomination, by=self.by, today=self.today)
        reason = form.cleaned_data["reason"]
        return decline_offer(nomination=self.nomination, reason=reason, by=self.by, today=self.today)
