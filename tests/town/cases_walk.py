"""个案走到各状态: the shortest way of steps to each state of a ledger, taken by whoever may, with something fitting in every field."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from bureau.cases import actions, packs
from bureau.cases.models import Case
from bureau.people.kept import Upload
from bureau.people.models import User
from bureau.people.rules import Refused
from junheng.policy.ledgers import Column, Ledger, Move
from town.cases_people import Cast, at
from town.cases_words import BY_HAND, SAID, WORDS

PROOF = Upload("演示证明.pdf", b"%PDF-1.4\n% demo\n")
# What would be odd if it were just any number.
FITTING: dict[str, str] = {
    "due_pupils": "420", "consented": "418", "screened": "415", "concern": "18", "serious": "6", "high": "1", "filed": "7", "planned": "216",
    "hours_now": "3", "calls_now": "1", "bandwidth": "200", "people": "380", "minutes": "2.5", "income": "48000", "subsidy": "12000", "paid": "55200",
    "money": "3500", "prepaid": "86000",
}  # fmt: skip


@dataclass
class Story:
    """Who walks where in one county."""

    county_code: str
    cast: Cast

    def spread(self, day: date, *, only: set[str] | None = None, each: int = 2) -> None:
        """Some cases of each ledger to each state that people alone can reach; of one, every step that stays is made as well."""
        for of in packs.ledgers(self.county_code):
            if only is not None and of.code not in only:
                continue
            fresh = deque(self.fresh(of, each * len(of.states) + 12))
            for state in of.states[1:]:
                way = way_to(of, state.name)
                for number in range(each if state.phase == "open" else 1):
                    if way and len(fresh) > 1:
                        self.reach(fresh, of, way, state.name, day, also=not number)

    def complete(self, today: date) -> list[str]:
        """States in which nobody stands yet get a case each, as far as people can; answers what is still missing."""
        missing = []
        for of in packs.ledgers(self.county_code):
            there = set(
                Case.objects.filter(county_code=self.county_code, ledger=of.code).values_list(
                    "state", flat=True
                )
            )
            fresh = deque(self.fresh(of, 40))
            for state in of.states:
                if state.name in there:
                    continue
                way = way_to(of, state.name)
                if not way or not self.reach(fresh, of, way, state.name, today):
                    missing.append(f"{of.code}.{state.name}")
        return missing

    def reach(
        self, fresh: deque[Case], of: Ledger, way: Sequence[Move], name: str, day: date, *, also: bool = False
    ) -> bool:
        """Take cases until one has got there."""
        while fresh:
            case = fresh.popleft()
            got = self.walk(case, of, way, day)
            if got is None:
                continue
            if also:
                for move in of.moves_from(name):
                    if not move.target or move.target == name:
                        self.walk(case, of, [move], day, last=got)
            return True
        return False

    def fresh(self, of: Ledger, most: int) -> list[Case]:
        """Cases as they were found, those of the named accounts' schools first; the very first stays for whoever tries the demo."""
        found = Case.objects.filter(county_code=self.county_code, ledger=of.code, state=of.initial.name)
        nearest = list(found.filter(school_code__in=self.cast.own).order_by("pk")[:most])
        more = found.exclude(school_code__in=self.cast.own).order_by("pk")[:most]
        return [*nearest[1:], *more]

    def walk(
        self, case: Case, of: Ledger, way: Sequence[Move], day: date, *, last: User | None = None
    ) -> User | None:
        """Steps in a row; the last who acted, or None where somebody is missing or a step was refused."""
        for number, move in enumerate(way):
            by = self.cast.able(case, move, of, but=last if move.second else None)
            if by is None:
                return None
            try:
                actions.move(
                    case_id=case.pk,
                    move=move.name,
                    fields={name: fitting(of, move, of.column(name), day, case) for name in move.fields},
                    text=said(of, move, case.pk),
                    files=[PROOF] if "file" in move.needs else [],
                    by=by,
                    at=at(day, 9 + number),
                    today=day,
                )
            except Refused:
                return None
            last = by
        return last


def way_to(of: Ledger, target: str) -> list[Move]:
    """The shortest way from the first state through what people alone can reach; [] when there is none."""
    came: dict[str, tuple[str, Move]] = {}
    waiting = deque([of.initial.name])
    while waiting:
        here = waiting.popleft()
        for move in of.moves_from(here):
            if move.target and move.target not in came and move.target != of.initial.name:
                came[move.target] = (here, move)
                waiting.append(move.target)
    way: list[Move] = []
    here = target
    while here in came:
        here, move = came[here]
        way.insert(0, move)
    return way


def said(of: Ledger, move: Move, seed: int) -> str:
    """What is said with a step."""
    words = SAID.get(f"{of.code}.{move.name}", (f"演示：{move.title}",))
    return words[seed % len(words)]


def fitting(of: Ledger, move: Move, column: Column, day: date, case: Case) -> object:
    """Something fitting for a field."""
    seed, titles = case.pk, BY_HAND.get(of.code, ())
    title = case.item.removeprefix("演示：")
    place = titles.index(title) if title and title in titles else seed
    for key in (f"{of.code}.{move.name}.{column.name}", f"{of.code}.{column.name}", column.name):
        if key in WORDS:
            return WORDS[key][place % len(WORDS[key])].replace("{item}", case.item or "演示")
    if column.name in FITTING:
        return FITTING[column.name]
    match column.kind:
        case "choice":
            return column.choices[seed % len(column.choices)]
        case "many":
            return [column.choices[seed % len(column.choices)]]
        case "flag":
            vetoing = any(
                veto.column == column.name and veto.holds == "是"
                for one in of.columns
                if one.tally is not None
                for veto in one.tally.vetoes
            )
            return (seed % 7 == 0) == vetoing
        case "date":
            # A deadline that people set lies ahead, and now and then too near.
            ahead = 4 + seed % 30 if any(state.column == column.name for state in of.states) else 0
            return (day + timedelta(days=ahead)).isoformat()
        case "integer":
            return str(1 + seed % 4)
        case "decimal" | "money":
            if column.most is not None:
                return str(Decimal(column.most) * (70 + seed % 31) / 100)
            return str(100 * (1 + seed % 9))
        case _:
            return f"演示：{column.title}"[:60]
