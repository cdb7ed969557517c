"""The demo's addresses. infuse/urls.py includes them only when INFUSE_DEMO=1."""

from django.urls import path

from infuse.demo import views

app_name = "demo"
urlpatterns = [
    path("demo/", views.DemoPeopleView.as_view(), name="people"),
    path("demo/clock/", views.DemoClockView.as_view(), name="clock"),
    path("demo/mail/", views.MailListView.as_view(), name="mail-list"),
    path("demo/mail/<str:key>/", views.MailDetailView.as_view(), name="mail-detail"),
]
