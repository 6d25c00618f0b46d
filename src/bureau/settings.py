"""Settings. Everything that a site may change comes from the environment; all state lives in the DATA folder."""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlparse

ROOT = Path(__file__).resolve().parent
DATA = Path(os.environ.get("DATA", "data")).resolve()
DEBUG = os.environ.get("DEBUG") == "1"
TESTING = os.environ.get("JUNHENG_TESTING") == "1"
# A demo shows its accounts and their password on the sign-in page, and marks every page as made up.
DEMO = os.environ.get("DEMO") == "1"


def _kept_secret(name: str) -> str:
    """A random key made at first start and kept in DATA/keys, readable by the owner only."""
    path = DATA / "keys" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.parent.chmod(0o700)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
                handle.write(secrets.token_hex(32))
        except FileExistsError:
            pass
    return path.read_text().strip()


def _database(url: str) -> dict[str, object]:
    """DATABASE_URL (postgres://user:password@host:port/name) or the embedded SQLite in the DATA folder."""
    if not url:
        return {
            "ENGINE": "bureau.queued",
            "NAME": DATA / "junheng.sqlite3",
            # Opening the file and reading its tables' definitions costs as much as a small page.
            "CONN_MAX_AGE": 600,
            "OPTIONS": {
                "timeout": 30,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
                f"PRAGMA cache_size=-{int(os.environ.get('SQLITE_CACHE_MB', '64')) * 1024}; "
                "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456;",
            },
        }
    parts = urlparse(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or parse_qs(parts.query).get("host", [""])[0],
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 60,
    }


SECRET_KEY = _kept_secret("site.key")
# Identifiers: one key encrypts (SM4-GCM), another makes the look-up hash (HMAC-SM3). Losing them loses the data.
FIELD_KEY = _kept_secret("field.key")
LOOKUP_KEY = _kept_secret("lookup.key")

ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("TRUSTED_ORIGINS", "").split(",") if origin]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    # Before allauth, because our templates of the same name are to be found first.
    "bureau.pages",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tasks",
    "django_tasks_db",
    "bureau.people",
    "bureau.log",
    "bureau.registry",
    "bureau.runs",
    "bureau.attendance",
    "bureau.links",
    "bureau.cases",
    "bureau.payments",
    "bureau.nutrition",
    "bureau.graduates",
    "bureau.workdays",
    "bureau.plans",
    "bureau.supervision",
    "bureau.bulletins",
    "bureau.performance",
    "bureau.entitlements",
    "bureau.care",
    "bureau.work",
    "bureau.public",
    "bureau.phone",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "bureau.pages.headers.SecurityHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "bureau.pages.language.ChineseFirst",
    "bureau.pages.unreadable.NoZeroBytes",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Every page needs a signed-in account unless its view says `@login_not_required`.
    "bureau.pages.sign_in.SignInRequired",
    "allauth.account.middleware.AccountMiddleware",
    "bureau.pages.sign_in.Gate",
]

ROOT_URLCONF = "bureau.urls"
WSGI_APPLICATION = "bureau.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bureau.pages.context.shell",
            ],
        },
    }
]

DATABASES = {"default": _database(os.environ.get("DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [{"NAME": "bureau.people.passwords.PasswordRule"}]
if TESTING:
    PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
# Roles that must have a second factor, for example MFA_REQUIRED=administrator,leader,office.
MFA_REQUIRED = [role for role in os.environ.get("MFA_REQUIRED", "").split(",") if role]
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "bureau.pages.sign_in.SecondFactor"
MFA_TOTP_ISSUER = "均衡"
ACCOUNT_ADAPTER = "bureau.pages.sign_in.SignIn"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
# The session ends with the browser, or after SESSION_MINUTES without a click.
ACCOUNT_SESSION_REMEMBER = False
# Failed sign-ins are counted by people.actions, in the database, because several processes serve the site.
ACCOUNT_RATE_LIMITS = {"login_failed": None, "login": None}
# How many proxies of one's own stand in front and may be believed about the address of the client.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXIES", "0"))

# How long a phone keeps children's data without having been online; signing out wipes it at once.
PHONE_DAYS = int(os.environ.get("PHONE_DAYS", "7"))

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
FORMAT_MODULE_PATH = ["bureau.pages.formats"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = DATA / "files"
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024

SESSION_COOKIE_AGE = int(os.environ.get("SESSION_MINUTES", "60")) * 60
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
if os.environ.get("HTTPS") == "1":
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31536000

# What goes wrong is written where the service's own output goes (journald, a terminal); nothing of it is shown to a user.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"django": {"handlers": ["console"], "level": "ERROR", "propagate": True}},
}
