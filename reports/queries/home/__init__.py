"""What needs doing, for each role that a person has, the most urgent first. The number of queries is constant."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from people.models import User
from people.queries.roles import roles_on
from reports.queries.home.followers import coordinator, onlooker
from reports.queries.home.own import associate, nominee, reviewer
from reports.queries.home.shapes import SOON_DUE, Part, Task
from reports.queries.home.team import team


def home(user: User, today: date) -> list[Part]:
    """One part for each role, in a fixed order; for somebody without a role, one kind explanation."""
    roles = roles_on(user, today)
    parts = [
        *nominee(user),
        *reviewer(user, today),
        *associate(user, today),
        *team(roles, user, today),
        *coordinator(roles, user, today),
        *onlooker(roles, user, today),
    ]
    if not parts:
        parts = [
            Part(
                "",
                _("Nothing waits for you today."),
                _(
                    "You have no place or role in the programme at the moment. When you get one, this page shows what "
                    "comes next. If you expected one, write to the programme team. Their address is below."
                ),
            )
        ]
    if not user.language:
        ask = Task(
            _("Choose your language for correspondence"),
            reverse("people:account-language"),
            _("Until then you get everything in both languages, Welsh first."),
            SOON_DUE,
        )
        parts[0].tasks.append(ask)
    return parts
