"""The facts of this app."""

from cohorts.models.associate import Associate, AssociateMove
from cohorts.models.cohort import Cohort, CohortMove
from cohorts.models.onboarding import Agreement, AgreementAnswer, OnboardingTask
from cohorts.models.phase import Phase
from cohorts.models.programme import Partner, Programme, TemplatePhase

__all__ = [
    "Agreement",
    "AgreementAnswer",
    "OnboardingTask",
    "Associate",
    "AssociateMove",
    "Cohort",
    "CohortMove",
    "Partner",
    "Phase",
    "Programme",
    "TemplatePhase",
]
