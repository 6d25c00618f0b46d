"""Area scoping: every role in every kind of area, against three schools drawn by hand. No database."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from bureau.people.models import Area, User
from bureau.people.rules import MAY, ROLES, WORDS, Permission, may, why_not
from bureau.people.scope import NOTHING, Reach, Scope, scope_of

TOWN = "640324100"
OTHER_TOWN = "640324101"
SCHOOLS = [
    {"school_code": "A", "township_code": TOWN, "county_code": "640324"},
    {"school_code": "B", "township_code": OTHER_TOWN, "county_code": "640324"},
    {"school_code": "C", "township_code": "640106001", "county_code": "640106"},
]
COUNTY = Area(code="640324", kind="county", path="640324")
TOWNSHIP = Area(code=TOWN, kind="township", path=f"640324/{TOWN}")
VILLAGE = Area(code=f"{TOWN}001", kind="village", path=f"640324/{TOWN}/{TOWN}001")
AREAS = {"none": None, "county": COUNTY, "township": TOWNSHIP, "village": VILLAGE}

#       role           area        school  sees
CASES = [
    ("leader", "none", "", "ABC"),
    ("leader", "county", "", "AB"),
    ("leader", "township", "", "A"),
    ("leader", "village", "", "A"),
    ("office", "none", "", "ABC"),
    ("office", "county", "", "AB"),
    ("office", "township", "", "A"),
    ("office", "village", "", "A"),
    ("inspector", "none", "", "ABC"),
    ("inspector", "county", "", "AB"),
    ("inspector", "township", "", "A"),
    ("inspector", "village", "", "A"),
    ("auditor", "none", "", "ABC"),
    ("auditor", "county", "", "AB"),
    ("auditor", "township", "", "A"),
    ("auditor", "village", "", "A"),
    ("township", "none", "", ""),
    ("township", "county", "", ""),
    ("township", "township", "", "A"),
    ("township", "village", "", "A"),
    ("school", "none", "B", "B"),
    ("school", "county", "B", "B"),
    ("school", "township", "B", "B"),
    ("school", "none", "", ""),
    ("teacher", "none", "B", "B"),
    ("teacher", "county", "B", "B"),
    ("teacher", "none", "", ""),
    ("unit", "none", "", ""),
    ("unit", "county", "", ""),
    ("unit", "township", "", ""),
    ("unit", "village", "", ""),
    ("administrator", "none", "", ""),
    ("administrator", "county", "", ""),
    ("administrator", "township", "", ""),
    ("nobody", "none", "", ""),
    ("nobody", "county", "", ""),
]


def account(role: str, area: str, school_code: str = "", active: bool = True) -> User:
    return User(
        username="u",
        role=role,
        area=AREAS[area],
        school_code=school_code,
        is_active=active,
        display_name="甲",
    )


def chosen(condition: Q) -> str:
    """Which of the schools a condition lets through; conditions here are a conjunction of equalities."""
    if condition == NOTHING:
        return ""
    wanted = dict(condition.children)  # type: ignore[arg-type]
    return "".join(
        row["school_code"] for row in SCHOOLS if all(row[field] == value for field, value in wanted.items())
    )


@pytest.mark.parametrize(("role", "area", "school_code", "sees"), CASES)
def test_every_role_in_every_area(role: str, area: str, school_code: str, sees: str) -> None:
    scope = scope_of(account(role, area, school_code))
    assert chosen(scope.schools()) == sees
    assert "".join(row["school_code"] for row in SCHOOLS if scope.covers(**row)) == sees


def test_the_table_above_names_every_role_and_area() -> None:
    roles = set(ROLES) - {"school", "teacher", "township", "administrator"}
    assert {(role, area) for role, area, _, _ in CASES} >= {(role, area) for role in roles for area in AREAS}
    assert {role for role, *_ in CASES} == {*ROLES, "nobody"}


@pytest.mark.parametrize("role", ROLES)
def test_an_inactive_account_sees_nothing(role: str) -> None:
    assert scope_of(account(role, "township", "A" if role == "school" else "", active=False)) == Scope(
        Reach.NONE
    )


def test_signed_out_sees_nothing() -> None:
    assert scope_of(AnonymousUser()) == Scope(Reach.NONE)


def test_only_the_administrator_may_name_schools_beyond_his_scope() -> None:
    for role in ROLES:
        scope = scope_of(account(role, "township", "A" if role == "school" else ""))
        assert (scope.school_names() == Q()) == (role == "administrator")


def test_county_figures() -> None:
    assert scope_of(account("leader", "none")).county_rows() == Q()
    assert scope_of(account("leader", "county")).county_rows() == Q(county_code="640324")
    assert scope_of(account("township", "township")).county_rows() == Q(county_code="640324")
    assert scope_of(account("school", "none", "A")).county_rows() == NOTHING
    assert scope_of(account("administrator", "none")).county_rows() == NOTHING


def test_field_names_can_be_given() -> None:
    assert scope_of(account("school", "none", "A")).schools(school="of__code") == Q(of__code="A")
    assert scope_of(account("township", "township")).schools(township="t") == Q(t=TOWN)


@pytest.mark.parametrize("permission", Permission)
def test_a_refusal_names_who_may(permission: Permission) -> None:
    for role in ROLES:
        sentence = why_not(role, permission)
        assert (sentence is None) == may(role, permission)
        if sentence:
            assert WORDS[permission] in sentence
    assert why_not("", permission)


def test_the_administrator_sees_no_children_and_no_log_and_the_auditor_changes_nothing() -> None:
    accounts = {Permission.SEE_ACCOUNTS, Permission.MANAGE_ACCOUNTS, Permission.MANAGE_ORGANISATIONS}
    assert MAY["administrator"] == accounts
    assert not MAY["auditor"] & {
        Permission.IMPORT,
        Permission.COMMIT,
        Permission.UNDO,
        Permission.MANAGE_ACCOUNTS,
        Permission.CHANGE_PACKS,
    }
