"""Roles that see much sign in with more than an e-mail."""

from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from core.clock import today
from people.queries.roles import roles_on
from people.queries.second_step import has_second_step

# What somebody must reach while the second step is missing: to set it up, to use it, to leave, and what is for all.
OPEN = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_view_recovery_codes",
        "mfa_download_recovery_codes",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "account_login",
        "account_request_login_code",
        "account_logout",
        "people:language-ask",
    }
)
OPEN_NAMESPACES = frozenset({"pages"})


class StrongSignInMiddleware:
    """Sends a person with a strong role who has not used a second step in this session to set one up, or to use it.

    Costs one query (the roles, which the page needs too) and one more only for somebody it stops.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:  # noqa: ARG002
        """Let the page be, or lead elsewhere."""
        match = request.resolver_match
        if settings.DEMO or match is None or match.view_name in OPEN or OPEN_NAMESPACES & set(match.namespaces):
            return None
        user = request.user
        if not user.is_authenticated or not roles_on(user, today()).needs_strong_sign_in:
            return None
        if any(step.get("method") == "mfa" for step in get_authentication_records(request, user)):
            return None
        if not has_second_step(user):
            return HttpResponseRedirect(reverse("mfa_index"))
        # allauth leads on from here to the passkey page for somebody who has no authenticator app.
        return HttpResponseRedirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': request.get_full_path()})}")
