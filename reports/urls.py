"""Addresses of the home page and the reports."""

from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("home/", views.HomeView.as_view(), name="home"),
    path("reports/welsh/", views.WelshReportView.as_view(), name="welsh"),
]
