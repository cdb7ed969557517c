"""Addresses of a cohort's plan."""

from django.urls import path

from planning import views

app_name = "planning"
urlpatterns = [
    path("cohorts/<slug:slug>/plan/", views.ReplanListView.as_view(), name="replan-list"),
    path("cohorts/<slug:slug>/plan/move/", views.ReplanView.as_view(), name="replan"),
    path("cohorts/<slug:slug>/plan/<int:pk>/undo/", views.ReplanUndoView.as_view(), name="replan-undo"),
]
