"""`/health/`: is the machinery well? For the monitors of whoever runs Infuse; no language, nobody's data."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from messaging import health as machinery


@never_cache
@require_safe
def health(_request: HttpRequest) -> JsonResponse:
    """200 when all is well, else 503; each part with its own `ok`."""
    well, parts = machinery.facts()
    return JsonResponse({"ok": well, **parts}, status=200 if well else 503)
