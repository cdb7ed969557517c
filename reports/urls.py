"""Addresses of the home page and the reports."""

from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("home/", views.HomeView.as_view(), name="home"),
    path("messages/", views.MessageListView.as_view(), name="message-list"),
    path("messages/<int:pk>/", views.MessageDetailView.as_view(), name="message-detail"),
    path("reports/welsh/", views.WelshReportView.as_view(), name="welsh"),
]
