"""The words of a text in one cohort, side by side in both languages, and as somebody would read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cohorts.emails import about
from cohorts.views.base import CohortMixin, actor, add_problems
from core.bilingual import pick
from core.forms import Button
from core.verdicts import Verdict
from core.views import ConfirmPageView, FormPageView, Text
from correspondence import rules
from correspondence.forms.wording import WordingForm
from correspondence.kinds import KINDS
from correspondence.queries.texts import FOOT
from correspondence.queries.wording import (
    LANGUAGES,
    asks_for_what_is_gone,
    labels,
    texts_of,
    which,
    wording_of,
    words_now,
)
from correspondence.services.wording import drop_wording, word_text
from correspondence.views.samples import samples
from messaging.kinds import Kind
from messaging.mail import Mail
from messaging.models import Wording
from messaging.render import UnwritableError, worded, words_of


class WordingMixin(CohortMixin):
    """One text of one kind: `?text=` says which, where the kind has several."""

    kind: Kind
    template: str

    def load(self) -> None:
        super().load()
        kind = KINDS.get(self.kwargs["kind"])
        texts = texts_of(kind.slug) if kind else ()
        if kind is None or not texts:
            raise Http404
        self.kind = kind
        asked = self.request.GET.get("text", "")
        self.template = next((one for one in texts if one.rpartition("/")[2] == asked), texts[0])
        self.wording = wording_of(self.cohort, self.template)

    def get_verdict(self) -> Verdict:
        return rules.may_edit_wording(self.request.user, self.cohort, self.today)

    def get_page_caption(self) -> Text:
        return pick(self.cohort, "name")

    def address(self, name: str, template: str = "") -> str:
        """Of a page about this text, or about another of its kind."""
        text = (template or self.template).rpartition("/")[2]
        return f"{reverse(name, args=[self.cohort.slug, self.kind.slug])}?text={text}"

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        rule_list = reverse("correspondence:rule-list", args=[self.cohort.slug])
        return (*super().get_breadcrumbs(), (_("Rules for messages"), rule_list))

    def get_success_url(self) -> str:
        return self.address("correspondence:wording")


class WordingView(WordingMixin, FormPageView):
    """Edit both languages; look at them as a chosen person would read them; save."""

    template_name = "correspondence/wording.html"
    form_class = WordingForm

    def get_page_title(self) -> Text:
        return self.kind.label

    @cached_property
    def mails(self) -> list[Mail]:
        return samples(self.kind.slug, self.template, self.cohort, self.today)

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        kwargs.pop("initial")
        people = [(str(number), mail.to.name or mail.to.address) for number, mail in enumerate(self.mails)]
        words = words_now(self.cohort, self.template)
        return {**kwargs, "template": self.template, "words": words, "people": people}

    def form_valid(self, form: Any) -> HttpResponse:
        if "preview" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        return super().form_valid(form)

    def act(self, form: Any) -> Any:
        try:
            return word_text(
                cohort=self.cohort,
                template=self.template,
                texts=form.texts(),
                same=form.cleaned_data["same"],
                by=actor(self.request),
                today=self.today,
            )
        except ValidationError as problems:
            add_problems(form, problems)
            return None

    def get_done_message(self) -> Text:
        if self.done.is_used:
            return _("The words are saved. Messages that are written from now on have them.")
        return _("The words are saved, but not used yet.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs = super().get_context_data(**kwargs)
        form = kwargs["form"]
        others = texts_of(self.kind.slug)
        kwargs.update(
            wording=self.wording,
            missing=self.wording.missing if self.wording else [],
            is_gone=self.wording is not None and asks_for_what_is_gone(self.wording),
            texts=[(which(one), self.address("correspondence:wording", one), one == self.template) for one in others]
            if len(others) > 1
            else [],
            blanks=[(language, list(labels(self.template, language))) for language in LANGUAGES],
            preview=self.preview(form),
            preview_button=Button("preview", "1", _("Show it")),
            drop_url=self.address("correspondence:wording-drop") if self.wording else "",
        )
        return kwargs

    def preview(self, form: Any) -> dict[str, Any]:
        """The words in the form, or those that count, as the chosen person would read them.

        Without the foot: the links in it are for the person alone.
        """
        if not self.mails or (form.is_bound and not form.is_valid()):
            return {}
        chosen = form.cleaned_data.get("person") if form.is_bound else ""
        mail = self.mails[int(chosen) if chosen else 0]
        shared: dict[str, Any] = {}
        if form.is_bound:
            typed = Wording(scope=about(self.cohort), template=self.template, **form.texts())
            shared[worded(self.template)] = {} if typed.missing else {mail.about: typed}
        try:
            words = words_of(mail, shared)
        except UnwritableError:
            return {}
        shown = [(one, words[one]["subject"], words[one]["body"].rpartition(FOOT)[0]) for one in LANGUAGES]
        return {"name": mail.to.name or mail.to.address, "words": shown}


class WordingDropView(WordingMixin, ConfirmPageView):
    """The words that Infuse brings count again."""

    page_title = _("Use the words that Infuse brings")
    intro = _("The words of this cohort for this text are removed.")
    submit_label = _("Use the words that Infuse brings")
    done_message = _("The words that Infuse brings are used again.")

    def load(self) -> None:
        super().load()
        if self.wording is None:
            raise Http404

    def get_cancel_url(self) -> str:
        return self.get_success_url()

    def act(self, form: Any) -> Any:  # noqa: ARG002 (there is nothing to fill in)
        assert self.wording is not None
        return drop_wording(wording=self.wording, cohort=self.cohort, by=actor(self.request), today=self.today)
