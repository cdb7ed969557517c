"""Addresses of programme, cohorts and associates."""

from django.urls import path

from cohorts import views

app_name = "cohorts"
urlpatterns = [
    path("programme/", views.ProgrammeUpdateView.as_view(), name="programme-update"),
    path("cohorts/", views.CohortListView.as_view(), name="cohort-list"),
    path("cohorts/new/", views.CohortCreateView.as_view(), name="cohort-create"),
    path("cohorts/<slug:slug>/", views.CohortDetailView.as_view(), name="cohort-detail"),
    path("cohorts/<slug:slug>/details/", views.CohortUpdateView.as_view(), name="cohort-update"),
    path("cohorts/<slug:slug>/dates/", views.CohortDatesView.as_view(), name="cohort-dates"),
    path("cohorts/<slug:slug>/status/<str:step>/", views.CohortStatusView.as_view(), name="cohort-status"),
    path("cohorts/<slug:slug>/onboarding/", views.CohortOnboardingView.as_view(), name="cohort-onboarding"),
    path("onboarding/", views.OnboardingView.as_view(), name="onboarding"),
    path("onboarding/needs/", views.OnboardingNeedsView.as_view(), name="onboarding-needs"),
    path("agreements/<str:kind>/", views.AgreementView.as_view(), name="agreement"),
    path("cohorts/<slug:slug>/associates/new/", views.AssociateCreateView.as_view(), name="associate-create"),
    path("cohorts/<slug:slug>/associates/import/", views.AssociateImportView.as_view(), name="associate-import"),
    path(
        "cohorts/<slug:slug>/associates/import/template/",
        views.EnrolmentTemplateView.as_view(),
        name="enrolment-template",
    ),
    path(
        "cohorts/<slug:slug>/associates/<str:reference>/<str:step>/",
        views.AssociateStatusView.as_view(),
        name="associate-status",
    ),
]
