"""已发放的各笔: what was paid by batches and past them, in the one shape that the audit looks at. Reads only."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet

from bureau.entitlements.paid_models import PaidLine
from bureau.entitlements.queries import county_book
from bureau.payments.batch_queries import number_words
from bureau.payments.models import Line
from bureau.payments.money import yuan
from bureau.registry.queries import known_schools, latest_day


@dataclass(frozen=True, slots=True)
class Paid:
    """一笔已发放, with what the queries look at."""

    line: int
    award: int
    batch: str
    county: str
    kind: str
    key: str
    name: str
    school_code: str
    school_name: str
    clause: str
    clause_name: str
    term: str
    fen: int
    account: str
    tail: str
    holder: str
    paid_on: date
    state: str

    @property
    def words(self) -> tuple[str, str]:
        """As evidence."""
        where = f"{self.paid_on:%Y-%m-%d} {self.batch}"
        fen = yuan(self.fen)
        if not self.tail:
            return where, f"{self.name}（{self.school_name}）“{self.clause_name}”，{self.term}学期，{fen} 元"
        return (
            where,
            f"{self.name}（{self.school_name}）“{self.clause_name}”，{self.term}学期，{fen} 元，账号尾号 {self.tail}，户名“{self.holder}”",
        )


_FIELDS = (
    "pk", "award", "batch__year", "batch__serial", "award__county_code", "award__person_kind", "award__person_key", "award__person_name",
    "award__school_code", "award__school_name", "award__clause", "award__round__clause_name", "award__term", "fen", "account__number_lookup",
    "account__number_tail", "account__holder_name", "paid_on", "state",
)  # fmt: skip


def paid_lines(county_code: str) -> list[Paid]:
    """已发放和发放后退回的各笔 of a county, the earliest first."""
    return list(_paid(batch__county_code=county_code))


def lines_elsewhere(county_code: str, here: Collection[tuple[str, str]]) -> Iterator[Paid]:
    """What other counties paid to the same (person, term)."""
    batched = Line.objects.filter(state="paid").exclude(batch__county_code=county_code)
    listed = _listed().filter(fen__gt=0).exclude(list__county_code=county_code)
    places = {
        *batched.order_by().values_list("batch__county_code", "award__person_key", "award__term"),
        *listed.order_by().values_list("list__county_code", "student_key", "list__term"),
    }
    for county in sorted({county for county, key, term in places if (key, term) in here}):
        for one in standing_lines(county):
            if one.state == "paid" and (one.key, one.term) in here:
                yield one


def standing_lines(county_code: str) -> list[Paid]:
    """各笔 of batches and lists, less what lists say came back: off the latest of the same person, clause and term first."""
    rows = [*paid_lines(county_code), *listed_lines(county_code)]
    back: Counter[tuple[str, str, str]] = Counter()
    returned = _listed().filter(list__county_code=county_code, fen__lt=0)
    for key, clause, term, fen in returned.values_list("student_key", "clause", "list__term", "fen"):
        back[key, clause, term] -= fen
    if not back:
        return rows
    kept = []
    for one in sorted(rows, key=lambda row: row.paid_on, reverse=True):
        place = (one.key, one.clause, one.term)
        taken = min(back[place], one.fen) if one.state == "paid" else 0
        back[place] -= taken
        if taken < one.fen:
            kept.append(replace(one, fen=one.fen - taken))
    return kept[::-1]


def _listed() -> QuerySet[PaidLine]:
    """Lines of lists in force that are not the echo of a batch."""
    rows = PaidLine.objects.filter(list__state="in_force").exclude(student_key="")
    return rows.exclude(list__reference__startswith="batch:")


def _paid(**where: Any) -> Iterator[Paid]:
    rows = Line.objects.filter(paid_on__isnull=False, **where).order_by("paid_on", "id")
    for line, award, year, serial, *rest in rows.values_list(*_FIELDS):
        yield Paid(line, award, number_words(year, serial), *rest)


def listed_lines(county_code: str) -> list[Paid]:
    """另外发放的各笔: what uploaded lists say was paid past the batches; their numbers are below zero."""
    names = {clause.id: clause.name for clause in county_book(county_code).clauses}
    schools = known_schools(latest_day(county_code) or date.min, county_code)
    rows = _listed().filter(list__county_code=county_code, paid_on__isnull=False, fen__gt=0)
    return [
        Paid(
            -pk, -pk, source, county_code, "student", key, name, school, schools.get(school, ""), clause, names.get(clause, clause), term, fen,
            account, "", "", paid_on or date.min, "paid",
        )
        for pk, source, key, name, school, clause, term, fen, account, paid_on in rows.order_by("paid_on", "id").values_list(
            "pk", "list__source", "student_key", "person_name", "school_code", "clause", "list__term", "fen", "account_lookup", "paid_on"
        )
    ]  # fmt: skip
