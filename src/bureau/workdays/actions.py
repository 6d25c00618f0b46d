"""工作日历的写入. Changing a day of a confirmed year takes its confirmation away: somebody must look again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.rules import demand
from bureau.workdays import rules
from bureau.workdays.models import ConfirmedYear, SpecialDay
from bureau.workdays.seed import published


@dataclass(frozen=True, slots=True)
class Entry:
    """一天, as entered."""

    day: date
    working: bool
    name: str
    source: str


def set_days(*, entries: Iterable[Entry], by: User, at: datetime, address: str = "") -> int:
    """登记特殊日, all or none; answers how many changed. Raises Refused with every problem at once."""
    wanted = list(entries)
    problems = [
        problem
        for one in wanted
        if (problem := rules.why_not_day(one.day, working=one.working, name=one.name, source=one.source))
    ]
    demand(rules.why_not_change(by_role=by.role) or "；".join(problems) or None)
    with transaction.atomic():
        there = SpecialDay.objects.in_bulk([one.day for one in wanted], field_name="day")
        changed = [one for one in wanted if _differs(there.get(one.day), one)]
        for one in changed:
            SpecialDay.objects.update_or_create(
                day=one.day,
                defaults={
                    "working": one.working,
                    "name": one.name.strip(),
                    "source": one.source.strip(),
                    "by": by,
                    "at": at,
                },
            )
        if changed:
            _unconfirm(one.day.year for one in changed)
            detail = {
                "days": [f"{one.day} {'上班' if one.working else '休息'} {one.name}" for one in changed]
            }
            write(
                by=by, verb=Verb.CHANGE_SETTING, obj=("workdays", ""), detail=detail, at=at, address=address
            )
    return len(changed)


def remove_day(*, day: date, by: User, at: datetime, address: str = "") -> None:
    """删去一个特殊日: it is an ordinary day of the week again."""
    demand(rules.why_not_change(by_role=by.role))
    with transaction.atomic():
        gone, _ = SpecialDay.objects.filter(day=day).delete()
        demand(None if gone else f"{day:%Y-%m-%d}没有登记")
        _unconfirm([day.year])
        obj = ("workdays", day.isoformat())
        write(by=by, verb=Verb.DELETE, obj=obj, at=at, address=address)


def load_published(*, year: int, by: User | None, at: datetime, address: str = "") -> int:
    """载入随包数据: the package's copy of a year's holidays, assumed until confirmed; days entered by people stay.

    Answers how many days were added; raises Refused for a year that the package does not know.
    """
    if by is not None:
        demand(rules.why_not_change(by_role=by.role))
    rows = published(year)
    demand(None if rows else f"随包数据没有{year}年的节假日，请按放假通知逐日登记或用 Excel 导入")
    with transaction.atomic():
        there = set(SpecialDay.objects.filter(day__year=year).values_list("day", flat=True))
        made = SpecialDay.objects.bulk_create(
            SpecialDay(
                day=row.day, working=row.working, name=row.name, source="随包数据，待确认", by=by, at=at
            )
            for row in rows
            if row.day not in there
        )
        if made:
            _unconfirm([year])
            obj = ("workdays", str(year))
            write(
                by=by,
                verb=Verb.CHANGE_SETTING,
                obj=obj,
                detail={"rows": len(made)},
                at=at,
                address=address,
            )
    return len(made)


def confirm_year(*, year: int, notice: str, by: User, at: datetime, address: str = "") -> None:
    """确认一年的节假日: a named person has compared them with the notice. Raises Refused."""
    days = SpecialDay.objects.filter(day__year=year).count()
    demand(rules.why_not_confirm(by_role=by.role, year=year, notice=notice, days=days))
    with transaction.atomic():
        ConfirmedYear.objects.update_or_create(
            year=year, defaults={"notice": notice.strip(), "by": by, "at": at}
        )
        obj = ("workdays", str(year))
        write(by=by, verb=Verb.CONFIRM, obj=obj, detail={"notice": notice.strip()}, at=at, address=address)


def _differs(there: SpecialDay | None, one: Entry) -> bool:
    return there is None or (there.working, there.name, there.source) != (
        one.working,
        one.name.strip(),
        one.source.strip(),
    )


def _unconfirm(years: Iterable[int]) -> None:
    ConfirmedYear.objects.filter(year__in=set(years)).delete()
