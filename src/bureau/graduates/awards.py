"""评定名单: what others alone decide of those who study elsewhere (奖学金 …), by the lists that they send; valid for a school year.

Which facts these are stands in the aid packs (`list_of`). A list says 是 or 否 of whom it names; of all others nothing is known.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, QuerySet

from bureau.entitlements.queries import county_book
from bureau.graduates import rules
from bureau.graduates.models import ComeList, ListLine
from bureau.graduates.states import POINTED
from junheng.aid.reading import to_fact
from junheng.intake.cells import Flaw, narrow
from junheng.intake.filled import Filled
from junheng.policy.clauses import Fact
from junheng.tables import Column

AWARD = "奖项"
MEANT_AWARD = ("奖项名称", "获奖项目", "奖助项目", "奖学金名称", "获奖名称", "资助项目", "项目名称")


@dataclass(frozen=True, slots=True)
class Told:
    """名单的一个说法: yes or no, by which list of which day, in which row."""

    value: bool
    title: str
    day: date
    row: int


def facts_by_list(county_code: str) -> list[Fact]:
    """以名单为准的事实 of the county's clauses."""
    book = county_book(county_code)
    return [book.facts[name] for name in sorted(book.by_list)]


def headings_of(facts: Iterable[Fact]) -> dict[str, tuple[str, ...]]:
    """{heading: other words for it} of the columns that a list of this kind may have: one for each fact, or one that names the award."""
    found: dict[str, tuple[str, ...]] = {AWARD: MEANT_AWARD}
    for fact in facts:
        words = (fact.name, *fact.synonyms)
        found[fact.name] = (*words[1:], *(f"是否{word}" for word in words))
    return found


def facts_in(row: Filled, facts: Sequence[Fact]) -> dict[str, bool]:
    """What a row says of these facts; a row that says nothing is a problem of the list."""
    found: dict[str, bool] = {}
    for fact in facts:
        column = Column(fact.name, fact.name, "flag", meaning=fact.meaning)
        value = to_fact(fact, narrow(row.cells.get(fact.name, "")), column)
        if isinstance(value, Flaw):
            row.wrong(fact.name, value.message)
        elif value is not None:
            found[fact.name] = value
    award = row.text(AWARD, longest=60)
    found |= {fact.name: True for fact in facts if award and award in (fact.name, *fact.synonyms)}
    if not found:
        known = "、".join((fact.synonyms or (fact.name,))[-1] for fact in facts)
        row.wrong(
            AWARD,
            f"{f'“{award}”不是以名单为准的奖项' if award else '没有填写'}，应为：{known}；不属于的请删去这一行",
        )
    return found


def told_on(county_code: str, day: date) -> dict[str, dict[str, Told]]:
    """{student key: {fact: what the newest list of the school year says}}."""
    first = date(rules.school_year(day), 9, 1)
    rows = _in_force(county_code).filter(of__day__gte=first, of__day__lt=first.replace(year=first.year + 1))
    found: dict[str, dict[str, Told]] = {}
    for key, facts, title, at, number in rows.order_by("of__day", "of", "number").values_list(
        "leaver__student_key", "facts", "of__title", "of__day", "number"
    ):
        told = found.setdefault(key, {})
        told |= {name: Told(value, title, at, number) for name, value in facts.items()}
    return found


def stamp(county_code: str) -> str:
    """Another text whenever what the lists say is another."""
    rows = _in_force(county_code).aggregate(n=Count("pk"), last=Max("pk"), decided=Max("decided_at"))
    return f" {rows['n']} {rows['last']} {rows['decided'] or ''}" if rows["n"] else ""


def _in_force(county_code: str) -> QuerySet[ListLine]:
    return ListLine.objects.filter(
        of__county_code=county_code,
        of__kind=ComeList.Kind.AWARD,
        of__state="done",
        of__withdrawn_at=None,
        state__in=POINTED,
        leaver__isnull=False,
    )


def as_origins(told: Mapping[str, Told]) -> dict[str, dict[str, object]]:
    """Where each fact comes from, as an evaluation keeps it."""
    return {
        name: {
            "value": one.value,
            "source": one.title,
            "day": one.day.isoformat(),
            "place": f"{one.row}",
            "list": True,
        }
        for name, one in told.items()
    }
