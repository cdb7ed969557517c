"""Pages of programme, cohorts and associates."""

from cohorts.views.associates import AssociateCreateView, AssociateStatusView
from cohorts.views.cohorts import CohortDetailView, CohortListView, CohortStatusView, CohortUpdateView
from cohorts.views.dates import CohortCreateView, CohortDatesView
from cohorts.views.enrolment import AssociateImportView, EnrolmentTemplateView
from cohorts.views.onboarding import AgreementView, CohortOnboardingView, OnboardingNeedsView, OnboardingView
from cohorts.views.programme import ProgrammeUpdateView

__all__ = [
    "AgreementView",
    "AssociateCreateView",
    "AssociateImportView",
    "AssociateStatusView",
    "CohortCreateView",
    "CohortDatesView",
    "CohortDetailView",
    "CohortListView",
    "CohortOnboardingView",
    "CohortStatusView",
    "CohortUpdateView",
    "EnrolmentTemplateView",
    "OnboardingNeedsView",
    "OnboardingView",
    "ProgrammeUpdateView",
]
