"""Addresses of what is sent to people."""

from django.urls import path

from correspondence import views

app_name = "correspondence"
urlpatterns = [
    path("messages/", views.MessageListView.as_view(), name="message-list"),
    path("messages/<int:pk>/", views.MessageDetailView.as_view(), name="message-detail"),
]
