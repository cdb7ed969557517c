"""The floor: a bare signed-in Django page. Session, three indexed queries, a plain template of 25 rows, no frame.

These are the settings, the address and the view of a second process on the same database, so that nothing of the
product's middleware or context counts as floor.
"""

import os

import environ
from django.apps import AppConfig
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path


class BarePeople(AppConfig):
    """The people's tables, without what the product does when it starts."""

    name = "people"


SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = False
DEMO = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "bench.floor"
AUTH_USER_MODEL = "people.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SESSION_COOKIE_NAME = "infuse_session"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
DATABASES = {"default": {**environ.Env().db_url("DATABASE_URL"), "CONN_MAX_AGE": 60}}
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.postgres",
    "core",
    "messaging",
    "bench.floor.BarePeople",
    "cohorts",
]
MIDDLEWARE = [
    "bench.counting.QueryCountMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [os.path.dirname(__file__)]}]
USE_TZ = True
TIME_ZONE = "Europe/London"
LOGGING = {"version": 1, "disable_existing_loggers": False}


@login_required
def floor(request: HttpRequest) -> HttpResponse:
    """Three indexed queries and 25 rows. (The session and the user are the two further ones.)"""
    from people.models import Organisation, Role, User  # noqa: PLC0415 - this module is also the settings

    return render(
        request,
        "floor.html",
        {
            "people": list(User.objects.order_by("pk")[:25]),
            "role": Role.objects.filter(person=request.user).first(),
            "organisation": Organisation.objects.order_by("pk").first(),
        },
    )


urlpatterns = [path("floor/", floor)]
