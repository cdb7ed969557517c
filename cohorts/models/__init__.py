"""The facts of this app."""

from cohorts.models.associate import Associate, AssociateMove
from cohorts.models.cohort import Cohort, CohortMove
from cohorts.models.onboarding import Agreement, AgreementAnswer, OnboardingTask
from cohorts.models.phase import Phase
from cohorts.models.programme import Partner, Programme, TemplatePhase

__all__ = [
    "Agreement",
    "AgreementAnswer",
    "Associate",
    "AssociateMove",
    "Cohort",
    "CohortMove",
    "OnboardingTask",
    "Partner",
    "Phase",
    "Programme",
    "TemplatePhase",
]
