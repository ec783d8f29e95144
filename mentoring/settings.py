"""Settings of the one project. Everything an installation may change comes from the environment.

Outside local mode a missing or unsafe value is a refusal to start, never a default (decision 13, C-27).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import sys
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from mentoring import celery_settings
from mentoring.local.envfile import load_env, read_env
from mentoring.local.layout import Layout, local_mode
from mentoring.schedule import BEAT_SCHEDULE
from mentoring.sso import configuration as sso_configuration

BASE_DIR = Path(__file__).resolve().parent.parent
TESTING = "pytest" in sys.modules
LOCAL_MODE = local_mode()
if LOCAL_MODE or read_env().get("MENTORING_LOCAL") != "1":  # what `make` wrote is for local mode alone
    load_env(os.environ)
LAYOUT = Layout.current() if LOCAL_MODE else None


def _env(name: str, local: str | None = None) -> str:
    """The variable, or in local mode ``local``; otherwise a refusal that names what is missing."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if LOCAL_MODE and local is not None:
        return local
    raise ImproperlyConfigured(f"Set {name} in the environment; see .env.example.")


def _list(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def _flag(name: str, *, default: bool = False) -> bool:
    value = os.environ.get(name, "").strip().lower()
    return default if not value else value in ("1", "true", "yes", "on")


def _key(name: str, *, length: int) -> bytes:
    """A base64 key of exactly ``length`` bytes; in local mode one derived from SECRET_KEY."""
    value = os.environ.get(name, "").strip()
    if not value and LOCAL_MODE:
        return hashlib.sha256(f"local:{name}:{SECRET_KEY}".encode()).digest()[:length]
    try:
        key = base64.b64decode(_env(name), validate=True)
    except binascii.Error as error:
        raise ImproperlyConfigured(f"{name} is not base64.") from error
    if len(key) != length:
        raise ImproperlyConfigured(f"{name} must hold {length} bytes in base64; it holds {len(key)}.")
    return key


# --- Identity and secrets ---------------------------------------------------------------------------

INSTALLATION_NAME = os.environ.get("INSTALLATION_NAME", "").strip() or "Reverse Mentoring"
SECRET_KEY = _env("SECRET_KEY", "local-mode-only-" + hashlib.sha256(str(BASE_DIR).encode()).hexdigest())
if not LOCAL_MODE and (len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 10):
    raise ImproperlyConfigured("SECRET_KEY is too short or too regular; use 50 random characters or more.")
SECRET_KEY_FALLBACKS = _list("SECRET_KEY_FALLBACKS")
#: Wraps the keys of rounds and pairs; lives outside the database (decision 34).
SEALING_KEY = _key("SEALING_KEY", length=32)
SEALING_KEY_FALLBACKS = [base64.b64decode(value) for value in _list("SEALING_KEY_FALLBACKS")]

DEBUG = False
SITE_URL = _env("SITE_URL", f"http://127.0.0.1:{os.environ.get('PORT') or '8000'}").rstrip("/")
ALLOWED_HOSTS = _list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],testserver" if LOCAL_MODE else "")
if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts of this site; “*” is not accepted.")
if not LOCAL_MODE and urlsplit(SITE_URL).scheme != "https":
    raise ImproperlyConfigured("SITE_URL must begin with https://.")
#: From where /statusz may be asked.
STATUS_ALLOWED_NETWORKS = [ip_network(n) for n in _list("STATUS_ALLOWED_NETWORKS", "127.0.0.0/8,::1/128")]
#: How many proxies stand in front; 0 means that X-Forwarded-For is not believed.
TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXY_COUNT", "0") or 0)

# --- The application --------------------------------------------------------------------------------

INSTALLED_APPS = [
    "mentoring.apps.MentoringConfig",
    "mentoring.apps.DeskAdminConfig",
    "mentoring.sso",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sites",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "auditlog",
    "crispy_forms",
    "csp",
    "django_htmx",
    "common",
    "operations",
    "sealing",
    "outbox",
    "participants",
    "programmes",
    "pairings",
    "matching",
    "meetings",
    "evaluations",
    "portal",
]
SITE_ID = 1

MIDDLEWARE = [
    "mentoring.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Tokens are masked anew for every page, and Django pads what it packs: its length tells nothing (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "mentoring.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "auditlog.middleware.AuditlogMiddleware",
    "mentoring.middleware.PrivatePagesMiddleware",
    "mentoring.middleware.SecondFactorMiddleware",
    "mentoring.middleware.RefusalMiddleware",
]
ROOT_URLCONF = "mentoring.urls"
WSGI_APPLICATION = "mentoring.wsgi.application"
AUTH_USER_MODEL = "participants.User"
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
                "django.template.context_processors.i18n",
                "portal.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
CRISPY_ALLOWED_TEMPLATE_PACKS = "lanterns"
CRISPY_TEMPLATE_PACK = "lanterns"
CRISPY_FAIL_SILENTLY = False

# --- Data -------------------------------------------------------------------------------------------

if LAYOUT is not None and not os.environ.get("DATABASE_URL", "").strip():
    DATABASES: dict[str, dict[str, Any]] = {"default": LAYOUT.pg_settings()}
else:
    DATABASES = {"default": dict(dj_database_url.parse(_env("DATABASE_URL")))}
    if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database.")
DATABASES["default"]["CONN_MAX_AGE"] = int(os.environ.get("DATABASE_CONN_MAX_AGE", "60"))
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 2)

if LAYOUT is not None and not os.environ.get("REDIS_URL", "").strip():
    REDIS_URL, CELERY_BROKER_URL = LAYOUT.redis_url, LAYOUT.broker_url
else:
    REDIS_URL = CELERY_BROKER_URL = _env("REDIS_URL")

