"""Words to people whose plan has changed: one message to each, about everything that concerns them."""

from __future__ import annotations

from datetime import date

from cohorts.emails import about
from messaging.mail import Mail
from people.queries.people import recipient
from planning.models import Replan
from planning.queries.effects import Concerned


def plan_changed(replan: Replan, concerned: Concerned, today: date, *, undone: bool = False) -> Mail:
    """To somebody whom a move concerns: each date of theirs that changed, before and after; or that it was undone."""
    person = concerned.person
    return Mail(
        key=f"plan-changed:{replan.pk}:{'undone' if undone else 'made'}:{person.reference}",
        kind="plan-changed",
        to=recipient(person),
        template="planning/emails/plan_changed",
        due_on=today,
        context={
            "replan": replan,
            "cohort": replan.cohort,
            "programme": replan.cohort.programme,
            "person": person,
            "edits": list(concerned.edits),
            "undone": undone,
            "takes_part": concerned.takes_part,
        },
        about=about(replan.cohort),
    )
