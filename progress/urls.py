"""Addresses of milestones, evidence and the journey.

They stand behind those of cohorts (infuse/urls.py): below an associate's own address, one further word is a change of
status there, so what is here has two.
"""

from django.urls import path

from progress.views import completions, journey, milestones

app_name = "progress"
ASSOCIATE = "cohorts/<slug:slug>/associates/<str:reference>/"
MILESTONE = f"{ASSOCIATE}milestones/<int:pk>/"
urlpatterns = [
    # What a cohort asks
    path("cohorts/<slug:slug>/milestones/", milestones.MilestoneListView.as_view(), name="milestone-list"),
    path("cohorts/<slug:slug>/milestones/new/", milestones.MilestoneCreateView.as_view(), name="milestone-create"),
    path(
        "cohorts/<slug:slug>/milestones/template/",
        milestones.MilestoneTemplateView.as_view(),
        name="milestone-template",
    ),
    path("cohorts/<slug:slug>/milestones/<int:pk>/", milestones.MilestoneUpdateView.as_view(), name="milestone-update"),
    path(
        "cohorts/<slug:slug>/milestones/<int:pk>/retire/",
        milestones.MilestoneRetireView.as_view(),
        name="milestone-retire",
    ),
    # What one associate did
    path("milestones/", completions.CompletionListView.as_view(), name="completion-list"),
    path(ASSOCIATE, journey.AssociateJourneyView.as_view(), name="associate-journey"),
    path(f"{ASSOCIATE}phases/<str:kind>/complete/", journey.PhaseCompleteView.as_view(), name="phase-complete"),
    path(MILESTONE, completions.CompletionDetailView.as_view(), name="completion-detail"),
    path(f"{MILESTONE}ready/", completions.CompletionReadyView.as_view(), name="completion-ready"),
    path(f"{MILESTONE}evidence/<int:evidence>/", completions.EvidenceFileView.as_view(), name="evidence-file"),
    path(f"{MILESTONE}<str:step>/", completions.CompletionDecideView.as_view(), name="completion-decide"),
]
