"""Settings: one file, read from the environment; a missing value says what to do about it.

Nothing here is secret. `.env.example` lists every variable with a harmless value.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from messaging.email_url import read_email_url

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

TESTING = "pytest" in sys.modules
DEMO = env.bool("INFUSE_DEMO", default=False)


def required(name: str, advice: str) -> str:
    """The variable's value, or an error that says how to mend it."""
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {advice}")
    return value


def read_oidc_providers(text: str) -> list[dict[str, Any]]:
    """The OpenID Connect providers of OIDC_PROVIDERS, or an error that names what is missing."""
    if not text:
        return []
    try:
        providers = json.loads(text)
    except ValueError as error:
        raise ImproperlyConfigured(f"OIDC_PROVIDERS is not JSON: {error}. See .env.example.") from None
    wanted = {"id", "name_en", "name_cy", "server_url", "client_id", "secret", "domains"}
    if not isinstance(providers, list) or not all(isinstance(provider, dict) for provider in providers):
        raise ImproperlyConfigured("OIDC_PROVIDERS must be a JSON list of objects. See .env.example.")
    for number, provider in enumerate(providers, start=1):
        missing = sorted(name for name in wanted if not provider.get(name))
        if missing:
            raise ImproperlyConfigured(f"OIDC_PROVIDERS, entry {number}: give {', '.join(missing)}. See .env.example.")
    return list(providers)


