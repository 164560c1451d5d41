"""Settings, all from the environment. Each variable is documented in docs/settings.md.

Nothing here touches a disk, a database or a network: the module can be imported by a type checker. What a server
needs and does not have is named in a sentence (`ImproperlyConfigured`), never guessed.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from archive import schedule
from compliance import logs
from compliance import schedule as console_schedule

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
HOLDFAST_DATA = Path(env.str("HOLDFAST_DATA", default=str(BASE_DIR / "data")))


def _secret_key() -> str:
    """The key that signs cookies and seals Zoom's client secrets: a server never starts with a made-up one.

    Only tests, and tools that are given no database, get by with a key that protects nothing.
    """
    key: str = env.str("SECRET_KEY", default="")
    if key:
        return key
    if "DATABASE_URL" in os.environ and "PYTEST_VERSION" not in os.environ:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Make one once, for example with `openssl rand -base64 48`, keep it secret and "
            "give it to every process: it signs sessions and seals the Zoom client secrets."
        )
    return "protects-nothing: no database was configured"


def _database(url_variable: str) -> dict[str, Any]:
    """A database from its URL; a Unix socket is given as `%2Frun%2Fpostgresql` for the host, or as `?host=`."""
    config: dict[str, Any] = dict(env.db_url(url_variable, default="postgres:///holdfast"))
    options = config.setdefault("OPTIONS", {})
    config["HOST"] = options.pop("host", None) or unquote(str(config["HOST"]))
    config["PORT"] = options.pop("port", None) or config["PORT"]
    options["prepare_threshold"] = 5  # Django switches prepared statements off; archive.bulk asks for them
    config["CONN_MAX_AGE"] = 60
    config["CONN_HEALTH_CHECKS"] = True
    config["TEST"] = {"NAME": f"test_{config['NAME']}"}
    return config


def _mail(url: str) -> dict[str, Any]:
    """Django's settings for mail from a URL; without a host nothing is mailed. A folder is `filemail:///path`."""
    config: dict[str, Any] = {"EMAIL_USE_TLS": False, "EMAIL_USE_SSL": False, **env.email_url_config(url)}
    usual_port = 465 if config["EMAIL_USE_SSL"] else 587 if config["EMAIL_USE_TLS"] else 25
    return config | {
        "EMAIL_HOST": config["EMAIL_HOST"] or "",
        "EMAIL_PORT": config["EMAIL_PORT"] or usual_port,
        "EMAIL_HOST_USER": config["EMAIL_HOST_USER"] or "",
        "EMAIL_HOST_PASSWORD": config["EMAIL_HOST_PASSWORD"] or "",
        "EMAIL_FILE_PATH": f"/{config['EMAIL_FILE_PATH'].lstrip('/')}",
    }


def _one_of(variable: str, choices: tuple[str, ...]) -> str:
    """A variable that takes one of a few words; the first unless it is set."""
    given = str(env.str(variable, default=choices[0])).strip().lower()
    if given not in choices:
        raise ImproperlyConfigured(f"{variable} is {given!r}; it takes {', '.join(choices)}.")
    return given


def _oidc() -> list[dict[str, Any]]:
    """The OpenID Connect provider people may sign in with; none unless its issuer is named."""
    issuer = env.str("HOLDFAST_OIDC_ISSUER", default="").rstrip("/")
    if issuer == "":
        return []
    provider = {
        "provider_id": "oidc",
        "name": env.str("HOLDFAST_OIDC_NAME", default="single sign-on"),
        "client_id": env.str("HOLDFAST_OIDC_CLIENT_ID", default=""),
        "secret": env.str("HOLDFAST_OIDC_CLIENT_SECRET", default=""),
        "settings": {"server_url": issuer},
    }
    if provider["client_id"] == "":
        raise ImproperlyConfigured("HOLDFAST_OIDC_ISSUER is set; HOLDFAST_OIDC_CLIENT_ID has to be, too.")
    return [provider]


def _celery_broker(url: str) -> str:
    """Celery spells a Redis socket `redis+socket://`, redis-py `unix://`."""
    return url.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=", 1)


