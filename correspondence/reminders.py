"""Every reminder of the product, in the order in which a night computes them."""

from cohorts import reminders as cohorts
from messaging.reminders import Source
from nominations import reminders as nominations
from progress import reminders as progress

SOURCES: tuple[Source, ...] = (*cohorts.SOURCES, *nominations.SOURCES, *progress.SOURCES)
