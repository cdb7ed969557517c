"""What is measured: each page, who looks, and how many floors it may cost."""

from dataclasses import dataclass

LIST_OR_DETAIL, FORM_OR_DASHBOARD = 2.0, 3.0


@dataclass(frozen=True)
class Page:
    """One page of the bench: a name for the table, its address, who is signed in, and its budget in floors."""

    name: str
    path: str
    role: str
    floors: float


def pages(world: dict[str, str]) -> list[Page]:
    """The pages, with the made world's addresses filled in (`world` comes from bench.data)."""
    cohort, thirty, associate, person = world["cohort"], world["thirty"], world["associate"], world["person"]
    return [
        Page("cohort list", "/cohorts/", "manager", LIST_OR_DETAIL),
        Page("cohort", f"/cohorts/{cohort}/", "manager", FORM_OR_DASHBOARD),
        Page("cohort, as coordinator", f"/cohorts/{cohort}/", "coordinator", FORM_OR_DASHBOARD),
        Page("journey", f"/cohorts/{cohort}/associates/{associate}/", "associate", LIST_OR_DETAIL),
        Page("home, manager", "/home/", "manager", FORM_OR_DASHBOARD),
        Page("home, coordinator", "/home/", "coordinator", FORM_OR_DASHBOARD),
        Page("home, associate", "/home/", "associate", FORM_OR_DASHBOARD),
        Page("people", "/people/", "manager", LIST_OR_DETAIL),
        Page("person", f"/people/{person}/", "manager", LIST_OR_DETAIL),
        Page("messages", "/messages/", "manager", LIST_OR_DETAIL),
        Page("forecast of 30 to the end", f"/cohorts/{thirty}/messages/", "manager", FORM_OR_DASHBOARD),
        Page("forecast, list", f"/cohorts/{thirty}/messages/list/", "manager", FORM_OR_DASHBOARD),
        Page("why", f"/messages/why/?person={person}&cohort={cohort}", "manager", FORM_OR_DASHBOARD),
        Page("new cohort", "/cohorts/new/", "manager", FORM_OR_DASHBOARD),
        Page("enrol", f"/cohorts/{cohort}/associates/new/", "manager", FORM_OR_DASHBOARD),
        Page("front page", "/", "", LIST_OR_DETAIL),
        Page("front page, Welsh", "/cy/", "", LIST_OR_DETAIL),
    ]
