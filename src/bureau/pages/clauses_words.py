"""条款的说法: conditions, amounts, grades and periods of a clause in the words of the office."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from bureau.pages.cells import said
from junheng.aid.reasons import amount
from junheng.policy.clauses import (
    ANY_GRADE,
    TOP_GRADE,
    AllOf,
    AnyOf,
    Book,
    Clause,
    Condition,
    FactIs,
    Named,
    Not,
    Rate,
)

_EVERY_GRADE = (1, TOP_GRADE)
EVERYBODY = "不另设条件"
IN_FORCE, WAITS, NOT_YET, ENDED = "有效", "待确认，不能发放", "未生效", "已到期"


def condition_words(condition: Condition) -> str:
    """享受条件一句: “寄宿，且属于家庭经济困难（困难、建档立卡、低保或特困）”."""
    match condition:
        case FactIs(fact):
            return fact
        case Not(FactIs(fact)):
            return f"非{fact}"
        case Not(part):
            return f"不符合“{condition_words(part)}”"
        case Named(name, part):
            return f"属于{name}（{condition_words(part)}）"
        case AllOf(()):
            return EVERYBODY
        case AllOf(parts):
            asked = [
                part for part in parts if part != AllOf(())
            ]  # a tier for everybody else asks for nothing more
            return _all_of(asked) if len(asked) > 1 else condition_words(asked[0]) if asked else EVERYBODY
        case AnyOf(parts):
            return _listed([_inner(part) for part in parts])


def _inner(part: Condition) -> str:
    """A part with parts of its own stands in brackets."""
    words = condition_words(part)
    return f"（{words}）" if isinstance(part, AllOf | AnyOf) and len(part.parts) > 1 else words


def _all_of(parts: Sequence[Condition]) -> str:
    first, *others = parts
    return f"{_inner(first)}，且{_all_of(others)}" if others else _inner(first)


def _listed(words: list[str]) -> str:
    return f"{'、'.join(words[:-1])}或{words[-1]}" if len(words) > 1 else "".join(words)


def grade_words(rate: Rate, stages: tuple[str, ...]) -> str:
    """学段和年级: “小学、初中”, “本科1年级”, “学前3年级及以上”, in the language of the page."""
    return _("、").join(_place(stage, *rate.grades.get(stage, _EVERY_GRADE)) for stage in stages)


def _place(stage: str, low: int, high: int) -> str:
    values = {"stage": said(stage), "low": low, "high": high}
    if (low, high) == _EVERY_GRADE:
        return said(stage)
    if low == high:
        return _("%(stage)s%(low)s年级") % values
    if high >= TOP_GRADE:
        return _("%(stage)s%(low)s年级及以上") % values
    return _("%(stage)s%(low)s至%(high)s年级") % values


def amount_words(clause: Clause, rate: Rate) -> list[str]:
    """标准: one phrase where every stage and grade gets the same, else one for each."""
    found: dict[str, None] = {}
    by_place = _by_place(clause, rate)
    for place, fen in by_place.items():
        words = amount(clause, rate, fen)
        found[f"{place}：{words}" if len(set(by_place.values())) > 1 else words] = None
    return list(found) or [amount(clause, rate, 0)]


def _by_place(clause: Clause, rate: Rate) -> Mapping[str, int]:
    """{“小学” or “本科2年级及以上”: fen}."""
    found: dict[str, int] = {}
    for stage in clause.stages:
        grades = sorted((grade, fen) for (place, grade), fen in rate.fen.items() if place == stage)
        if grades and grades[0][0] == ANY_GRADE:
            found[said(stage)] = grades.pop(0)[1]
        runs: list[tuple[int, int, int]] = []
        for grade, fen in grades:
            if runs and runs[-1][2] == fen and runs[-1][1] == grade - 1:
                runs[-1] = (runs[-1][0], grade, fen)
            else:
                runs.append((grade, grade, fen))
        found |= {_place(stage, low, high): fen for low, high, fen in runs}
    return found


def standing(clause: Clause, day: date, county: str) -> str:
    """某日的效力: whether the clause is in force for the county, and whether it may be paid."""
    rate = clause.on(day)
    if rate is not None:
        return IN_FORCE if rate.payable_in(county) else WAITS
    first = clause.rates[0].since
    return NOT_YET if first is not None and day < first else ENDED


def reaches(clause: Clause, county: str) -> bool:
    """Whether a clause speaks of the county: its own, its region's and the nation's."""
    return any(county.startswith(area) for area in clause.areas)


def known_names(book: Book) -> dict[str, str]:
    """{name: meaning} of what a condition may ask for: definitions first, then facts."""

    found = {
        name: condition_words(part.part)
        for pack in book.packs
        for name, part in pack.definitions.items()
        if isinstance(part, Named)
    }
    return found | {name: fact.meaning for name, fact in book.facts.items()}


def money_of(text: str) -> int | float | None:
    """“2,000”, “2000元”, “0.2万元” → 元; None when it is no sum above zero."""
    bare = re.sub(r"[\s,，]", "", text).removesuffix("元")
    times = 10_000 if bare.endswith("万") else 1
    bare = bare.removesuffix("万")
    if not re.fullmatch(r"\d{1,9}(\.\d{1,4})?", bare):
        return None
    found = round(float(bare) * times, 2)
    if found <= 0:
        return None
    return int(found) if found.is_integer() else found