#: Only for rate limits. Pages are never cached (C-10); without a broker the limits fall back to the database.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_entries"},
}

# --- Celery -----------------------------------------------------------------------------------------

for _name in dir(celery_settings):
    if _name.startswith("CELERY_"):
        globals()[_name] = getattr(celery_settings, _name)
CELERY_TASK_ALWAYS_EAGER = False
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE

# --- Languages and time -----------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("nl", "Nederlands"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
FORMAT_MODULE_PATH = ["mentoring.formats"]
USE_TZ = True
#: The zone of people and cohorts that name none. Stored times are UTC whatever it is.
TIME_ZONE = os.environ.get("TIME_ZONE", "").strip() or "Europe/Amsterdam"

# --- Static files -----------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(
    os.environ.get("STATIC_ROOT", "") or (LAYOUT.data / "static" if LAYOUT else BASE_DIR / "staticfiles")
)
_static_storage = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if TESTING
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": _static_storage},
}
WHITENOISE_USE_FINDERS = TESTING
#: Only hashed names are ever asked for; compressing both would take twice as long.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# --- Mail -------------------------------------------------------------------------------------------

EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND", "").strip() or "django.core.mail.backends.smtp.EmailBackend"
_sink = LAYOUT.smtp_address() if LAYOUT is not None else None
#: What a provider of django-anymail asks for: its settings, each from the variable of the same name.
ANYMAIL = {
    name.removeprefix("ANYMAIL_"): value for name, value in os.environ.items() if name.startswith("ANYMAIL_")
}
EMAIL_HOST = _env("EMAIL_HOST", _sink[0] if _sink else "127.0.0.1")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "") or (_sink[1] if _sink else 1025 if LOCAL_MODE else 587))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = _flag("EMAIL_USE_TLS", default=not LOCAL_MODE)
EMAIL_USE_SSL = _flag("EMAIL_USE_SSL")
EMAIL_TIMEOUT = int(os.environ.get("EMAIL_TIMEOUT", "30"))
#: The programme's mailbox: sender, reply address and organiser of every invitation.
DEFAULT_FROM_EMAIL = _env("DEFAULT_FROM_EMAIL", "mentoring@example.com")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_SUBJECT_PREFIX = ""

# --- Log-in -----------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_request_login_code"
LOGIN_REDIRECT_URL = "portal:home"
LOGOUT_REDIRECT_URL = "account_request_login_code"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "mentoring.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
#: Nobody signs up, but allauth offers a password at log-in only where sign-up would ask for one.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
#: Keyed on the account first: a whole company may sit behind one address (C-09).
ACCOUNT_RATE_LIMITS = {
    "login": "600/m/ip",
    "login_failed": "300/m/ip,5/5m/key",
    "request_login_code": "600/m/ip,5/m/key",
    "confirm_email": "1/3m/key",
    "reset_password": "120/m/ip,5/m/key",
    "reset_password_from_key": "120/m/ip",
    "signup": "120/m/ip",
    # Looking a colleague up by name tells whether they take part: enough for an honest wish, too few to list people.
    "never_with": "30/h/user",
}
#: Mail domains of the company: whoever has an address there may come in through a call that allows it (decision 29).
#: A file apart from the database that says who was erased, read after a restore (B-08); empty: none is kept.
ERASURE_LIST = os.environ.get("ERASURE_LIST", "").strip()
OPEN_CALL_DOMAINS = [
    domain.lower() for domain in _list("OPEN_CALL_DOMAINS", "example.com" if LOCAL_MODE else "")
]
OPEN_CALL_RATE_LIMITS = {"ask": "600/m/ip,3/10m/key", "prove": "10/10m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TRUST_ENABLED = False
MFA_FORMS = {
    "add_webauthn": "mentoring.passkeys.AddPasskeyForm",
    "edit_webauthn": "mentoring.passkeys.RenamePasskeyForm",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL_MODE
MFA_TOTP_ISSUER = INSTALLATION_NAME
#: The company's identity provider, None without one.
OIDC = sso_configuration.read(os.environ, is_local=LOCAL_MODE)
SOCIALACCOUNT_ADAPTER = "mentoring.sso.adapter.SocialAccountAdapter"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_AUTO_SIGNUP = False
USERSESSIONS_TRACK_ACTIVITY = False
#: Staff need a second factor; in local mode with sample data it is off, and a banner says so (decision 29).
SECOND_FACTOR_FOR_STAFF = _flag("SECOND_FACTOR_FOR_STAFF", default=not LOCAL_MODE)

# --- Sessions and headers ---------------------------------------------------------------------------

_https = urlsplit(SITE_URL).scheme == "https"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "__Host-session" if _https else "session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_SAVE_EVERY_REQUEST = False
CSRF_COOKIE_NAME = "__Host-csrf" if _https else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "mentoring.errorpages.csrf_failure"
CSRF_TRUSTED_ORIGINS = [SITE_URL] if _https else []
SECURE_SSL_REDIRECT = _https and not TESTING and not _flag("TLS_ENDS_AT_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _https
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
#: Where a log-in may be sent on to: without them the browser blocks the way to single sign-on.
SSO_ORIGINS = [*([OIDC.origin] if OIDC else []), *_list("SSO_ORIGINS")]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF, *SSO_ORIGINS],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- Audit and log ----------------------------------------------------------------------------------

#: Explicit registration only; never on answers, notes or pair content (decision 21).
AUDITLOG_INCLUDE_ALL_MODELS = False
AUDITLOG_DISABLE_REMOTE_ADDR = True

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "mentoring.logs.OneLineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
    },
}

if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    LOGGING["root"]["level"] = "WARNING"
