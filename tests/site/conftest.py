"""The cast and a browser signed in as each of them."""

from collections.abc import Callable

import pytest
from django.test import Client

from bureau.people.models import Area, User
from town import accounts


@pytest.fixture
def areas(db: None) -> Area:
    """The county, with its townships and villages."""
    return accounts.load_county()


@pytest.fixture
def cast(areas: Area) -> dict[str, User]:
    """{role: account}."""
    return accounts.hire(areas)


@pytest.fixture
def browser_of(cast: dict[str, User]) -> Callable[[str], Client]:
    """A client signed in as a role."""

    def signed_in(role: str) -> Client:
        client = Client()
        client.force_login(cast[role], backend=accounts.BACKEND)
        return client

    return signed_in
