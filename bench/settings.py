"""The product's own settings, plus a line that counts queries."""

from infuse.settings import *  # noqa: F403
from infuse.settings import MIDDLEWARE as PRODUCT_MIDDLEWARE

MIDDLEWARE = ["bench.counting.QueryCountMiddleware", *PRODUCT_MIDDLEWARE]
LOGGING = {"version": 1, "disable_existing_loggers": False}
# Nothing is collected here; the names of the files cost the same without their fingerprint.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
