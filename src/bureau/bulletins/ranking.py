"""单位排名: points off a hundred by rules that the bureau sees and changes; every unit's sum is written out. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from bureau.bulletins.fact_rows import Facts
from bureau.people.rules import N

FULL = Decimal(100)
LARGEST = Decimal(100)
DONE = ("claimed", "closed")


@dataclass(frozen=True, slots=True)
class Criterion:
    """一条扣分规则: `each` points off for one `unit` of `name`, at most `cap`."""

    code: str
    name: str
    unit: str
    each: Decimal
    cap: Decimal


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """一个单位的情况, counted over the duties it leads. `due`: those whose day has come."""

    key: int
    unit: str
    due: int
    done: int
    total: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Deduction:
    """一项扣分: so many, so many points each, the cap where it held."""

    name: str
    count: int
    unit: str
    each: Decimal
    points: Decimal
    capped: bool

    @property
    def words(self) -> str:
        """逾期天数 35 天 × 0.1 = 3.5（封顶）."""
        sum_words = (
            f"{self.name} {self.count} {self.unit} × {shown(self.each)} = {shown(self.each * self.count)}"
        )
        return f"{sum_words}，封顶扣 {shown(self.points)}" if self.capped else sum_words


@dataclass(frozen=True, slots=True)
class Score:
    """一个单位的得分; `rank` is None for a unit of which nothing has fallen due yet."""

    facts: UnitFacts
    total: Decimal
    deductions: tuple[Deduction, ...]
    rank: int | None = None

    @property
    def words(self) -> str:
        """The arithmetic in a sentence."""
        if self.rank is None:
            return "还没有到期的任务，不参加排名"
        if not self.deductions:
            return "没有扣分，100 分"
        off = "；".join(one.words for one in self.deductions)
        floor = "，最低 0 分" if sum(one.points for one in self.deductions) > FULL else ""
        return f"100 分，扣：{off}；得 {shown(self.total)} 分{floor}"


# Nothing lays these points down: assumed until the bureau saves its own.
ASSUMED = (
    Criterion("late", N("逾期未完成的任务"), N("项"), Decimal(5), Decimal(40)),
    Criterion("late_days", N("逾期天数合计"), N("天"), Decimal("0.05"), Decimal(15)),
    Criterion("closed_late", N("已完成但超过时限的任务"), N("项"), Decimal(2), Decimal(10)),
    Criterion("returned", N("报完成后被退回"), N("次"), Decimal(3), Decimal(15)),
    Criterion("contradiction", N("报完成与数据矛盾"), N("项"), Decimal(5), Decimal(15)),
    Criterion("behind", N("落后于进度的目标"), N("个"), Decimal(3), Decimal(15)),
    Criterion("slips", N("逾期未反馈的督办单"), N("张"), Decimal(3), Decimal(15)),
)
CODES = tuple(one.code for one in ASSUMED)


def unit_facts(facts: Facts) -> list[UnitFacts]:
    """Each unit that leads something, with what the rules count; a duty led by several counts for each of them."""
    made = []
    for unit in facts.units:
        led = [one for one in facts.duties if unit in one.leads]
        counts = {
            "late": sum(one.late > 0 for one in led),
            "late_days": sum(one.late for one in led),
            "closed_late": sum(one.closed_late for one in led),
            "returned": sum(one.returned for one in led),
            "contradiction": sum(bool(one.against) for one in led),
            "behind": sum(one.verdict == "behind" and unit in one.leads for one in facts.targets),
            "slips": sum(one.late and one.unit.key == unit.key for one in facts.slips or ()),
        }
        made.append(
            UnitFacts(
                key=unit.key,
                unit=unit.name,
                due=sum(one.fallen_due for one in led),
                done=sum(one.state in DONE for one in led),
                total=len(led),
                counts=counts,
            )
        )
    return made


def score(facts: UnitFacts, rules: Iterable[Criterion]) -> Score:
    """得分: 100 less what each rule takes off, not below 0."""
    taken = []
    for rule in rules:
        count = facts.counts.get(rule.code, 0)
        if count and rule.each:
            whole = rule.each * count
            taken.append(
                Deduction(rule.name, count, rule.unit, rule.each, min(whole, rule.cap), whole > rule.cap)
            )
    total = max(FULL - sum((one.points for one in taken), Decimal(0)), Decimal(0))
    return Score(facts, total.quantize(Decimal("0.1"), ROUND_HALF_UP), tuple(taken))


def ranked(units: Iterable[UnitFacts], rules: Sequence[Criterion]) -> list[Score]:
    """排名: highest first, equal scores share a rank (1, 1, 3); units without anything due follow without a rank."""
    scores = [score(one, rules) for one in units]
    placed = sorted(
        (one for one in scores if one.facts.due),
        key=lambda one: (-one.total, -one.facts.done, one.facts.unit),
    )
    made: list[Score] = []
    for place, one in enumerate(placed, 1):
        same = made and made[-1].total == one.total
        made.append(Score(one.facts, one.total, one.deductions, made[-1].rank if same else place))
    rest = sorted((one for one in scores if not one.facts.due), key=lambda one: one.facts.unit)
    return [*made, *rest]


def words_of(rules: Sequence[Criterion]) -> str:
    """排名规则 in a sentence, for the document."""
    parts = "；".join(
        f"{one.name}每{one.unit}扣{shown(one.each)}分，最多扣{shown(one.cap)}分" for one in rules if one.each
    )
    return f"满分100分。{parts}；最低0分，没有到期任务的单位不参加排名"


def shown(value: Decimal) -> str:
    """A decimal without trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
