"""Addresses that a mail server does not know: mended by whoever may, then what was held is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cohorts.views.base import actor
from core.verdicts import Verdict
from core.views import FormPageView, PageView, RuleRequiredMixin, Text
from correspondence import rules
from correspondence.forms.waiting import AddressForm, HeldForm
from correspondence.queries import addresses as queries
from correspondence.queries.messages import lines_of
from correspondence.queries.waiting import held_for
from correspondence.services.addresses import mend_person_address, send_held_for
from messaging.models import BadAddress
from people.models import User


class BadAddressListView(PageView):
    """The addresses that do not work, of the people whose address the reader may know."""

    template_name = "correspondence/address_list.html"
    page_title = _("Addresses that do not work")

    def get_verdict(self) -> Verdict:
        return rules.may_list_addresses(self.request.user, self.today)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lines=queries.lines(self.request.user, self.today), **kwargs)


class BadAddressMixin(RuleRequiredMixin):
    """Finds the address among those that the reader may know of."""

    bad: BadAddress

    def load(self) -> None:
        super().load()
        if not rules.may_list_addresses(self.request.user, self.today):
            raise Http404
        rows = queries.visible_to(self.request.user, self.today)
        self.bad = get_object_or_404(rows, pk=self.kwargs["pk"])

    @cached_property
    def person(self) -> User | None:
        """Whose address it is, of those we know."""
        return User.objects.filter(reference=self.bad.person).first() if self.bad.person else None

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return [(_("Addresses that do not work"), reverse("correspondence:address-list"))]


class BadAddressView(BadAddressMixin, FormPageView):
    """Mend one address."""

    template_name = "correspondence/address_detail.html"
    form_class = AddressForm
    done_message = _("The address is mended.")

    def get_page_title(self) -> Text:
        whose = self.person.name if self.person else self.bad.address
        return _("Mend this email address: %(whose)s") % {"whose": whose}

    def get_initial(self) -> dict[str, Any]:
        return {"email": self.bad.address}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        verdict = rules.may_mend_address(self.request.user, self.bad, self.person, self.today)
        if not verdict:
            # No form on the page: the language toggle would look for it.
            kwargs["form"] = None
        return super().get_context_data(bad=self.bad, person=self.person, verdict=verdict, **kwargs)

    def act(self, form: Any) -> None:
        mend_person_address(bad=self.bad, **form.cleaned_data, by=actor(self.request), today=self.today)

    def get_success_url(self) -> str:
        if rules.may_decide(self.request.user, self.today) and held_for(self.bad.address).exists():
            return reverse("correspondence:address-held", args=[self.bad.pk])
        return reverse("correspondence:address-list")


class HeldForAddressView(BadAddressMixin, FormPageView):
    """What was held for an address that works again: each is looked at, nothing goes by itself."""

    template_name = "correspondence/address_held.html"
    form_class = HeldForm
    page_title = _("Held while the address did not work")
    done_message = _("They are on their way.")

    def get_verdict(self) -> Verdict:
        return rules.may_decide(self.request.user, self.today) and rules.is_mended(self.bad)

    @cached_property
    def lines(self) -> Any:
        """The messages as lines of a list."""
        return lines_of(held_for(self.bad.address))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "lines": self.lines}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(bad=self.bad, person=self.person, lines=self.lines, **kwargs)

    def act(self, form: Any) -> int:
        return send_held_for(
            bad=self.bad,
            keys=[int(pk) for pk in form.cleaned_data["messages"]],
            by=actor(self.request),
            today=self.today,
        )

    def get_success_url(self) -> str:
        if held_for(self.bad.address).exists():
            return reverse("correspondence:address-held", args=[self.bad.pk])
        return reverse("correspondence:address-list")
