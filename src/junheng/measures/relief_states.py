"""特殊情形的状态: which reliefs are in force on the day, until when, and whether the register contradicts their condition."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Literal

from junheng.measures.county_line import CountySchool
from junheng.measures.model import ReliefState
from junheng.policy import PackDay
from junheng.tables import codes

State = Literal["有效", "已到期", "未生效", "条件不符"]


def relief_states(
    found: Sequence[tuple[str, str, date, str]],
    schools: Mapping[str, CountySchool],
    names: Mapping[str, str],
    rules: PackDay,
) -> list[ReliefState]:
    """特殊情形: one state a row of the register, in its order. Without evidence a relief is not in force."""
    if not rules.has("relief.years"):
        return []
    years = int(rules.number("relief.years"))
    answer = []
    for code, relief, granted, evidence in found:
        expires = _later(granted, years)
        state: State = "有效"
        note = ""
        if granted > rules.day:
            state = "未生效"
        elif rules.day >= expires:
            state, note = "已到期", f"认定已满{years}年，应达到规定标准"
        elif not evidence:
            state, note = "条件不符", "没有认定依据，不适用放宽"
        else:
            school = schools.get(code)
            note = contradiction(school, relief, rules) if school else ""
            state = "条件不符" if note else state
        title = codes("relief").get(relief, relief)
        answer.append(
            ReliefState(code, names.get(code, ""), relief, title, granted, expires, state, evidence, note)
        )
    return answer


def contradiction(school: CountySchool, relief: str, rules: PackDay) -> str:
    """Why the register contradicts the relief's condition, "" when it does not (a blank contradicts nothing)."""
    check = _CONDITIONS.get(relief)
    return check(school, rules) if check else ""


def _built(standard: str) -> Callable[[CountySchool, PackDay], str]:
    def check(school: CountySchool, rules: PackDay) -> str:
        last = rules.number(standard)
        if school.built_year is not None and school.built_year > last:
            return f"规划建成年份{school.built_year}年晚于{last:g}年"
        return ""

    return check


def _small_class(school: CountySchool, rules: PackDay) -> str:
    under = rules.number("relief.rooms_small_class.under")
    if school.largest_class is not None and school.largest_class >= under:
        return f"最大班额{school.largest_class}人，不少于{under:g}人"
    return _rural(school, rules)


def _rural(school: CountySchool, rules: PackDay) -> str:
    if school.locale and not school.locale.startswith(rules.text("locale.rural")):
        return "城乡类型不是乡村"
    return ""


def _migrants(school: CountySchool, rules: PackDay) -> str:
    above = rules.number("relief.size_migrant.share_above")
    if school.migrant_share is not None and school.migrant_share <= above:
        return f"随迁子女占{school.migrant_share:.1%}，没有超过{above:.0%}"
    return ""


def _shared(school: CountySchool, rules: PackDay) -> str:
    bounds = rules.by_stage("relief.arts_sports_shared.students")
    known = [count for count in school.pupils.values() if count is not None]
    if known and not any(bounds["不少于"] <= count < bounds["少于"] for count in known):
        return f"在校生数不在{bounds['不少于']:g}人至{bounds['少于']:g}人（不含）之间"
    return _rural(school, rules)


_CONDITIONS: dict[str, Callable[[CountySchool, PackDay], str]] = {
    "arts_sports_shared": _shared,
    "rooms_built_2016": _built("relief.rooms_built_2016.built_by"),
    "rooms_small_class": _small_class,
    "size_built_2010": _built("relief.size_built_2010.built_by"),
    "size_migrant": _migrants,
}


def _later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, month=3, day=1)
