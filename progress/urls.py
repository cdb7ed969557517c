"""Addresses of milestones, evidence and the journey."""

from django.urls import URLPattern

app_name = "progress"
urlpatterns: list[URLPattern] = []