def origin_of(address: str) -> str:
    """The scheme and host of an address, for the content security policy."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


SECRET_KEY = (
    required("SECRET_KEY", "Set it to fifty random characters, and keep it the same between restarts.")
    if not TESTING
    else "tests only"
)
DEBUG = False
PUBLIC_URL = (
    required("PUBLIC_URL", "Set it to the address people type, such as https://infuse.example.").rstrip("/")
    if not TESTING
    else "http://testserver"
)
ALLOWED_HOSTS = (
    required("ALLOWED_HOSTS", "Set it to the host names served, separated by commas.").split(",")
    if not TESTING
    else ["*"]
)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

# --- Apps, street order from the bottom up -----------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "crispy_forms",
    "csp",
    "core",
    "messaging",
    "people",
    "cohorts",
    "labs",
    "challenges",
    "nominations",
    "progress",
    "correspondence",
    "planning",
    "reports",
    "infuse",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.middleware.PrefixLocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "core.middleware.LargestRequestMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "core.middleware.LanguageToggleMiddleware",
    "people.middleware.StrongSignInMiddleware",
]

ROOT_URLCONF = "infuse.urls"
WSGI_APPLICATION = "infuse.wsgi.application"
AUTH_USER_MODEL = "people.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "infuse.context.frame",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "core.templatetags.infuse"],
        },
    },
]
FORM_RENDERER = "core.forms.Renderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = "infuse"
CRISPY_TEMPLATE_PACK = "infuse"

# --- Database, cache, broker --------------------------------------------------------------------------------------
required("DATABASE_URL", "Set it to postgres://user:password@host:5432/name, or use `make run`, which brings its own.")
required("REDIS_URL", "Set it to redis://host:6379/0, or use `make run`, which brings its own.")
DATABASES = {"default": env.db_url("DATABASE_URL")}
DATABASES["default"].setdefault("OPTIONS", {})
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["OPTIONS"]["connect_timeout"] = 5

CACHES = {
    "default": {
        "BACKEND": "infuse.cache.SteadyRedisCache",
        "LOCATION": env("REDIS_URL"),
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
    }
}

CELERY_BROKER_URL = env("REDIS_URL")
# Why each of these: a killed worker lost a task, or kept it for 104 seconds, with the defaults (docs/adr/0011).
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    # A web request that nudges the worker must not wait for a broker that is away; the sweeper sends later.
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "max_retries": 0,
}
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 5
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TIMEZONE = "Europe/London"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- Mail: words go through messaging.outbox; this is only the last metre -----------------------------------------
NOTIFY: dict[str, Any] = {}
if not TESTING:
    try:
        vars().update(
            read_email_url(
                required("EMAIL_URL", "Set it to smtp://user:password@host:587 (smtp+tls:// for STARTTLS)."), seconds=20
            )
        )
    except ValueError as error:
        raise ImproperlyConfigured(str(error)) from None
# News and reminders wait for working hours. Not in the demo, which is looked at at any hour, nor in the tests.
MESSAGES_WAIT = not (DEMO or TESTING)
DEFAULT_FROM_EMAIL = env("FROM_EMAIL", default="Infuse <no-reply@infuse.example>")

# --- Languages ----------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("cy", _("Welsh"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["core.formats"]
TIME_ZONE = "Europe/London"
USE_TZ = True

# --- Static files -------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "var" / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- Sign-in (people/adapters.py; docs/adr/0012) ------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "reports:home"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "people.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 60 * 15
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_CONFIRMATION_AUTHENTICATED_REDIRECT_URL = "account_email"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 60 * 15
ACCOUNT_LOGIN_TIMEOUT = 60 * 15
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 60 * 10
# Eight figures: five guesses a code and five codes in five minutes are three chances in a million in an hour.
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": True}
# A whole council may stand behind one address, so the limit per address on the internet is wide.
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "100/m/ip,5/5m/key",
    "login": "100/m/ip",
    "confirm_email": "5/5m/key",
    # The public form of nominations.
    "apply": "20/h/ip,3/h/key",
}
# How many proxies stand in front, each adding to X-Forwarded-For; with none the socket's own address counts.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
ACCOUNT_FORMS = {
    "request_login_code": "people.forms.sign_in.AddressForm",
    "confirm_login_code": "people.forms.sign_in.CodeForm",
    "add_email": "people.forms.account.AddAddressForm",
    "confirm_email_verification_code": "people.forms.account.ConfirmAddressForm",
}

MFA_ADAPTER = "people.adapters.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Infuse"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODE_COUNT = 10
# Addresses are verified by code before they are kept, so an unverified one protects nobody.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "people.forms.second_step.SecondStepForm",
    "authenticate_webauthn": "people.forms.second_step.UsePasskeyForm",
    "reauthenticate": "people.forms.second_step.ConfirmSecondStepForm",
    "activate_totp": "people.forms.second_step.ActivateAppForm",
    "deactivate_totp": "people.forms.second_step.RemoveAppForm",
    "generate_recovery_codes": "people.forms.second_step.NewRecoveryCodesForm",
    "add_webauthn": "people.forms.second_step.AddPasskeyForm",
    "edit_webauthn": "people.forms.second_step.RenamePasskeyForm",
}

# OIDC_PROVIDERS is a JSON list, one entry per organisation that signs its people in itself:
# [{"id": "…", "name_en": "…", "name_cy": "…", "server_url": "…", "client_id": "…", "secret": "…", "domains": ["…"]}]
# A provider speaks for addresses in its own domains only.
OIDC_PROVIDERS = read_oidc_providers(env("OIDC_PROVIDERS", default=""))
SOCIALACCOUNT_ADAPTER = "people.adapters.ProviderAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": provider["id"],
                "name": provider["name_en"],
                "client_id": provider["client_id"],
                "secret": provider["secret"],
                "settings": {
                    "server_url": provider["server_url"],
                    "domains": [domain.lower() for domain in provider["domains"]],
                },
            }
            for provider in OIDC_PROVIDERS
        ],
    }
}
# A form that leads to a provider is stopped by the browser unless the provider's origin is named.
OIDC_ORIGINS = sorted({origin_of(provider["server_url"]) for provider in OIDC_PROVIDERS})

# --- Security -----------------------------------------------------------------------------------------------------
INSECURE_HTTP = env.bool("INFUSE_INSECURE_HTTP", default=False) or TESTING
SECURE_SSL_REDIRECT = not INSECURE_HTTP
# A monitor inside the network asks without TLS.
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 0 if INSECURE_HTTP else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not INSECURE_HTTP
SESSION_COOKIE_AGE = 60 * 60 * 12
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = INSECURE_HTTP
SESSION_COOKIE_NAME = "infuse_session"
CSRF_COOKIE_NAME = "infuse_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "infuse.views.form_too_old"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *OIDC_ORIGINS],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}

# --- Demo (only with INFUSE_DEMO=1) -------------------------------------------------------------------------------
MAILBOX = env("INFUSE_MAILBOX", default="")
