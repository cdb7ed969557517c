"""The five phases, in order, and what each opens."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PhaseKind(models.TextChoices):
    INSPIRE = "inspire", _("Inspire")
    LEARN_AND_ACTIVATE = "learn_and_activate", _("Learn and Activate")
    LEARN_AND_EXPLORE = "learn_and_explore", _("Learn and Explore")
    EXPERIMENT = "experiment", _("Experiment")
    CELEBRATION = "celebration", _("Celebration")

    @property
    def position(self) -> int:
        """1 for the first phase, 5 for the last."""
        return list(PhaseKind).index(self) + 1

    @property
    def purpose(self) -> str:
        """One sentence on what the phase is for, in the active language."""
        return str(PURPOSES[self])


PURPOSES = {
    PhaseKind.INSPIRE: _("Question how things are done and ask “what if?”"),
    PhaseKind.LEARN_AND_ACTIVATE: _("Lay the foundations and get to know each other."),
    PhaseKind.LEARN_AND_EXPLORE: _("Learn in the three labs and form a team around a challenge."),
    PhaseKind.EXPERIMENT: _("Try ideas safely at work, with a coach. An idea that fails still teaches."),
    PhaseKind.CELEBRATION: _("Share what was learned."),
}

# Working translations: no published Welsh name of a phase was found, so a translator must confirm each.
WELSH_UNCONFIRMED = frozenset(PhaseKind)
