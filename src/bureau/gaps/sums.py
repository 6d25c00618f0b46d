"""缺口的合计: the gaps of an account read once, and what they add up to by view, indicator and office."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from bureau.cases.seeing import visible
from bureau.gaps.rules import CODE, LEDGER, TITLE, UNIT, found_amount, number_of
from bureau.people.models import User
from junheng.policy.ledgers import LIVE


@dataclass(frozen=True, slots=True)
class Gap:
    """一条缺口 for adding up: read once, however many sums a page shows."""

    code: str
    title: str
    unit: str
    school_code: str
    office: str
    state: str
    phase: str
    due: date | None
    shortage: float | None
    unit_price: float | None

    def is_late(self, today: date) -> bool:
        """超期: as `late`, for one."""
        return self.due is not None and self.due < today and self.phase in ("open", "claimed")


def all_of(user: User, county_code: str) -> list[Gap]:
    """All gaps an account may see, ended ones too."""
    rows = visible(user).filter(ledger=LEDGER, county_code=county_code).order_by()
    return [
        Gap(
            code=str(evidence.get(CODE, "")),
            title=str(evidence.get(TITLE, "")),
            unit=str(evidence.get(UNIT, "")),
            school_code=school_code,
            office=str(fields.get("office") or ""),
            state=state,
            phase=phase,
            due=due,
            shortage=0.0 if gone is not None else found_amount(evidence),
            unit_price=number_of(fields.get("unit_price")),
        )
        for evidence, fields, school_code, state, phase, due, gone in rows.values_list(
            "evidence", "fields", "school_code", "state", "phase", "due", "evidence_gone_on"
        )
    ]


def view_counts(found: Sequence[Gap], *, today: date) -> dict[str, int]:
    """{view: number of lines}; it says the same as `condition`."""
    phases = Counter(one.phase for one in found)
    return {
        "open": sum(phases[phase] for phase in LIVE),
        "contradiction": phases["claimed"],
        "overdue": sum(one.is_late(today) for one in found),
        "unplanned": sum(one.state == "open" for one in found),
        "solved": phases["solved"],
        "closed": phases["closed"],
        "all": len(found),
    }


def still_open(found: Sequence[Gap]) -> list[Gap]:
    """未销号的."""
    return [one for one in found if one.phase in LIVE]


@dataclass(frozen=True, slots=True)
class Group:
    """小计: the open lines of one indicator or office."""

    key: str
    title: str
    lines: int
    schools: int
    shortage: float
    unit: str
    overdue: int


def counts_by_indicator(found: Sequence[Gap], *, today: date) -> list[Group]:
    """Open lines by indicator, with the shortage added up in its unit."""
    return _grouped(found, lambda one: (one.code, one.title, one.unit), today)


def counts_by_office(found: Sequence[Gap], *, today: date) -> list[Group]:
    """Open lines by responsible office; "" is not assigned yet."""
    return _grouped(found, lambda one: (one.office, one.office, ""), today)


def _grouped(found: Sequence[Gap], key: Callable[[Gap], tuple[str, str, str]], today: date) -> list[Group]:
    groups: dict[tuple[str, str, str], list[Gap]] = {}
    for one in still_open(found):
        groups.setdefault(key(one), []).append(one)
    return [
        Group(
            key=name,
            title=title,
            lines=len(group),
            schools=len({one.school_code for one in group}),
            shortage=sum(one.shortage or 0.0 for one in group),
            unit=unit,
            overdue=sum(one.is_late(today) for one in group),
        )
        for (name, title, unit), group in sorted(groups.items())
    ]
