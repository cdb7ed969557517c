"""Addresses of what is sent to people."""

from django.urls import path

from correspondence import views
from correspondence.views import addresses, announcements, decisions, health, preferences, rules, waiting, wording

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
    path("messages/<int:pk>/<str:step>/", decisions.MessageDecideView.as_view(), name="message-decide"),
    # What waits for somebody
    path("messages/waiting/", waiting.WaitingListView.as_view(), name="waiting-list"),
    path("messages/waiting/<int:pk>/", waiting.WaitingGroupView.as_view(), name="waiting-group"),
    path("messages/waiting/<int:pk>/words/", waiting.WaitingWordsView.as_view(), name="waiting-words"),
    path("messages/waiting/<int:pk>/<str:step>/", waiting.WaitingDecideView.as_view(), name="waiting-decide"),
    path("messages/outage/", waiting.OutageView.as_view(), name="outage"),
    path("messages/outage/discard/", waiting.OutageDiscardView.as_view(), name="outage-discard"),
    path("messages/addresses/", addresses.BadAddressListView.as_view(), name="address-list"),
    path("messages/addresses/<int:pk>/", addresses.BadAddressView.as_view(), name="address-detail"),
    path("messages/addresses/<int:pk>/held/", addresses.HeldForAddressView.as_view(), name="address-held"),
    path("messages/health/", health.HealthView.as_view(), name="health"),
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
    # Rules and words
    path("messages/rules/", rules.DefaultRuleListView.as_view(), name="rule-defaults"),
    path("messages/rules/<int:pk>/take-back/", rules.RuleTakeBackView.as_view(), name="rule-take-back"),
    path("messages/rules/<str:kind>/", rules.DefaultRuleSetView.as_view(), name="rule-default"),
    path("cohorts/<slug:slug>/messages/rules/", rules.CohortRuleListView.as_view(), name="rule-list"),
    path("cohorts/<slug:slug>/messages/rules/<str:kind>/", rules.CohortRuleSetView.as_view(), name="rule-set"),
    path("cohorts/<slug:slug>/messages/<str:kind>/wording/", wording.WordingView.as_view(), name="wording"),
    path(
        "cohorts/<slug:slug>/messages/<str:kind>/wording/drop/", wording.WordingDropView.as_view(), name="wording-drop"
    ),
]
