"""What the foot of every mail says about the programme. Here, because messaging knows no programme."""

from datetime import date
from typing import Any

from django import template

from cohorts.models import Programme
from core.bilingual import pick

register = template.Library()


@register.simple_tag(takes_context=True)
def funder_acknowledgement(context: dict[str, Any], day: date) -> str:
    """The funder's name on mails of that day, in the language of the mail; empty after the acknowledgement's end.

    The programme is looked up once for each batch of mails (`shared`).
    """
    shared = context["shared"]
    if "programme" not in shared:
        shared["programme"] = Programme.objects.first()
    programme = shared["programme"]
    return pick(programme, "funder") if programme and programme.acknowledges_funder_on(day) else ""
