"""The kinds of messages about plans that move."""

from django.utils.translation import pgettext_lazy

from messaging.kinds import Kind, Sort

PLAN_CHANGED = Kind("plan-changed", pgettext_lazy("kind of message", "The plan has changed"), Sort.SERVICE)

KINDS = (PLAN_CHANGED,)
