"""Pages of programme, cohorts and associates."""

from core.views import PageView


class Soon(PageView):
    """Placeholder until the page lands."""

    template_name = "base.html"


ProgrammeUpdateView = CohortListView = CohortCreateView = CohortDetailView = CohortUpdateView = CohortDatesView = Soon
CohortStatusView = AssociateCreateView = AssociateImportView = AssociateJourneyView = AssociateStatusView = Soon
