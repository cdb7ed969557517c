"""Addresses of what is sent to people."""

from django.urls import path

from correspondence import views
from correspondence.views import announcements, preferences

app_name = "correspondence"
urlpatterns = [
    path("messages/", views.MessageListView.as_view(), name="message-list"),
    path("messages/why/", views.WhyView.as_view(), name="why"),
    path("cohorts/<slug:slug>/messages/", views.ForecastView.as_view(), name="forecast"),
    path("cohorts/<slug:slug>/messages/list/", views.ForecastListView.as_view(), name="forecast-list"),
    path("cohorts/<slug:slug>/messages/people/", views.ForecastPeopleView.as_view(), name="forecast-people"),
    path("messages/<int:pk>/", views.MessageDetailView.as_view(), name="message-detail"),
    path("messages/stop/<str:token>/", preferences.StopView.as_view(), name="message-stop"),
    path("account/messages/", preferences.PreferencesView.as_view(), name="preferences"),
    # Announcements
    path(
        "cohorts/<slug:slug>/announcements/",
        announcements.AnnouncementListView.as_view(),
        name="announcement-list",
    ),
    path(
        "cohorts/<slug:slug>/announcements/new/",
        announcements.AnnouncementCreateView.as_view(),
        name="announcement-create",
    ),
    path(
        "cohorts/<slug:slug>/announcements/<str:reference>/",
        announcements.AnnouncementDetailView.as_view(),
        name="announcement-detail",
    ),
    path(
        "cohorts/<slug:slug>/announcements/<str:reference>/words/",
        announcements.AnnouncementUpdateView.as_view(),
        name="announcement-update",
    ),
    path(
        "cohorts/<slug:slug>/announcements/<str:reference>/day/",
        announcements.AnnouncementDayView.as_view(),
        name="announcement-day",
    ),
    path(
        "cohorts/<slug:slug>/announcements/<str:reference>/approve/",
        announcements.AnnouncementApproveView.as_view(),
        name="announcement-approve",
    ),
    path(
        "cohorts/<slug:slug>/announcements/<str:reference>/cancel/",
        announcements.AnnouncementCancelView.as_view(),
        name="announcement-cancel",
    ),
]
