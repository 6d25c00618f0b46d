"""上学日: the working days inside a term. Pure: the calendar and the terms are given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from bureau.workdays.rules import Calendar

# No document of the county lays these down; they hold, marked as assumed, until somebody types the county's own days.
_AUTUMN, _AUTUMN_END, _SPRING, _SPRING_END = (9, 1), (1, 15), (3, 1), (7, 10)


@dataclass(frozen=True, slots=True)
class Span:
    """学期的起止, both days included; `assumed` until a person has typed them."""

    name: str
    since: date
    until: date
    assumed: bool = False


def term_name(day: date) -> str:
    """学期名 of a day: August to January are autumn (2026秋 lasts into January 2027), the rest spring."""
    if day.month >= 8:
        return f"{day.year}秋"
    return f"{day.year - 1}秋" if day.month == 1 else f"{day.year}春"


def assumed_span(name: str) -> Span:
    """假定的学期起止. Raises ValueError for what is no name of a term."""
    year, season = name[:-1], name[-1:]
    if not (year.isdigit() and len(year) == 4 and season in "秋春" and season):
        raise ValueError(f"“{name}”不是学期，请写成 2026秋 或 2026春")
    first = int(year)
    if season == "秋":
        return Span(name, date(first, *_AUTUMN), date(first + 1, *_AUTUMN_END), assumed=True)
    return Span(name, date(first, *_SPRING), date(first, *_SPRING_END), assumed=True)


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """校历: {name: span} of the terms a person typed, over the calendar of working days."""

    workdays: Calendar
    typed: Mapping[str, Span]
    _days: dict[tuple[date, date], list[date]] = field(default_factory=dict, compare=False, repr=False)

    def term(self, day: date) -> Span | None:
        """The term that a day lies in; typed terms come before assumed ones."""
        for span in self.typed.values():
            if span.since <= day <= span.until:
                return span
        name = term_name(day)
        if name in self.typed:
            return None
        span = assumed_span(name)
        return span if span.since <= day <= span.until else None

    def is_school_day(self, day: date) -> bool:
        """是否上学日."""
        return self.workdays.works(day) and self.term(day) is not None

    def between(self, since: date, until: date) -> Sequence[date]:
        """The school days from `since` to `until`, both included; none when they are the wrong way round."""
        if (since, until) not in self._days:
            days = (since + timedelta(days=n) for n in range((until - since).days + 1))
            self._days[since, until] = [day for day in days if self.is_school_day(day)]
        return self._days[since, until]

    def month(self, year: int, month: int) -> Sequence[date]:
        """The school days of a month."""
        return self.between(date(year, month, 1), month_end(date(year, month, 1)))

    def count(self, after: date, until: date) -> int:
        """School days after `after` up to and with `until`."""
        return len(self.between(after + timedelta(days=1), until))

    def last(self, day: date, *, reach: int = 60) -> date | None:
        """The newest school day up to and with `day`; None when there is none within `reach` days."""
        days = self.between(day - timedelta(days=reach), day)
        return days[-1] if days else None

    def doubts(self, since: date, until: date) -> str | None:
        """假定: a sentence when a term in the span was assumed, or a year's holidays are not confirmed."""
        spans = {span.name: span for day in (since, until) if (span := self.term(day))}
        names = [span.name for span in spans.values() if span.assumed]
        found = [f"{'、'.join(names)}的开学和放假日期还没有登记，按假定计算"] if names else []
        holidays = self.workdays.doubts(since, until)
        return "；".join([*found, *([holidays] if holidays else [])]) or None


def month_end(day: date) -> date:
    """The last day of the month."""
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return following - timedelta(days=1)
