"""How the words of a caught mail are shown: as they are, but for its addresses, which lead somewhere."""

from django import template
from django.utils.html import Urlizer
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


class Linker(Urlizer):
    """Django's own, with the class that our links have."""

    url_template = '<a class="govuk-link" href="{href}"{attrs}>{url}</a>'


@register.filter
def linked(text: str) -> SafeString:
    """`{{ words|linked|linebreaksbr }}`: escaped text in which addresses are links."""
    return mark_safe(Linker()(text, nofollow=True, autoescape=True))  # noqa: S308 (it has escaped everything)
