"""Addresses of what is sent to people."""

from django.urls import path

from correspondence import views

app_name = "correspondence"
urlpatterns = [
    path("messages/", views.MessageListView.as_view(), name="message-list"),
    path("messages/why/", views.WhyView.as_view(), name="why"),
    path("cohorts/<slug:slug>/messages/", views.ForecastView.as_view(), name="forecast"),
    path("cohorts/<slug:slug>/messages/list/", views.ForecastListView.as_view(), name="forecast-list"),
    path("cohorts/<slug:slug>/messages/people/", views.ForecastPeopleView.as_view(), name="forecast-people"),
    path("messages/<int:pk>/", views.MessageDetailView.as_view(), name="message-detail"),
]
