"""学期 (term): the half years for which aid is judged and paid, and which of them the register can answer for."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from bureau.registry.queries import days_with_data
from junheng.aid.totals import AUTUMN, SPRING, term_day

_TEXT = re.compile(r"(20\d\d)\s*年?\s*(春|秋)(?:季)?(?:学期)?")


@dataclass(frozen=True, slots=True, order=True)
class Term:
    """学期: the year it begins in and 春 or 秋; later terms are greater."""

    year: int
    season: str

    @property
    def text(self) -> str:
        """2026秋."""
        return f"{self.year}{self.season}"

    @property
    def first(self) -> date:
        """Its first day; the rules of that day are the rules of the term."""
        return term_day(self.year, self.season)

    @property
    def last(self) -> date:
        """The day before the next term."""
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> "Term":
        """The term after it."""
        return Term(self.year, AUTUMN) if self.season == SPRING else Term(self.year + 1, SPRING)

    @property
    def before(self) -> "Term":
        """The term before it."""
        return Term(self.year, SPRING) if self.season == AUTUMN else Term(self.year - 1, AUTUMN)

    @property
    def opening(self) -> date:
        """1 August before its school year: from then on a register holds the grades of this school year."""
        return date(self.year if self.season == AUTUMN else self.year - 1, 8, 1)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class TermState:
    """一个学期能否判断: the data day of the student register it rests on, or why it cannot be judged."""

    term: Term
    register_day: date | None
    why_not: str | None


def term_of(day: date) -> Term:
    """The term that a day lies in."""
    if day.month >= 9:
        return Term(day.year, AUTUMN)
    return Term(day.year, SPRING) if day.month >= 3 else Term(day.year - 1, AUTUMN)


def parse(text: str) -> Term:
    """“2026秋”, “2026年秋季学期” → Term. ValueError with a sentence."""
    found = _TEXT.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"“{text[:20]}”不是学期，请写成“2026秋”或“2026春”")
    return Term(int(found[1]), found[2])


def register_day(term: Term, days: list[date], today: date) -> date | None:
    """The newest data day of the term's own school year up to its end: the year after, every child is a grade higher."""
    return max((day for day in days if term.opening <= day <= min(term.last, today)), default=None)


def facts_day(term: Term, register: date, today: date) -> date:
    """The day as of which outside registers are read: today in the open term, the last day of one that is over."""
    return max(register, min(term.last, today))


def why_not_judge(term: Term, days: list[date], today: date) -> str | None:
    """为什么这个学期不能判断. `days`: data days of the student register."""
    if term.first > today:
        return f"{term}学期还没有开始"
    if not days:
        return "还没有学籍数据，请先导入学生登记册"
    if register_day(term, days, today) is None:
        nearest = f"{min(days, key=lambda day: abs(day - term.first)):%Y-%m-%d}"
        return f"{term}学期所在学年没有学籍数据（最近的是 {nearest}），年级对不上；请先导入该学年的学生登记册"
    return None


def terms_of(county_code: str, today: date) -> list[TermState]:
    """Every term from the first data day to today, newest first."""
    days = days_with_data(county_code, "students")
    term = term_of(today)
    earliest = term_of(min(days)) if days else term
    found = []
    while term >= earliest:
        found.append(TermState(term, register_day(term, days, today), why_not_judge(term, days, today)))
        term = term.before
    return found


def open_term(county_code: str, today: date) -> Term | None:
    """The newest term that can be judged: the one that is being paid now."""
    return next((state.term for state in terms_of(county_code, today) if state.why_not is None), None)