# Where and to whom it is served
HOLDFAST_URL = env.str("HOLDFAST_URL", default="http://localhost:8000").rstrip("/")
SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS",
    default=[urlsplit(HOLDFAST_URL).hostname or "localhost", "localhost", "127.0.0.1", "[::1]"],
)
CSRF_TRUSTED_ORIGINS = [HOLDFAST_URL]
ROOT_URLCONF = "compliance.urls"
WSGI_APPLICATION = "compliance.wsgi.application"
HOLDFAST_METRICS_TOKEN = env.str("HOLDFAST_METRICS_TOKEN", default="")
HOLDFAST_LOG_KEY = env.str("HOLDFAST_LOG_KEY", default="")
HOLDFAST_LOG_NAME = env.str("HOLDFAST_LOG_NAME", default="")
HOLDFAST_UNMETERED = env.bool("HOLDFAST_UNMETERED", default=False)
HOLDFAST_CHECKPOINT_DIR = env.str("HOLDFAST_CHECKPOINT_DIR", default="")
HOLDFAST_TIMESTAMP_URL = env.str("HOLDFAST_TIMESTAMP_URL", default="")
HOLDFAST_TIMESTAMP_CA = env.str("HOLDFAST_TIMESTAMP_CA", default="")
HOLDFAST_WITNESS_EMAIL = env.str("HOLDFAST_WITNESS_EMAIL", default="")
HOLDFAST_WITNESS_BUCKET = env.str("HOLDFAST_WITNESS_BUCKET", default="")
HOLDFAST_WITNESS_BUCKET_URL = env.str("HOLDFAST_WITNESS_BUCKET_URL", default="")
HOLDFAST_WITNESS_BUCKET_DAYS = env.int("HOLDFAST_WITNESS_BUCKET_DAYS", default=3650)

INSTALLED_APPS = [
    "compliance.apps.ComplianceConfig",
    "archive",
    "compliance.apps.SiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",  # Swagger's files, served as our own
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "compliance.middleware.request_context",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "compliance.middleware.second_factor",
]
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
                "compliance.shell.context",
            ]
        },
    }
]

# Stores
DATABASES = {"default": _database("DATABASE_URL")}
REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "holdfast",
    },
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "process"},
}

# Mail: a server named by EMAIL_URL, or files in a folder (`filemail:///path`); without one nothing is mailed
_MAIL = _mail(env.str("EMAIL_URL", default="smtp://"))
EMAIL_BACKEND, EMAIL_FILE_PATH = _MAIL["EMAIL_BACKEND"], _MAIL["EMAIL_FILE_PATH"]
EMAIL_HOST, EMAIL_PORT = _MAIL["EMAIL_HOST"], _MAIL["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL["EMAIL_HOST_USER"], _MAIL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL["EMAIL_USE_TLS"], _MAIL["EMAIL_USE_SSL"]
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str(
    "HOLDFAST_MAIL_FROM", default=f"holdfast@{urlsplit(HOLDFAST_URL).hostname or 'localhost'}"
)
EMAIL_TIMEOUT = 30  # seconds

# Static files: served by whitenoise, from a collected and hashed folder when one is named
HOLDFAST_STATIC_ROOT = env.str("HOLDFAST_STATIC_ROOT", default="")
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = HOLDFAST_STATIC_ROOT or None
WHITENOISE_USE_FINDERS = not HOLDFAST_STATIC_ROOT
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if HOLDFAST_STATIC_ROOT
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# Times and words
USE_TZ = True
TIME_ZONE = env.str("HOLDFAST_TIME_ZONE", default="UTC")
LANGUAGE_CODE = "en-gb"
FORMAT_MODULE_PATH = ["compliance.formats"]
USE_I18N = False
USE_THOUSAND_SEPARATOR = False

# Sign-in: by password, passkey or OpenID Connect, no sign-up, locked after five wrong passwords or codes
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "overview"
ACCOUNT_ADAPTER = "compliance.sign_in.Adapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "20/m/ip,5/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("HOLDFAST_TRUSTED_PROXIES", default=0)
HOLDFAST_REQUIRE_SECOND_FACTOR = _one_of("HOLDFAST_REQUIRE_SECOND_FACTOR", ("off", "officers", "everyone"))
MFA_ADAPTER = "compliance.factors.Adapter"
MFA_FORMS = {
    "authenticate": "compliance.forms.factors.Authenticate",
    "reauthenticate": "compliance.forms.factors.Reauthenticate",
    "authenticate_webauthn": "compliance.forms.factors.AuthenticatePasskey",
    "reauthenticate_webauthn": "compliance.forms.factors.ReauthenticatePasskey",
    "login_webauthn": "compliance.forms.factors.SignInByPasskey",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds: clocks of telephones differ
MFA_TOTP_ISSUER = "Holdfast"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are an administrator's word here, not the person's
HOLDFAST_OIDC_ROLES = env.dict("HOLDFAST_OIDC_ROLES", default={})
HOLDFAST_OIDC_GROUPS_CLAIM = env.str("HOLDFAST_OIDC_GROUPS_CLAIM", default="groups")
HOLDFAST_OIDC_TRUST_EMAIL = env.bool("HOLDFAST_OIDC_TRUST_EMAIL", default=False)
HOLDFAST_OIDC_IS_SECOND_FACTOR = env.bool("HOLDFAST_OIDC_IS_SECOND_FACTOR", default=False)
SOCIALACCOUNT_ADAPTER = "compliance.oidc.Adapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": _oidc(),
        "OAUTH_PKCE_ENABLED": True,
        "SCOPE": env.list("HOLDFAST_OIDC_SCOPES", default=["openid", "profile", "email"]),
    }
}
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10  # seconds
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
SESSION_COOKIE_AGE = 12 * 3600  # seconds: a working day
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# Headers. With an https:// HOLDFAST_URL cookies are secure and browsers are told to insist on TLS
_TLS = HOLDFAST_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _TLS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "compliance.views.errors.form_expired"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # bytes
DATA_UPLOAD_MAX_NUMBER_FIELDS = 11_000  # the 5,000 people a matter takes at once: a box and a group for each

