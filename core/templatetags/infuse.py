"""Template tags and filters that every page uses (built in: no {% load %} needed)."""

from django import template
from django.conf import settings
from django.urls import reverse

from core.bilingual import pick

register = template.Library()


@register.filter
def bi(thing: object, field: str = "name") -> str:
    """`{{ cohort|bi:"name" }}`: the column in the reader's language."""
    return pick(thing, field)


@register.simple_tag
def link(name: str, *args: object, **kwargs: object) -> str:
    """`{% link "cohorts:journey" %}`: the full address of a page in the active language, for mails and documents."""
    return settings.PUBLIC_URL + reverse(name, args=args, kwargs=kwargs)
