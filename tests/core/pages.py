"""Pages that only tests open: one of each base, without a domain."""

from typing import ClassVar

from django import forms
from django.conf.urls.i18n import i18n_patterns
from django.core.exceptions import BadRequest
from django.http import Http404
from django.urls import path
from django.utils.translation import gettext_lazy as _

from core.forms import DateField, FilterForm, Form
from core.verdicts import ALLOWED, NotAllowed, refused
from core.views import Column, ConfirmPageView, FormPageView, PageView, TablePageView
from infuse import urls, views
from people.models import Organisation


class NoteForm(Form):
    name = forms.CharField(label=_("Name"))
    secret = forms.CharField(widget=forms.PasswordInput)
    code = forms.CharField(widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}))
    agree = forms.BooleanField()
    shade = forms.ChoiceField(choices=[("r", "Red"), ("g", "Green")], widget=forms.RadioSelect)
    on = DateField()


class NoteView(FormPageView):
    public = True
    form_class = NoteForm
    page_title = _("Name")
    saved: ClassVar[list] = []
    success_url = "/notes/"
    done_message = "Noted."

    def act(self, form):
        if form.cleaned_data["name"] == "refused":
            raise NotAllowed("Not today.")
        NoteView.saved.append(form.cleaned_data)
        return form.cleaned_data


class LineForm(forms.Form):
    text = forms.CharField(max_length=5)


class LinesView(NoteView):
    """A form and a formset."""

    def get_context_data(self, **kwargs):
        lines = forms.formset_factory(LineForm, extra=1)(prefix="lines")
        aside = LineForm(initial={"text": "kept"}, prefix="aside")
        return super().get_context_data(lines=lines, aside=aside, **kwargs)


class ShelfView(PageView):
    """Something that may not be known, may not be had, or may."""

    template_name = "components/form_page.html"
    page_title = "Shelf"

    def load(self):
        if self.kwargs["name"] == "hidden":
            raise Http404
        self.name = self.kwargs["name"]

    def get_verdict(self):
        return refused(_("Recruitment opens")) if self.name == "locked" else ALLOWED


class PressView(ConfirmPageView):
    public = True
    http_method_names = ("post",)
    success_url = "/notes/"

    def act(self, _form):
        return "pressed"


class NameForm(FilterForm):
    search = forms.CharField(required=False)


class OrganisationsView(TablePageView):
    public = True
    columns = (Column("name", "Name", ("name_en",)), Column("code", "Code", ("code",), numeric=True), Column("x", "X"))
    default_sort = "name"
    caption = "Organisations"
    page_title = "Organisations"
    per_page = 3
    filter_form_class = NameForm
    template_name = "tests/organisations.html"

    def get_rows(self):
        return Organisation.objects.all()

    def narrow(self, rows, values):
        return rows.filter(name_en__icontains=values["search"])


class BrokenView(PageView):
    public = True

    def load(self):
        if self.kwargs["how"] == "unreadable":
            raise BadRequest
        raise RuntimeError("planted")


urlpatterns = [
    *i18n_patterns(
        path("notes/", NoteView.as_view(), name="notes"),
        path("lines/", LinesView.as_view(template_name="tests/lines.html"), name="lines"),
        path("shelf/<str:name>/", ShelfView.as_view(), name="shelf"),
        path("press/", PressView.as_view(), name="press"),
        path("table/", OrganisationsView.as_view(), name="table"),
        path("broken/<str:how>/", BrokenView.as_view(), name="broken"),
        prefix_default_language=False,
    ),
    *urls.urlpatterns,
]
handler400, handler403, handler404 = views.bad_request, views.refused, views.not_found