# Workers: a message is only a nudge (every job is a row), so losing or repeating one is harmless
CELERY_BROKER_URL = _celery_broker(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,  # seconds, longer than any task
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
}
CELERY_TASK_ROUTES = {
    "archive.tasks.pull_windows": {"queue": "capture"},  # a first capture takes hours; holds must not wait
    "archive.tasks.fetch_files": {"queue": "capture"},
    "archive.tasks.read_files": {"queue": "reading"},  # its worker reads one file at a time
    "archive.tasks.open_holds": {"queue": "reading"},
    "archive.tasks.count_for_reports": {"queue": "reading"},
    "archive.tasks.check_reports": {"queue": "reading"},
    "archive.tasks.fetch_holds": {"queue": "holds"},  # a zip may take hours
    "compliance.tasks.advance_exports": {"queue": "exports"},  # so may a large export
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 1800  # seconds
CELERY_TASK_SOFT_TIME_LIMIT = 1500  # seconds
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = schedule.BEAT | console_schedule.BEAT
CELERY_BEAT_SCHEDULE_FILENAME = str(HOLDFAST_DATA / "beat-schedule")

# The REST API: for how many days a token is good at most, and how much may be asked with one
HOLDFAST_TOKEN_DAYS = env.int("HOLDFAST_TOKEN_DAYS", default=365)
HOLDFAST_API_RATE = env("HOLDFAST_API_RATE", default="600/min")
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["compliance.api.authentication.BearerToken"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": [
        "rest_framework.renderers.JSONRenderer"
    ],  # its own pages would break the CSP
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": HOLDFAST_API_RATE, "refused": "30/min"},
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "compliance.api.problems.answer",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Holdfast",
    "DESCRIPTION": "The archive of Zoom Team Chat for programs. Every time is UTC, every list is read on by `next`, every "
    "refusal is application/problem+json. Show the key of a token made in the console.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "COMPONENT_SPLIT_REQUEST": True,
}

# Requests that a second person decides: how long they wait and cool off, where it is not the kind's own terms
HOLDFAST_APPROVAL_TERMS = env.dict("HOLDFAST_APPROVAL_TERMS", default={})

# Exports: whether a second person approves each, and how many days their files stay
HOLDFAST_EXPORT_APPROVAL = _one_of("HOLDFAST_EXPORT_APPROVAL", ("off", "on"))
HOLDFAST_EXPORT_DAYS = env.int("HOLDFAST_EXPORT_DAYS", default=14)

# Reading what is inside files, in a process of its own; the defaults of one file are in archive/extraction/limits.py
HOLDFAST_READ_MEMORY_BYTES = env.int("HOLDFAST_READ_MEMORY_BYTES", default=512 * 1024 * 1024)
HOLDFAST_READ_SECONDS = env.int("HOLDFAST_READ_SECONDS", default=60)
HOLDFAST_READ_CHARACTERS = env.int("HOLDFAST_READ_CHARACTERS", default=2_000_000)
HOLDFAST_READ_UNPACKED_BYTES = env.int("HOLDFAST_READ_UNPACKED_BYTES", default=256 * 1024 * 1024)
HOLDFAST_READ_ENTRIES = env.int("HOLDFAST_READ_ENTRIES", default=10_000)
HOLDFAST_READ_DEPTH = env.int("HOLDFAST_READ_DEPTH", default=5)

# Logs: constant event names with ids as fields, one line each, on standard error
LOGGING = logs.configuration(
    style=env.str("HOLDFAST_LOG", default="text"), level=env.str("HOLDFAST_LOG_LEVEL", default="INFO")
)
