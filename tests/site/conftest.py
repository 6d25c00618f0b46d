"""The small county behind every site test, imported once through the front door; each test rolls back to it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoDbBlocker

import town
from bureau.people.models import Area, User
from bureau.registry import actions as registry
from bureau.registry import commit_actions
from bureau.runs.models import Run
from bureau.work.tasks import ask_for_results, assess
from site_rows import COUNTY, NOW, TODAY
from town import accounts

SMALL_SCHOOL = "2164990001"


def fill_small_county() -> None:
    """Areas, one account a role, the small town's workbooks through the import, and their results."""
    people = accounts.hire(accounts.load_county(), school=SMALL_SCHOOL)
    with TemporaryDirectory() as folder:
        for book in town.write(town.small(), Path(folder)):
            of = registry.receive(
                by=people["office"],
                files=[(book.path.name, book.path.read_bytes())],
                day=book.day,
                county_code=COUNTY,
                complete=True,
                at=NOW,
            )
            of = registry.stage(of=of, today=TODAY, progress=lambda share: None)
            commit_actions.commit(of=of, by=people["office"], at=NOW)
    ask_for_results(COUNTY, date(2000, 1, 1), None)
    for run in Run.objects.filter(state="queued").order_by("day", "id"):
        assess.func(run.pk)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Fill the test database once; tests then roll back to this."""
    with django_db_blocker.unblock():
        fill_small_county()


@pytest.fixture(autouse=True)
def forgetful() -> None:
    """What a page remembers of a register holds for its version, and a rolled-back test gives the same version again."""
    cache.clear()


@pytest.fixture
def county(db: None) -> str:
    """The code of the small county. No test here is transactional: it would empty the database for those after it."""
    return COUNTY


@pytest.fixture
def areas(county: str) -> Area:
    """The county, with its townships and villages."""
    return Area.objects.get(code=county)


@pytest.fixture
def cast(county: str) -> dict[str, User]:
    """{role: account}."""
    return {user.role: user for user in User.objects.filter(username__in=User.Role.values)}


@pytest.fixture
def browser_of(cast: dict[str, User]) -> Callable[[str], Client]:
    """A client signed in as a role."""

    def signed_in(role: str) -> Client:
        client = Client()
        client.force_login(cast[role], backend=accounts.BACKEND)
        return client

    return signed_in
