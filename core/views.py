"""Page bases: who may see a page, what stands around it, forms that hand clean values to a verb, and lists.

Order in every page: signed in (else the sign-in page) → `load()` finds what the address names through a `visible_to`
query (else 404) → `get_verdict()` (else 403 with the reason) → the page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import EmptyPage, InvalidPage, Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise, cached_property
from django.views.generic import FormView, TemplateView
from django.views.generic.base import View

from core import clock
from core.forms import FilterForm, Form
from core.verdicts import ALLOWED, NotAllowed, Verdict, require

Text = str | Promise


class RuleRequiredMixin(View):
    """The door of a page. Every page's view has it; a page for everybody says `public = True`."""

    public = False
    today: date

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.today = clock.today()
        request.today = self.today  # type: ignore[attr-defined]  # the frame around the page shows the same day

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.public and not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        self.load()
        require(self.get_verdict())
        return super().dispatch(request, *args, **kwargs)

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A page instead of nothing, for an address that only answers a button."""
        page = render(request, "405.html", status=405)
        page.headers["Allow"] = super().http_method_not_allowed(request, *args, **kwargs).headers["Allow"]
        return page

    def load(self) -> None:
        """Find what the address names (`self.kwargs`), through `visible_to(user)`; raise Http404 for what may not be
        known. Runs before the verdict, which may look at what was found."""

    def get_verdict(self) -> Verdict:
        """Whether this person may have this page now: ask the rule. A public page is allowed to all."""
        return ALLOWED


class PageMixin:
    """What stands around a page's content: title, caption above it, breadcrumbs or a way back."""

    page_title: Text = ""
    page_caption: Text = ""
    back_url = ""

    def get_page_title(self) -> Text:
        """The heading, and the first part of the browser's title."""
        return self.page_title

    def get_page_caption(self) -> Text:
        """What stands above the heading, such as the name of the cohort; empty: nothing."""
        return self.page_caption

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        """(label, address) pairs from the outermost page down to the one above this."""
        return ()

    def get_back_url(self) -> str:
        """Where “Back” leads, on a page that is a step of something; empty: no link."""
        return self.back_url

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("page_title", self.get_page_title())
        kwargs.setdefault("page_caption", self.get_page_caption())
        kwargs.setdefault("breadcrumbs", self.get_breadcrumbs())
        kwargs.setdefault("back_url", self.get_back_url())
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return context


class PageView(RuleRequiredMixin, PageMixin, TemplateView):
    """A page that reads: set `template_name` and fill the context."""


class FormPageView(RuleRequiredMixin, PageMixin, FormView):
    """A page with one form and one primary action.

    Implement `act(form)`: call one verb with `form.cleaned_data`. If the verb refuses (NotAllowed), the page shows the
    reason above the form and keeps what was typed. Afterwards `done_message` is shown on the page at
    `get_success_url()`, which finds what `act` returned in `self.done`.
    """

    template_name = "components/form_page.html"
    submit_label: Text = ""
    intro: Text = ""
    done_message: Text = ""
    done: Any = None

    def get_form(self, form_class: type[forms.BaseForm] | None = None) -> Any:
        form = super().get_form(form_class)
        if self.submit_label:
            form.submit_label = self.submit_label
        if self.get_cancel_url():
            form.cancel_url = self.get_cancel_url()
        return form

    def get_cancel_url(self) -> str:
        """Where “Cancel” leads; empty: no such link."""
        return ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("intro", self.intro)
        return super().get_context_data(**kwargs)

    def act(self, form: Any) -> Any:
        """Hand the clean values to one verb and return what it made."""
        raise NotImplementedError

    def form_valid(self, form: forms.BaseForm) -> HttpResponse:
        try:
            self.done = self.act(form)
        except NotAllowed as refusal:
            form.add_error(None, refusal.reason)
            return self.form_invalid(form)
        if form.errors:
            return self.form_invalid(form)
        message = self.get_done_message()
        if message:
            messages.success(self.request, str(message))
        return HttpResponseRedirect(self.get_success_url())

    def get_done_message(self) -> Text:
        """What to say when it is done; empty: nothing."""
        return self.done_message


class ConfirmPageView(FormPageView):
    """Says what will happen, with one button that does it. No fields unless `form_class` has some."""

    form_class: type[forms.BaseForm] = Form


# --- Lists ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Column:
    """A column of a table: its name in the address bar, its label, and what the rows are ordered by (empty: not)."""

    name: str
    label: Text
    order_by: tuple[str, ...] = ()
    numeric: bool = False


# Nobody turns so many pages; the database's numbers end somewhere.
MOST_PAGES = 1_000_000


