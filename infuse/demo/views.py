"""The demo's pages. Each is “not found” unless the demo is on."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import InvalidPage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.views import CappedPaginator, PageView, RuleRequiredMixin
from infuse.demo import mailbox, timetravel
from infuse.demo.forms import ClockForm, MailFilterForm, PersonForm
from infuse.demo.people import demo_people, sign_in_as


class DemoOnlyMixin(RuleRequiredMixin):
    """For everybody, signed in or not, in the demo; for nobody anywhere else."""

    public = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.DEMO:
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class DemoPeopleView(DemoOnlyMixin, PageView):
    """Who can be signed in as with one click, and the clock. A post with `person` signs in."""

    template_name = "demo/people.html"
    page_title = gettext_lazy("The Infuse demo")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("people", demo_people(self.today))
        kwargs.setdefault("steps", timetravel.Step)
        kwargs.setdefault("next_phase", timetravel.next_phase_anywhere(self.today))
        return super().get_context_data(today=self.today, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ARG002
        form = PersonForm(request.POST)
        people = demo_people(self.today)
        if form.is_valid():
            for demo_person in people:
                if demo_person.key == form.cleaned_data["person"]:
                    sign_in_as(request, demo_person)
                    return HttpResponseRedirect(reverse("reports:home"))
            form.add_error("person", _("This person is not in this database. Load the demo into an empty one."))
        return self.render_to_response(self.get_context_data(form=form, people=people), status=400)


class DemoClockView(DemoOnlyMixin):
    """Moves the clock forward and runs each night on the way."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ClockForm(request.POST)
        back = HttpResponseRedirect(reverse("demo:people"))
        if not form.is_valid():
            messages.error(request, _("The clock was not moved. Choose how far on this page."))
            return back
        until = timetravel.destination(form.cleaned_data["step"], self.today)
        if until is None:
            messages.error(request, _("No cohort has a further phase, so the clock was not moved."))
            return back
        seen = form.cleaned_data["seen"]
        nights = timetravel.move_clock(seen=seen, until=until) if seen == self.today else 0
        if not nights:
            messages.error(request, _("The date in the demo had changed meanwhile, so the clock was not moved."))
            return back
        text = _("The date in the demo is now: %(day)s. Nights run on the way: %(nights)s.")
        messages.success(request, text % {"day": date_format(until, "l j F Y"), "nights": nights})
        return back


class MailListView(DemoOnlyMixin, PageView):
    """The caught mail, newest first; `?to=` narrows it to a recipient."""

    template_name = "demo/mail_list.html"
    page_title = gettext_lazy("Caught mail")
    per_page = 25

    def get_breadcrumbs(self) -> list[tuple[str, str]]:
        return [(_("The Infuse demo"), reverse("demo:people"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = MailFilterForm(self.request.GET or None)
        wanted = form.cleaned_data.get("to", "") if form.is_bound and form.is_valid() else ""
        paginator = CappedPaginator(mailbox.newest_first(wanted), self.per_page)
        try:
            page = paginator.page(self.request.GET.get("page", 1))
        except InvalidPage:
            raise Http404 from None
        kwargs.update(
            page_obj=page, rows=page.object_list, filter_form=form, wanted=wanted, catches=bool(settings.MAILBOX)
        )
        return super().get_context_data(**kwargs)


class MailDetailView(DemoOnlyMixin, PageView):
    """One caught message: headers, words, and what hangs on it. Nothing in it is drawn as HTML."""

    template_name = "demo/mail_detail.html"
    letter: mailbox.Letter

    def load(self) -> None:
        letter = mailbox.read(self.kwargs["key"])
        if letter is None:
            raise Http404
        self.letter = letter

    def get_page_title(self) -> str:
        return self.letter.subject or _("No subject")

    def get_breadcrumbs(self) -> list[tuple[str, str]]:
        return [(_("The Infuse demo"), reverse("demo:people")), (_("Caught mail"), reverse("demo:mail-list"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(letter=self.letter, **kwargs)
