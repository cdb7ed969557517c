"""Who may open what of progress."""

from tests.crawl.line import (
    HIDDEN,
    KNOWS_RUNNING,
    LOOK_AT_PROGRESS,
    REFUSED,
    SEES_RUNNING,
    STAFF,
    STAFF_KNOW,
    TEAM,
    Line,
    associate,
    cohort,
    in_cohort,
    milestone_of,
)

PROGRESS: dict[str, Line] = {
    # Milestones and the journey
    "progress:milestone-list": Line(SEES_RUNNING, HIDDEN, at=cohort("running")),
    "progress:milestone-list none": Line(STAFF, HIDDEN, at=cohort("planned")),
    "progress:milestone-create": Line(TEAM, HIDDEN, at=cohort("running"), but=KNOWS_RUNNING),
    "progress:milestone-template": Line(TEAM, HIDDEN, at=cohort("planned"), but=STAFF_KNOW),
    "progress:milestone-update": Line(TEAM, HIDDEN, at=in_cohort("milestone", "running"), but=KNOWS_RUNNING),
    "progress:milestone-retire": Line(TEAM, HIDDEN, at=in_cohort("milestone", "running"), but=KNOWS_RUNNING),
    "progress:completion-list": Line(TEAM | {"lab_lead", "coach"}),
    # The lab lead was asked to confirm it; coordinators and auditors see states and days.
    "progress:completion-detail": Line(
        TEAM | {"auditor", "coordinator", "associate", "lab_lead"}, HIDDEN, at=milestone_of("completion")
    ),
    "progress:completion-detail open": Line(
        TEAM | {"auditor", "coordinator", "associate"}, HIDDEN, at=milestone_of("milestone")
    ),
    "progress:completion-ready": Line(
        frozenset({"associate"}), HIDDEN, at=milestone_of("milestone"), but=dict.fromkeys(LOOK_AT_PROGRESS, REFUSED)
    ),
    "progress:evidence-file": Line(
        TEAM | {"associate", "lab_lead"},
        HIDDEN,
        at=milestone_of("completion", evidence="evidence"),
        but=dict.fromkeys(("coordinator", "auditor"), REFUSED),
        download=True,
    ),
    "progress:completion-decide confirm": Line(
        TEAM | {"lab_lead"},
        HIDDEN,
        at=milestone_of("completion", step="confirm"),
        but=dict.fromkeys(("coordinator", "auditor", "associate"), REFUSED),
    ),
    "progress:completion-decide ask-again": Line(
        TEAM | {"lab_lead"},
        HIDDEN,
        at=milestone_of("completion", step="ask-again"),
        but=dict.fromkeys(("coordinator", "auditor", "associate"), REFUSED),
    ),
    "progress:completion-decide exempt": Line(
        TEAM,
        HIDDEN,
        at=milestone_of("completion", step="exempt"),
        but=dict.fromkeys(("coordinator", "auditor", "associate", "lab_lead"), REFUSED),
    ),
    "progress:phase-complete": Line(
        TEAM,
        HIDDEN,
        at=associate("associate", kind="inspire"),
        but=dict.fromkeys(("coordinator", "auditor", "associate"), REFUSED),
    ),
    "progress:phase-complete missing": Line(
        frozenset(),
        HIDDEN,
        at=associate("associate", kind="learn_and_explore"),
        but=dict.fromkeys(LOOK_AT_PROGRESS | {"associate"}, REFUSED),
    ),
    "progress:associate-journey": Line(
        TEAM | {"auditor", "coordinator", "associate"}, HIDDEN, at=associate("associate")
    ),
    "progress:associate-journey withdrawn": Line(TEAM | {"auditor", "coordinator"}, HIDDEN, at=associate("withdrawn")),
}
