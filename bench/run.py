"""The whole bench, in order: facts, pages at the small size, pages at the large size, jobs."""

from django.core.management import call_command

from bench import data, delivery, files, jobs, ranking
from bench.measure import Row, measure
from bench.pages import pages
from bench.servers import server

GROWTH = 1.2


def run(rounds: int, small: int, large: int) -> None:
    """Measure and print. `rounds` pairs per page; `small` and `large` are numbers of people."""
    call_command("migrate", verbosity=0)
    call_command("devdata", verbosity=0)
    at_small = _pages(rounds, small)
    jobs.print_night()
    delivery.print_delivery()
    at_large = _pages(rounds, large)
    print("\nPages. The floor is a bare signed-in Django page, asked in turn with each. Weights in kB, gzipped.\n")
    print(f"{'page':26}{'ms':>8}{'floors':>8}{'budget':>8}{'queries':>9}{'first':>7}{'later':>7}{f'at {large:,}':>12}")
    for before, after in zip(at_small, at_large, strict=True):
        growth = after.ratio / before.ratio
        marks = [
            "over its budget" if before.ratio > before.page.floors else "",
            "grows with the rows" if growth > GROWTH else "",
            "queries grow" if after.queries != before.queries else "",
            "heavy" if before.first_visit > 60_000 or before.later_visit > 15_000 else "",
        ]
        weights = f"{before.first_visit / 1000:7.1f}{before.later_visit / 1000:7.1f}"
        costs = f"{before.milliseconds:8.1f}{before.ratio:8.2f}{before.page.floors:8.1f}{before.queries:9}"
        print(f"{before.page.name:26}{costs}{weights}{growth:11.2f}×  {', '.join(filter(None, marks))}")
    ranking.run()
    files.run()


def run_delivery() -> None:
    """Only the delivery of what a night has queued."""
    call_command("migrate", verbosity=0)
    call_command("devdata", verbosity=0)
    data.grow(delivery.MAILS)
    delivery.print_delivery()


def run_files() -> None:
    """Only nominations: the ranked view, and the file of a thousand."""
    call_command("migrate", verbosity=0)
    call_command("devdata", verbosity=0)
    ranking.run()
    files.run()


def _pages(rounds: int, people: int) -> list[Row]:
    world = data.grow(people)
    sessions = data.sessions(world)
    with server("bench.settings") as product, server("bench.floor") as floor:
        return [measure(page, product, floor, sessions, rounds) for page in pages(world)]
