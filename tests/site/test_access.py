"""Every address with every role: each view says who may open it, and is held to it."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from bureau.pages.access import Access, access_of
from bureau.people.rules import ROLES
from bureau.registry.import_models import Import
from bureau.registry.models import REGISTERS, School, Student

BrowserOf = Callable[[str], Client]
pytestmark = pytest.mark.django_db

# allauth's own addresses under account/ guard themselves and are tested in test_sign_in.
OWN = ("account/",)

# What an import holds is for fewer people than that there was one.
FURTHER = (
    "imports/<int:identity>/problems/",
    "imports/<int:identity>/problems.xlsx",
    "imports/<int:identity>/differences/",
)


def patterns(
    found: list[URLPattern | URLResolver] | None = None, before: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    for one in get_resolver().url_patterns if found is None else found:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns, route)
        else:
            yield route, one


STAFF = [(route, one) for route, one in patterns() if not route.startswith(OWN)]


def address(route: str, samples: dict[str, str]) -> str:
    """The route with something that exists in the place of each of its arguments."""
    parts = []
    for part in ("/" + route).split("<"):
        if ">" not in part:
            parts.append(part)
            continue
        name, rest = part.split(">", 1)
        parts.append(samples.get(name.split(":")[-1], "1") + rest)
    return "".join(parts)


@pytest.fixture
def samples(county: str) -> dict[str, str]:
    return {"school_code": "2164990001", "county_code": county, "name": "schools", "code": "R1", "stage": "小学", "school": "2164990001", "path": "x", "item": "x", "action": "x"}  # fmt: skip


@pytest.mark.parametrize(("route", "one"), STAFF, ids=[route for route, _one in STAFF])
def test_every_view_says_who_may_open_it(route: str, one: URLPattern) -> None:
    assert isinstance(access_of(one.callback), Access), route


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_what_it_may_and_nothing_else(
    browser_of: BrowserOf, samples: dict[str, str], role: str
) -> None:
    client = browser_of(role)
    for route, one in STAFF:
        access = access_of(one.callback)
        assert access is not None
        answer = client.get(address(route, samples))
        if role in access.roles:
            further = (403,) if route in FURTHER else ()
            assert answer.status_code in (200, 302, 404, 405, 422, *further), route
        else:
            assert answer.status_code in (403, 405), route
            if answer.status_code == 403:
                assert "不能" in answer.content.decode(), route


def test_a_visitor_opens_nothing(samples: dict[str, str]) -> None:
    for route, one in STAFF:
        access = access_of(one.callback)
        if access and not access.open:
            answer = Client().get(address(route, samples))
            assert answer.status_code in (302, 405), route
            if answer.status_code == 302:
                assert answer.headers["Location"].startswith("/account/login/"), route


@pytest.mark.parametrize("sheet", ["students", "teachers", "classes", "premises"])
def test_a_row_outside_the_area_is_not_there(browser_of: BrowserOf, sheet: str) -> None:
    """For a school and for a township: list, row and search give nothing of the others."""
    for role, own in (
        ("school", {"school_code": "2164990001"}),
        ("township", {"township_code": "640324100"}),
    ):
        codes = School.objects.filter(**own).values_list("school_code", flat=True)
        other = REGISTERS[sheet]._default_manager.exclude(school_code__in=codes).order_by("pk")[0]
        assert browser_of(role).get(f"/{sheet}/{other.pk}/").status_code == 404


def test_counts_and_exports_obey_the_area(browser_of: BrowserOf) -> None:
    own = Student.objects.filter(school_code="2164990001").count()
    text = browser_of("school").get("/desk/").content.decode()
    assert f">{own}</a>" in text
    assert f">{Student.objects.count()}</a>" not in text


def test_a_school_does_not_see_the_bureaus_imports(browser_of: BrowserOf) -> None:
    of = Import.objects.order_by("id")[0]
    for part in ("", "problems/", "differences/", "problems.xlsx"):
        assert browser_of("school").get(f"/imports/{of.pk}/{part}").status_code == 404
