"""当前页面: whose county, which day, which scope; and what the shell around every page shows."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from bureau.pages.access import leads_on
from bureau.pages.rooms import OpenRoom, rooms
from bureau.people.models import Area, User
from bureau.people.scope import Reach, Scope, scope_of
from bureau.plans.document_queries import counties_with_plans
from bureau.registry import queries
from bureau.registry.models import School


@dataclass(frozen=True, slots=True)
class Page:
    """当前县区、数据日期和辖区. `on` is None before the first import; `days` are the data days, newest first."""

    user: User
    scope: Scope
    county_code: str
    county_name: str
    on: date | None
    days: tuple[date, ...]
    counties: tuple[tuple[str, str], ...]

    @property
    def latest(self) -> bool:
        """Whether the newest data are shown."""
        return not self.days or self.on == self.days[0]

    @property
    def school_year(self) -> str:
        """学年 of the day."""
        return school_year(self.on) if self.on else ""

    def schools(self) -> QuerySet[Any, Any]:
        """The schools of the day that the account may see."""
        return queries.rows_on("schools", self._day, self.county_code).filter(self.scope.schools())

    def rows(self, sheet: str) -> QuerySet[Any, Any]:
        """The rows of another register of the day that the account may see."""
        found = queries.rows_on(sheet, self._day, self.county_code)
        if sheet == "county":
            return found.filter(self.scope.county_rows())
        every = queries.rows_on("schools", self._day, self.county_code)
        if self.scope.reach is Reach.COUNTY:
            # The county's own condition is already there; a subquery over its schools would only cost time.
            return found if self.scope.code == self.county_code else found.none()
        return found.filter(self.scope.rows(every))

    def version(self, *sheets: str) -> str:
        """What `remembered` needs to know of the registers: it changes with each commit and undo."""
        known = queries.versions(self.county_code, sheets)
        return f"{self.county_code} {known}"

    @property
    def _day(self) -> date:
        return self.on or date.min


def school_year(day: date) -> str:
    """2025-09-30 → 2025—2026学年."""
    first = day.year if day.month >= 8 else day.year - 1
    return _("%(first)s—%(second)s学年") % {"first": first, "second": first + 1}


def current(request: HttpRequest) -> Page:
    """The page's county, day and scope; worked out once per request."""
    known: Page | None = getattr(request, "junheng_page", None)
    if known is None:
        known = _work_out(request)
        request.junheng_page = known  # type: ignore[attr-defined]
    return known


def _work_out(request: HttpRequest) -> Page:
    user = request.user
    if not isinstance(user, User):
        raise TypeError("no page without an account")
    choices = _counties(user)
    county = _county(request, user, choices)
    days = tuple(queries.days_with_data(county)) if county else ()
    names = dict(Area.objects.filter(kind="county", code__in=[*choices, county]).values_list("code", "name"))
    return Page(
        user,
        scope_of(user),
        county,
        names.get(county, county),
        _day(request, days),
        days,
        tuple((code, names.get(code, code)) for code in choices),
    )


def _counties(user: User) -> Sequence[str]:
    """The counties the account may choose between."""
    if user.role in (User.Role.SCHOOL, User.Role.TEACHER):
        codes = School.objects.filter(school_code=user.school_code, replaced_by=None)
        return list(codes.order_by("-valid_from").values_list("county_code", flat=True)[:1])
    if user.area is not None:
        return [user.area.path.split("/")[0]]
    if user.role == User.Role.UNIT and user.organisation is not None:
        return [user.organisation.county_code]
    return sorted({*queries.counties(), *counties_with_plans()}) or list(
        Area.objects.filter(kind="county").order_by("code").values_list("code", flat=True)
    )


def _county(request: HttpRequest, user: User, choices: Sequence[str]) -> str:
    asked = request.GET.get("county", "")
    if asked in choices and len(choices) > 1:
        request.session["county"] = asked
    kept: str = request.session.get("county", "")
    if kept in choices:
        return kept
    return choices[0] if choices else ""


def _day(request: HttpRequest, days: Sequence[date]) -> date | None:
    latest = days[0] if days else None
    asked = request.GET.get("on", "")
    if asked:
        with suppress(ValueError):
            day = date.fromisoformat(asked)
            # The newest day is not remembered, so that tomorrow's import shows without asking.
            if day == latest:
                request.session.pop("on", None)
            else:
                request.session["on"] = day.isoformat()
            return day if days else None
    kept = request.session.get("on")
    return date.fromisoformat(kept) if kept and days else latest


class Shell:
    """外框: what base.html needs around any page; worked out only when a template asks."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.demo = bool(getattr(settings, "DEMO", False))

    @cached_property
    def page(self) -> Page | None:
        """The current page; None for a visitor."""
        user = getattr(self.request, "user", None)
        return current(self.request) if isinstance(user, User) and user.is_active else None

    @cached_property
    def rooms(self) -> list[OpenRoom]:
        """The left rail."""
        user = getattr(self.request, "user", None)
        return list(rooms(user.role, self.request.path)) if isinstance(user, User) else []

    @cached_property
    def days(self) -> list[dict[str, object]]:
        """The as-of days on offer, with the address that chooses each."""
        page = self.page
        if page is None:
            return []
        return [
            {"day": day, "year": school_year(day), "address": self.with_query("on", day.isoformat())}
            for day in page.days
        ]

    @cached_property
    def counties(self) -> list[dict[str, object]]:
        """The counties on offer."""
        page = self.page
        if page is None or len(page.counties) < 2:
            return []
        return [
            {"code": code, "name": name, "address": self.with_query("county", code)}
            for code, name in page.counties
        ]

    def with_query(self, name: str, value: str) -> str:
        """This address with one part of its query replaced; paging starts again."""
        query = self.request.GET.copy()
        for gone in [key for key in query if key == name or key.endswith("page")]:
            del query[gone]
        query[name] = value
        return f"{self.request.path}?{query.urlencode()}"


def shell(request: HttpRequest) -> dict[str, object]:
    """Context processor: `shell` in every template."""
    return {"shell": Shell(request)}


def show(
    request: HttpRequest,
    template: str,
    *,
    title: str,
    crumbs: Sequence[tuple[str, str]] = (),
    status: int = 200,
    **context: object,
) -> HttpResponse:
    """Render a page: one heading, the breadcrumb as (label, address) from the room down, and the template's own context."""
    return render(
        request, template, {"title": title, "crumbs": _open_to(request, crumbs), **context}, status=status
    )


def _open_to(request: HttpRequest, crumbs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The crumbs, without the address of a page that would be refused."""
    role = getattr(request.user, "role", "")
    return [(label, address if leads_on(address, role) else "") for label, address in crumbs]
