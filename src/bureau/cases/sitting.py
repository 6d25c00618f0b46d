"""一次办理: what one account needs to know while it works on one case or on many, asked once and not once a case.

It lasts no longer than one transaction: the cases it gives are locked, so what it remembers of them cannot become untrue.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, QuerySet

from bureau.cases import packs
from bureau.cases.models import Case, Event
from bureau.cases.rules import CLEARED
from bureau.cases.seeing import within
from bureau.people.clearances import cleared
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.workdays import queries as workdays
from bureau.workdays.rules import Calendar
from junheng.policy.ledgers import Ledger


@dataclass(frozen=True, slots=True)
class Question:
    """Which cases are wanted, in the words of the database."""

    ids: frozenset[int]
    rows: QuerySet[Any, Any]


class Sitting:
    """一次办理 of `by`, inside a transaction. Without `fetch` every case is read when it is asked for."""

    def __init__(self, by: User) -> None:
        self.by = by
        self._cases: dict[int, Case | None] = {}
        self._reached: dict[int, bool] = {}
        self._ledgers: dict[tuple[str, str], Ledger] = {}
        self._recorded: dict[UUID, int | None] = {}

    @classmethod
    def of(cls, by: User, shared: "Sitting | None") -> "Sitting":
        """The one that is shared, or a new one. Raises ValueError when it is somebody else's: rights are not lent."""
        if shared is None:
            return cls(by)
        if shared.by.pk != by.pk:
            raise ValueError(f"a sitting of account {shared.by.pk} used by {by.pk}")
        return shared

    @cached_property
    def cleared(self) -> frozenset[str]:
        """专门授权 of the account."""
        return frozenset(cleared(self.by))

    @cached_property
    def calendar(self) -> Calendar:
        """工作日历."""
        return workdays.calendar()

    def ledger(self, county_code: str, code: str) -> Ledger:
        """台账 in force. Raises Refused when there is none of this code."""
        key = (county_code, code)
        if key not in self._ledgers:
            self._ledgers[key] = packs.ledger(county_code, code)
        return self._ledgers[key]

    def question(self, case_ids: Iterable[int]) -> Question:
        """What `ask` will ask. Nothing is read yet: put before a transaction begins, others wait for it less long."""
        ids = frozenset(case_ids)
        reached = ExpressionWrapper(within(self.by), output_field=BooleanField())
        locked = Case.objects.select_for_update(of=("self",)).filter(pk__in=ids).annotate(reached=reached)
        # Many are locked in one order, so that two batches never wait for each other; one needs none, and saves its price.
        return Question(ids, locked.order_by(*(["pk"] if len(ids) > 1 else [])))

    def ask(self, question: Question) -> None:
        """Read and lock these cases, and which of them the account reaches."""
        self._cases |= dict.fromkeys(question.ids)
        for case in question.rows:
            self._cases[case.pk], self._reached[case.pk] = case, bool(case.reached)

    def fetch(self, case_ids: Iterable[int]) -> None:
        """Read and lock many cases at once, and which of them the account reaches."""
        self.ask(self.question(case_ids))

    def first_time(self, record_id: UUID) -> None:
        """This record has just been given its only receipt, so it was entered nowhere before; the event's own unique id stands guard."""
        self._recorded[record_id] = None

    def case(self, pk: int) -> Case | None:
        """The case, locked; None when there is none."""
        if pk not in self._cases:
            self._cases[pk] = Case.objects.select_for_update(of=("self",)).filter(pk=pk).first()
        return self._cases[pk]

    def reaches(self, case: Case) -> bool:
        """看得到吗: the same answer as a list would give."""
        if case.pk not in self._reached:
            self._reached[case.pk] = Case.objects.filter(within(self.by), pk=case.pk).exists()
        return self._reached[case.pk] and (case.access not in CLEARED or case.access in self.cleared)

    def recorded(self, record_id: UUID) -> Case | None:
        """The case into which a phone record was entered before."""
        if record_id not in self._recorded:
            there = Event.objects.filter(record_id=record_id).values_list("of", flat=True)
            self._recorded[record_id] = there.first()
        of = self._recorded[record_id]
        return None if of is None else self._cases.get(of) or Case.objects.get(pk=of)

    def entered(self, record_id: UUID, case: Case) -> None:
        """A phone record has been entered just now."""
        self._recorded[record_id] = case.pk

    @contextmanager
    def step(self, case_id: int) -> Iterator[Case]:
        """One step on a locked case, taken back whole when anything is refused. Raises Refused when there is no such case."""
        try:
            with transaction.atomic():
                case = self.case(case_id)
                if case is None:
                    raise Refused("没有这件个案，或不在您的辖区内")
                yield case
        except Exception:
            self.forget(case_id)
            raise

    def forget(self, case_id: int, record_id: UUID | None = None) -> None:
        """What was known does not hold any more: the case has moved on, or something was taken back."""
        self._cases.pop(case_id, None)
        self._reached.pop(case_id, None)
        if record_id is not None:
            self._recorded.pop(record_id, None)
