"""台账的数: how many stand where, how that moved between two days, on the map and over the months; every number opens."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N

from bureau.cases.counting import Movement, movement, schools_townships, stand
from bureau.cases.hiding import hidden_groups, suppressed, telling
from bureau.cases.models import Stay
from bureau.pages.access import SignedIn, page
from bureau.pages.case_parts import LISTS, found_ledger, state_title
from bureau.pages.context import Page, current, show
from bureau.pages.days import day_from
from bureau.pages.people_columns import school_names
from bureau.people.models import User
from bureau.people.queries import townships
from bureau.people.scope import scope_of
from junheng.policy.ledgers import LEVEL_WORDS, LIVE, Ledger

BY = {"township": N("乡镇"), "school": N("学校"), "state": N("状态"), "age": N("周岁"), "level": N("级别")}
FILTERS = {"township": "township_code", "school": "school", "state": "standing", "level": "level"}
MONTHS = 9


@page(roles=LISTS)
def counts(request: SignedIn, code: str) -> HttpResponse:
    """The counts of one ledger between two days."""
    here = current(request)
    ledger = found_ledger(here.county_code, code)
    today = localdate()
    by = request.GET.get("by", "township")
    by = by if by in BY else "township"
    until = _day(request, "until", today)
    since = min(_day(request, "since", until.replace(day=1) - timedelta(days=1)), until)
    rows, total, hidden = _rows(request, here, ledger, since, until, by)
    trend = _trend(request, ledger, here.county_code, today)
    towns = stand(request.user, code, until, by="township", county=here.county_code)
    return show(
        request,
        "cases/counts.html",
        title=_("%(ledger)s：多少，在哪里，怎样变化") % {"ledger": ledger.title},
        crumbs=[(_("台账"), reverse("ledgers")), (ledger.title, reverse("ledger", args=[code]))],
        ledger=ledger,
        by=by,
        kinds=[(name, _(words), f"?by={name}&since={since:%Y-%m-%d}&until={until:%Y-%m-%d}") for name, words in BY.items()],
        heading=_(BY[by]),
        since=since,
        until=until,
        rows=rows,
        total=total,
        hidden=hidden,
        checks=all(row["moved"].checks for row in rows),
        trend=trend,
        map=_map(here, suppressed(towns, ledger.small)),
        map_address=reverse("outlines", args=[here.county_code]),
    )  # fmt: skip


def _day(request: SignedIn, name: str, usual: date) -> date:
    with suppress(ValueError):
        return day_from(request.GET.get(name, ""))
    return usual


def words_of(here: Page, ledger: Ledger, by: str) -> dict[str, str]:
    """{key: words} of what is counted by."""
    match by:
        case "township":
            return dict(townships(here.county_code).values_list("code", "name"))
        case "school":
            return dict(school_names(here))
        case "state":
            return {state.name: state.title for state in ledger.states}
        case "level":
            return {name: _(words) for name, words in LEVEL_WORDS.items()}
        case _:
            return {}


def _rows(
    request: SignedIn, here: Page, ledger: Ledger, since: date, until: date, by: str
) -> tuple[list[dict[str, Any]], dict[str, Any], bool]:
    moved = movement(request.user, ledger.code, since, until, by=by, county=here.county_code)
    words = words_of(here, ledger, by)
    small = ledger.small
    parents = schools_townships(here.county_code, ledger.code) if small and by == "school" else None
    gone = hidden_groups({key: one.after for key, one in moved.items()}, small, parents)
    rows = []
    total = Movement()
    for key, one in sorted(moved.items(), key=lambda item: (-item[1].after, item[0])):
        for name in Movement.__slots__:
            setattr(total, name, getattr(total, name) + getattr(one, name))
        address = (
            f"{reverse('ledger', args=[ledger.code])}?{FILTERS[by]}={key}" if by in FILTERS and key else ""
        )
        title = words.get(key) or (state_title(ledger, key) if by == "state" else key) or _("未知")
        rows.append({"title": title, "moved": one, "address": address, **_kept(one, small, key in gone)})
    whole: dict[str, Any] = _kept(total, small, hidden=False)
    # What the rows keep back could be told from the total of its column.
    whole["stand_only"] = whole["stand_only"] or any(row["hidden"] or row["stand_only"] for row in rows)
    return rows, {"moved": total, **whole}, any(row["hidden"] or row["stand_only"] for row in (*rows, whole))


def _kept(moved: Movement, small: int, hidden: bool) -> dict[str, Any]:
    """What of a row is kept back: all of it, or all but how many stand there now."""
    flows = [getattr(moved, name) for name in Movement.__slots__ if name != "after"]
    return {"hidden": hidden or telling([moved.after], small), "stand_only": telling(flows, small)}


def _trend(request: SignedIn, ledger: Ledger, county_code: str, today: date) -> dict[str, Any]:
    """在册数 at the end of each of the last months, and today."""
    days, first = [today], today.replace(day=1)
    for _month in range(MONTHS - 1):
        days.append(first - timedelta(days=1))
        first = (first - timedelta(days=1)).replace(day=1)
    first_stay = first_day([ledger.code], county_code)
    days = [day for day in reversed(days) if first_stay is None or day >= first_stay] or [today]
    values = stands(request.user, county_code, [ledger.code], days)
    shown: list[int | None] = []
    for value in reversed(values):
        # A point that differs by a few from the next one shown would tell of them.
        later = next((one for one in reversed(shown) if one is not None), value)
        shown.append(None if telling([value, abs(value - later)], ledger.small) else value)
    shown.reverse()
    options = {
        "tooltip": {"trigger": "axis", "formatter": "tooltip"},
        "xAxis": {"type": "category", "data": [f"{day:%Y-%m-%d}" for day in days]},
        "yAxis": {"type": "value", "minInterval": 1, "splitNumber": 3},
        "series": [
            {"name": _("未销号"), "type": "line", "data": shown, "label": {"show": True}, "symbolSize": 6}
        ],
    }
    change = values[-1] - values[-2] if len(values) > 1 else 0
    words = (
        _("未销号 %(now)s 件，比上月末多 %(n)s 件") if change > 0
        else _("未销号 %(now)s 件，比上月末少 %(n)s 件") if change < 0
        else _("未销号 %(now)s 件，与上月末相同")
    )  # fmt: skip
    if telling([values[-1]], ledger.small):
        words = _("人数过少，不显示")
    elif telling([abs(change)], ledger.small):
        words = _("未销号 %(now)s 件")
    finding = words % {"now": f"{values[-1]:,}", "n": f"{abs(change):,}"}
    return {
        "options": options,
        "finding": finding,
        "rows": list(zip(days, shown, strict=True)),
        "any": any(values),
    }


def stands(user: User, county_code: str, ledgers: Sequence[str], days: Sequence[date]) -> list[int]:
    """在册数 of each day, of several ledgers together, in one query; as `counting.stand` counts."""
    rows = Stay.objects.filter(
        scope_of(user).schools(), county_code=county_code, ledger__in=ledgers, phase__in=LIVE
    ).order_by()
    counts = {
        f"day{place}": Count("pk", filter=Q(since__lte=day) & (Q(until=None) | Q(until__gt=day)))
        for place, day in enumerate(days)
    }
    found = rows.aggregate(**counts)
    return [found[f"day{place}"] for place in range(len(days))]


def first_day(ledgers: Sequence[str], county_code: str) -> date | None:
    """When the county began to keep these ledgers: before that there is no number, and none is shown."""
    found: date | None = Stay.objects.filter(county_code=county_code, ledger__in=ledgers).aggregate(
        day=Min("since")
    )["day"]
    return found


def _map(here: Page, towns: dict[str, int | None]) -> dict[str, Any] | None:
    """Townships in shades by their counts; None where there is nothing to show."""
    names = dict(townships(here.county_code).values_list("code", "name"))
    data: list[dict[str, Any]] = [
        {"name": names[code], "value": count}
        for code, count in towns.items()
        if code in names and count is not None
    ]
    if not data:
        return None
    largest = max(one["value"] for one in data)
    top = max(data, key=lambda one: one["value"])
    return {
        "options": {
            "tooltip": {"trigger": "item", "formatter": "tooltip"},
            "visualMap": {
                "min": 0,
                "max": max(largest, 1),
                "left": 8,
                "bottom": 8,
                "calculable": False,
                "inRange": {"color": ["#f7f9fb", "#f8dcbc", "#e8a868"]},
                "text": [_("多"), _("少")],
            },
            "series": [
                {
                    "name": _("未销号"),
                    "type": "map",
                    "map": "county",
                    "data": data,
                    "label": {"show": True, "fontSize": 11, "color": "#1b2733"},
                    "layoutCenter": ["50%", "50%"],
                    "layoutSize": "96%",
                }
            ],
            "grid": None,
        },
        "finding": _("最多的是%(name)s：%(n)s 件") % {"name": top["name"], "n": f"{top['value']:,}"},
    }
