"""个案报表: figures of a ledger over a time, laid out as its pack says; every figure is a movement that can be opened."""

from dataclasses import dataclass
from datetime import date
from statistics import fmean

from bureau.cases import packs
from bureau.cases.counting import Movement, age_of, kept_since, movement, schools_townships
from bureau.cases.hiding import hidden_groups, telling
from bureau.cases.lateness import by_group, late_on
from bureau.cases.models import Event
from bureau.cases.seeing import visible
from bureau.people.models import Area, User
from bureau.people.rules import Refused
from bureau.registry.queries import known_schools
from junheng.policy.ledgers import FIGURE_WORDS, LEVEL_WORDS, Ledger, Setting

ROW_WORDS = {"school": "学校", "township": "乡镇", "state": "状态", "age": "周岁", "level": "级别"}
TOTAL = "合计"
HIDDEN = "人数过少，不显示"


@dataclass(frozen=True, slots=True)
class ReportRow:
    """报表一行. `key` is the code behind the words; `figures` in the order of the headings, None when hidden or unknown."""

    key: str
    words: str
    figures: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class ReportTable:
    """报表. `names` are the figures' own names beside their headings, for opening one of them."""

    title: str
    row_heading: str
    names: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[ReportRow, ...]
    total: ReportRow
    notes: tuple[str, ...]
    checks: bool


def report(
    user: User, county_code: str, ledger: str, name: str, *, since: date, until: date, today: date
) -> ReportTable:
    """报表 from the evening of `since` to that of `until`. Raises Refused when the ledger has no such report."""
    of = packs.ledger(county_code, ledger)
    try:
        layout = of.report(name)
    except KeyError:
        raise Refused(f"“{of.title}”没有这种报表") from None
    moved = movement(user, ledger, since, until, by=layout.rows, county=county_code)
    late: Numbers = {}
    if "overdue" in layout.figures:
        late = by_group(late_on(user, of, county_code, until, today=today), layout.rows, until)
    days = (
        _days_to_solve(user, county_code, ledger, layout.rows, since, until)
        if "returned_days" in layout.figures
        else {}
    )
    words = _words(of, county_code, layout.rows, until)
    keys = sorted(
        {*moved, *late, *days} - {TOTAL}, key=lambda key: (_years(key, layout.rows), words.get(key, key), key)
    )
    stands = {key: moved.get(key, Movement()).after for key in keys}
    parents = schools_townships(county_code, ledger) if of.small and layout.rows == "school" else None
    gone = hidden_groups(stands, of.small, parents)
    rows, kept_back = [], False
    for key in keys:
        figures = tuple(_figure(one, moved.get(key, Movement()), late, days, key) for one in layout.figures)
        shown = (None,) * len(figures) if key in gone else _shown(layout.figures, figures, of.small)
        kept_back |= shown != figures
        rows.append(ReportRow(key, words.get(key, key) or "未知", shown))
    total = _total(layout.figures, moved, late, days)
    whole = _shown(layout.figures, total.figures, of.small, stand_only=kept_back)
    kept_back |= whole != total.figures
    notes = [f"期间 {since} 至 {until}；数字由台账得出，可逐项打开"]
    if "overdue" in layout.figures and until < today:
        notes.append(f"“逾期”是{until}当天的数，按现在的期限设置和工作日历重新计算")
    began = kept_since(county_code, ledger)
    if began is None or began > until:
        notes.append(f"到{until}本县还没有用这本台账，0 不表示没有")
    if kept_back:
        notes.append(f"少于 {of.small} 件的分组不显示，以保护个人信息")
    notes += [
        f"“{setting.title}”{setting.value}{setting.unit}：假定，尚未由本县确认"
        for setting in _counted_by(of)
        if setting.assumed
    ]
    return ReportTable(
        layout.title,
        ROW_WORDS[layout.rows],
        layout.figures,
        tuple(FIGURE_WORDS[one] for one in layout.figures),
        tuple(rows),
        ReportRow(total.key, total.words, whole),
        tuple(notes),
        all(one.checks for one in moved.values()),
    )


Numbers = dict[str, float]


def _years(key: str, rows: str) -> int:
    """Ages in their order, the unknown last; nothing for other groups."""
    return (int(key) if key.isdigit() else 999) if rows == "age" else 0


def _figure(name: str, moved: Movement, late: Numbers, days: Numbers, key: str) -> float | None:
    match name:
        case "stand":
            return moved.after
        case "solved":
            return moved.returned
        case "overdue":
            return late.get(key, 0)
        case "returned_days":
            return days.get(key)
        case _:
            return float(getattr(moved, name))


def _shown(
    names: tuple[str, ...], figures: tuple[float | None, ...], small: int, *, stand_only: bool = False
) -> tuple[float | None, ...]:
    """The figures of a row or of the total that may be shown: one small number takes all but the stand along, from which it could be told."""
    numbered = list(zip(names, figures, strict=True))
    if not stand_only and not telling([value for name, value in numbered if name != "returned_days"], small):
        return figures
    return tuple(
        value if name == "stand" and not telling([value], small) else None for name, value in numbered
    )


def _total(names: tuple[str, ...], moved: dict[str, Movement], late: Numbers, days: Numbers) -> ReportRow:
    figures = []
    for name in names:
        if name == "returned_days":
            figures.append(days.get(TOTAL))
            continue
        parts = [_figure(name, moved.get(key, Movement()), late, days, key) for key in {*moved, *late}]
        figures.append(sum(part for part in parts if part is not None))
    return ReportRow(TOTAL, TOTAL, tuple(figures))


_FIELD = {"school": "school_code", "township": "township_code", "state": "state", "level": "level"}


def _counted_by(of: Ledger) -> list[Setting]:
    """设置 that the figures rest on: what finds a case, and what makes it overdue."""
    deadlines = {state.setting for state in of.states}
    queries = " ".join(detector.sql for detector in of.detectors)
    return [one for one in of.settings if one.name in deadlines or f"${one.name}" in queries]


def _days_to_solve(user: User, county_code: str, ledger: str, rows: str, since: date, until: date) -> Numbers:
    """Average days from being found to the data showing it solved, of those solved in the time; the whole under 合计."""
    events = Event.objects.filter(
        of__in=visible(user).filter(county_code=county_code, ledger=ledger).values("pk"),
        what=Event.What.GONE,
        day__gt=since,
        day__lte=until,
    ).select_related("of")
    found: dict[str, list[int]] = {}
    for event in events:
        days = (event.day - event.of.opened_on).days
        found.setdefault(TOTAL, []).append(days)
        group = age_of(event.of.birth_date, until) if rows == "age" else str(getattr(event.of, _FIELD[rows]))
        found.setdefault(group, []).append(days)
    return {key: round(fmean(days), 1) for key, days in found.items()}


def _words(of: Ledger, county_code: str, rows: str, day: date) -> dict[str, str]:
    match rows:
        case "school":
            return known_schools(day, county_code)
        case "township":
            return dict(
                Area.objects.filter(kind="township", path__startswith=f"{county_code}/").values_list(
                    "code", "name"
                )
            )
        case "state":
            return {state.name: state.title for state in of.states}
        case "level":
            return dict(LEVEL_WORDS)
        case _:
            return {}