class CappedPage(Page):
    """A page that knows whether another follows without counting what is left."""

    more_follows = False

    @property
    def last_index(self) -> int:
        """The number of its last row, counted from 1."""
        return (self.number - 1) * self.paginator.per_page + len(self.object_list)

    @property
    def previous(self) -> int:
        return self.number - 1

    @property
    def next(self) -> int:
        return self.number + 1


class CappedPaginator(Paginator):
    """Counts no further than `cap`, so that a page of a hundred thousand rows costs what a page of a thousand does.

    Beyond the cap the list says “more than”, and leads on page by page.
    """

    cap = 1000

    @cached_property
    def counted(self) -> int:
        rows = self.object_list
        if isinstance(rows, QuerySet):
            # The key alone: what a list annotates is worked out for the rows shown, not for the count.
            return rows.order_by().values("pk")[: self.cap + 1].count()
        return len(rows)

    @cached_property
    def is_capped(self) -> bool:
        return self.counted > self.cap

    @cached_property
    def count(self) -> int:
        return min(self.counted, self.cap)

    def validate_number(self, number: Any) -> int:
        """Any page may be asked for once the count is capped; `page` finds out whether it has rows."""
        text = str(number)
        if self.is_capped and text.isascii() and text.isdecimal() and 1 <= int(text) <= MOST_PAGES:
            return int(text)
        return super().validate_number(number)

    def page(self, number: Any) -> CappedPage:
        number = self.validate_number(number)
        bottom = (number - 1) * self.per_page
        rows = list(self.object_list[bottom : bottom + self.per_page + 1])
        if not rows and number > 1:
            raise EmptyPage
        page = CappedPage(rows[: self.per_page], number, self)
        page.more_follows = len(rows) > self.per_page
        return page


@dataclass(frozen=True)
class Heading:
    """A column heading as the template draws it."""

    column: Column
    sort: str  # the value of ?sort= that its link sets; empty: not sortable
    aria: str  # ascending, descending, none, or empty when not sortable


class TablePageView(RuleRequiredMixin, PageMixin, TemplateView):
    """A list that can be sorted, filtered, searched and paged; the address bar holds the state (?sort=-name&page=2&…).

    Give `columns`, `get_rows()` (a queryset through visible_to) and `caption`; optionally `filter_form_class` with
    `narrow(rows, values)`. The template writes `<tbody>` and includes components/table_head.html and pagination.html.
    """

    columns: Sequence[Column] = ()
    default_sort = ""
    caption: Text = ""
    per_page = 25
    filter_form_class: type[FilterForm] | None = None

    def get_rows(self) -> QuerySet:
        """Everything this person may see in this list."""
        raise NotImplementedError

    def get_filter_form(self) -> FilterForm | None:
        """The form above the list, filled from the address bar."""
        return self.filter_form_class(self.request.GET or None) if self.filter_form_class else None

    def narrow(self, rows: QuerySet, values: Mapping[str, Any]) -> QuerySet:  # noqa: ARG002
        """`rows` narrowed by the filter form's clean values."""
        return rows

    def get_sort(self) -> tuple[str, bool]:
        """(column name, whether descending), from ?sort= or the default; an unknown name is the default."""
        for wanted in (self.request.GET.get("sort", ""), self.default_sort):
            name = wanted.removeprefix("-")
            if any(column.name == name and column.order_by for column in self.columns):
                return name, wanted.startswith("-")
        return "", False

    def get_list(self) -> QuerySet:
        """The rows as shown, before paging: narrowed and in order. An export takes these."""
        rows = self.get_rows()
        form = self.filter_form
        if form is not None and form.is_bound:
            rows = self.narrow(rows, form.values())
        name, descending = self.get_sort()
        column = next((column for column in self.columns if column.name == name), None)
        if column is None:
            return rows
        sign = "-" if descending else ""
        return rows.order_by(*(f"{sign}{path}" for path in column.order_by), f"{sign}pk")

    @cached_property
    def filter_form(self) -> FilterForm | None:
        return self.get_filter_form()

    def get_headings(self) -> list[Heading]:
        """The column headings with where their links lead."""
        name, descending = self.get_sort()
        headings = []
        for column in self.columns:
            if not column.order_by:
                headings.append(Heading(column, "", ""))
            elif column.name == name:
                aria = "descending" if descending else "ascending"
                headings.append(Heading(column, name if descending else f"-{name}", aria))
            else:
                headings.append(Heading(column, column.name, "none"))
        return headings

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        paginator = CappedPaginator(self.get_list(), self.per_page)
        try:
            page = paginator.page(self.request.GET.get("page", 1))
        except InvalidPage:
            raise Http404 from None
        kwargs.update(
            headings=self.get_headings(),
            caption=self.caption,
            page_obj=page,
            rows=page.object_list,
            filter_form=self.filter_form,
        )
        return super().get_context_data(**kwargs)
