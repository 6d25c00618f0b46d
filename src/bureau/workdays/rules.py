"""工作日规则: counting working days over a table of exceptions. Pure: the table and the days are given."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bureau.people.rules import Permission, why_not

SATURDAY = 5
LONGEST_DEADLINE = 500
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """工作日历: {day: worked?} for days that differ from Monday to Friday; `known` are the years a person has confirmed."""

    special: Mapping[date, bool]
    known: Collection[int] = ()

    def works(self, day: date) -> bool:
        """是否工作日."""
        return self.special.get(day, day.weekday() < SATURDAY)

    def after(self, start: date, days: int) -> date:
        """从次日起第几个工作日: the day on which a deadline of `days` working days from `start` ends (0 = `start` itself).

        Raises ValueError for a negative or absurd number of days.
        """
        if not 0 <= days <= LONGEST_DEADLINE:
            raise ValueError(f"工作日数“{days}”应在 0 到 {LONGEST_DEADLINE} 之间")
        day, left = start, days
        while left:
            day += ONE_DAY
            left -= self.works(day)
        return day

    def between(self, start: date, end: date) -> int:
        """两日之间的工作日数: those after `start` up to and with `end`; negative when `end` is before `start`."""
        if end < start:
            return -self.between(end, start)
        return sum(self.works(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))

    def doubts(self, start: date, end: date) -> str | None:
        """假定: a sentence when the days lie in a year nobody has confirmed, where holidays may be missing."""
        years = [str(year) for year in range(start.year, end.year + 1) if year not in self.known]
        if not years:
            return None
        return f"{'、'.join(years)}年的节假日还没有人确认，期限按现有工作日历计算，属假定"


def why_not_change(*, by_role: str) -> str | None:
    """为什么不能修改工作日历."""
    return why_not(by_role, Permission.CHANGE_WORKDAYS)


def why_not_day(day: date, *, working: bool, name: str, source: str) -> str | None:
    """为什么这一天不行: it must differ from the ordinary week, and say why and by which notice."""
    if working == (day.weekday() < SATURDAY):
        words = "周一至周五，本来就上班" if working else "周末，本来就休息"
        return f"{day:%Y-%m-%d}是{words}，不用登记"
    if not name.strip():
        return f"请填写{day:%Y-%m-%d}的名称，例如“国庆节”或“国庆节调休”"
    if not source.strip():
        return f"请填写{day:%Y-%m-%d}的依据，例如放假通知的文号"
    return None


def why_not_confirm(*, by_role: str, year: int, notice: str, days: int) -> str | None:
    """为什么不能确认这一年."""
    refusal = why_not_change(by_role=by_role)
    if refusal:
        return refusal
    if not days:
        return f"{year}年还没有登记节假日，请先登记或导入"
    if not notice.strip():
        return "请填写放假通知的名称或文号"
    return None
