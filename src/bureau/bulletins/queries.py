"""查通报: which an account sees, what is wrong with the texts, the rules of ranking in force, and tasks of a unit for its letter."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from hashlib import sha256

from django.db.models import Prefetch, Q, QuerySet

from bureau.bulletins import marks
from bureau.bulletins.models import (
    Acknowledgement,
    Bulletin,
    BulletinEvent,
    DutyWeight,
    Figure,
    RankingRule,
    Section,
)
from bureau.bulletins.ranking import ASSUMED, Criterion
from bureau.bulletins.states import State
from bureau.people.models import Organisation, User
from bureau.people.rules import Permission, may
from bureau.plans.document_queries import in_county
from bureau.plans.duty_states import OPEN_STATES
from bureau.plans.models import Plan, Task
from bureau.plans.target_models import Target
from bureau.plans.task_queries import current_plans


@dataclass(frozen=True, slots=True)
class Ranking:
    """现行排名规则: the criteria and who confirmed them; `assumed` while nobody has."""

    criteria: tuple[Criterion, ...]
    assumed: bool
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """一部分的检查: wrong figures, and numerals without a source, acknowledged or not."""

    section: Section
    problems: list[str]
    open: list[str]
    acknowledged: list[Acknowledgement]
    seen: str = ""  # which text this was, so that saving another's newer one by mistake is noticed

    @property
    def height(self) -> int:
        """How many lines of some fifty characters the text takes."""
        return min(sum(len(line) // 50 + 1 for line in self.section.text.split("\n")) + 1, 24)


def visible_bulletins(user: User, county_code: str) -> QuerySet[Bulletin]:
    """The bulletins of a county that an account sees: drafts only for who may write them, others once they are issued."""
    found = Bulletin.objects.filter(county_code=county_code).select_related(
        "plan", "drafted_by", "submitted_by", "issued_by"
    )
    if not may(user.role, Permission.SEE_PLANS) or not in_county(user, county_code):
        return found.none()
    if may(user.role, Permission.WRITE_BULLETINS):
        return found
    return found.filter(state__in=[State.ISSUED, State.WITHDRAWN])


def plans_of(one: Bulletin, user: User) -> QuerySet[Plan]:
    """The plans a bulletin speaks of: its own, or all that are in force."""
    if one.plan_id is not None:
        return Plan.objects.filter(pk=one.plan_id)
    return current_plans(user, one.county_code)


def same_period(county_code: str, *, kind: str, year: int, part: int, plan: Plan | None) -> Bulletin | None:
    """A bulletin of the same period and plan that has not been withdrawn."""
    found = Bulletin.objects.filter(county_code=county_code, kind=kind, year=year, part=part, plan=plan)
    return found.exclude(state=State.WITHDRAWN).first()


def number_taken(one: Bulletin) -> str:
    """The title of another bulletin that has been issued under the same number."""
    if not one.number:
        return ""
    found = Bulletin.objects.filter(
        county_code=one.county_code, number=one.number, state__in=[State.ISSUED, State.WITHDRAWN]
    ).exclude(pk=one.pk)
    return found.values_list("title", flat=True).first() or ""


def sections(one: Bulletin) -> list[Section]:
    """The sections in order, with what was acknowledged in them."""
    fetched = Prefetch("acknowledgements", Acknowledgement.objects.select_related("by"))
    return list(Section.objects.filter(bulletin=one).prefetch_related(fetched))


def figures(one: Bulletin) -> list[Figure]:
    """出处, by code."""
    return list(Figure.objects.filter(bulletin=one).order_by("id"))


def values(rows: list[Figure]) -> dict[str, str]:
    """{code: value as printed}."""
    return {row.code: row.value for row in rows}


def check(one: Bulletin) -> list[Checked]:
    """每一部分的检查."""
    rows = figures(one)
    known = values(rows)
    gone = {row.code: row.name for row in rows if row.gone}
    return [check_section(part, known, gone) for part in sections(one)]


def check_section(part: Section, known: Mapping[str, str], gone: Mapping[str, str]) -> Checked:
    """一部分的检查: every wrong figure at once."""
    text = part.text
    problems = marks.problems(text, known)
    problems += [
        f"{mark.code}（{gone[mark.code]}）的数据已不存在，请改写这一句"
        for mark in marks.marks(text)
        if mark.code in gone
    ]
    unsourced = marks.unsourced(text)
    acknowledged = [row for row in part.acknowledgements.all() if row.words in unsourced]
    done = {row.words for row in acknowledged}
    return Checked(
        part, problems, [words for words in unsourced if words not in done], acknowledged, digest(text)
    )


def digest(text: str) -> str:
    """A short name of a text."""
    return sha256(text.encode()).hexdigest()[:16]


def flaws_of(checked: list[Checked]) -> tuple[list[str], list[str]]:
    """(wrong figures, numerals nobody has acknowledged), each with its section."""
    problems = [f"{one.section.heading}：{words}" for one in checked for words in one.problems]
    unsourced = [f"{one.section.heading}：“{words}”" for one in checked for words in one.open]
    return problems, unsourced


def events(one: Bulletin) -> QuerySet[BulletinEvent]:
    """经过, newest first."""
    return BulletinEvent.objects.filter(bulletin=one).select_related("by").order_by("-id")


def ranking(county_code: str) -> Ranking:
    """排名规则 in force: the newest saved, else the assumed one."""
    saved = RankingRule.objects.filter(county_code=county_code).select_related("by").first()
    if saved is None:
        return Ranking(ASSUMED, True)
    return Ranking(criteria_of(saved), False, saved.by.display_name, saved.at)


def criteria_of(saved: RankingRule) -> tuple[Criterion, ...]:
    """The criteria as saved; one that was not there then takes nothing off."""
    made = []
    for one in ASSUMED:
        each, cap = saved.criteria.get(one.code, ("0", "0"))
        made.append(replace(one, each=Decimal(each), cap=Decimal(cap)))
    return tuple(made)


def ranking_history(county_code: str) -> QuerySet[RankingRule]:
    """排名规则的历次修改, newest first."""
    return RankingRule.objects.filter(county_code=county_code).select_related("by")


def letters(user: User, county_code: str, year: int) -> dict[Organisation, list[Task]]:
    """责任状 of a year: each unit with the tasks it leads that are due in or after the year, or still open from before."""
    wanted = Task.objects.filter(
        Q(due=None) | Q(due__year__gte=year) | Q(duties__state__in=OPEN_STATES),
        plan__in=current_plans(user, county_code),
        dropped="",
        leads__isnull=False,
    )
    rows = (
        Task.objects.filter(pk__in=wanted.order_by().values("pk"))
        .select_related("plan")
        .prefetch_related("leads", Prefetch("targets", Target.objects.order_by("number")))
        .order_by("plan", "number")
    )
    found: dict[Organisation, list[Task]] = {}
    for task in rows:
        for unit in task.leads.all():
            found.setdefault(unit, []).append(task)
    return dict(sorted(found.items(), key=lambda pair: (pair[0].position, pair[0].pk)))


def weights(units: Iterable[Organisation]) -> dict[int, dict[int, Decimal]]:
    """{unit: {task: weight in a hundred}} of the units' letters; {} for a unit without weights."""
    found: dict[int, dict[int, Decimal]] = {unit.pk: {} for unit in units}
    rows = DutyWeight.objects.filter(organisation__in=found)
    for unit, task, weight in rows.values_list("organisation", "task", "weight"):
        found[unit][task] = weight
    return found
