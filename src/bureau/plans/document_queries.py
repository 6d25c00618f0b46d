"""查计划文件: which plans an account sees, how far a plan in review is, and the words around a place of its text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from bureau.people.models import User
from bureau.people.rules import Permission, may
from bureau.plans.confirming_fields import CHECKS
from bureau.plans.document_rules import Openings
from bureau.plans.models import Decision, Item, Plan, UnitName
from bureau.registry.models import School

SHOWN_TO_ALL = (Plan.State.PUBLISHED, Plan.State.REPLACED, Plan.State.WITHDRAWN)
EXPLICIT = ("resp", "lead", "assist", "duty")


def in_county(user: User, county_code: str) -> bool:
    """Whether the account belongs to the county: by its area, its unit or its school; without any, to every county."""
    if not user.is_active or not county_code:
        return False
    if user.role == User.Role.SCHOOL:
        return School.objects.filter(school_code=user.school_code, county_code=county_code).exists()
    if user.area is not None:
        return user.area.path.split("/")[0] == county_code
    if user.organisation is not None and user.role == User.Role.UNIT:
        return user.organisation.county_code == county_code
    return user.role in (User.Role.LEADER, User.Role.OFFICE, User.Role.INSPECTOR, User.Role.AUDITOR)


def visible_plans(user: User, county_code: str) -> QuerySet[Plan]:
    """能看到的计划: those of one county, drafts only for who may edit plans; nothing of another county. Every list, count,
    export and page of plans, tasks, duties and targets goes through here."""
    if not may(user.role, Permission.SEE_PLANS) or not in_county(user, county_code):
        return Plan.objects.none()
    found = Plan.objects.filter(county_code=county_code)
    if may(user.role, Permission.EDIT_PLANS):
        return found
    return found.filter(Q(state__in=SHOWN_TO_ALL) & Q(published_at__isnull=False))


def counties_with_plans() -> list[str]:
    """Counties that have a plan document."""
    return list(Plan.objects.order_by("county_code").values_list("county_code", flat=True).distinct())


def same_file(county_code: str, sha256: str) -> Plan | None:
    """The plan that came from the same file, unless it could not be read or was taken down."""
    live = (Plan.State.READING, Plan.State.IN_REVIEW, Plan.State.PUBLISHED, Plan.State.REPLACED)
    return Plan.objects.filter(county_code=county_code, file_sha256=sha256, state__in=live).first()


def versions(plan: Plan) -> list[Plan]:
    """All versions of a plan, the first one first."""
    chain = [plan]
    while (before := chain[0].previous) is not None:
        chain.insert(0, before)
    while (after := Plan.objects.filter(previous=chain[-1]).first()) is not None:
        chain.append(after)
    return chain


@dataclass(frozen=True, slots=True)
class KindCount:
    """一类条目的数目."""

    kind: str
    total: int
    open: int
    doubtful: int

    @property
    def sure(self) -> int:
        """How many of them one step may confirm together."""
        return 0 if self.kind in CHECKS else self.open - self.doubtful


def counts(plan: Plan) -> list[KindCount]:
    """Per kind: how many items, how many nobody has decided, how many of those are doubtful."""
    rows = (
        Item.objects.filter(plan=plan)
        .order_by()
        .values("kind")
        .annotate(
            total=Count("pk"),
            open=Count("pk", filter=Q(status="auto")),
            doubtful=Count("pk", filter=Q(status="auto") & ~Q(doubt="")),
        )
    )
    return [KindCount(row["kind"], row["total"], row["open"], row["doubtful"]) for row in rows]


def unknown_names(plan: Plan) -> list[str]:
    """Names of units that the text charges with something and that stand for no unit of the register yet."""
    charged = names_charged(plan)
    settled = set(
        UnitName.objects.filter(plan=plan)
        .filter(Q(nobody=True) | Q(organisations__isnull=False))
        .values_list("name", flat=True)
    )
    return [name for name in charged if name not in settled]


def names_charged(plan: Plan) -> list[str]:
    """Names in the lists of responsible, leading and supporting units, in the order of the text."""
    rows = (
        Item.objects.filter(plan=plan, kind="unit")
        .exclude(status="rejected")
        .values_list("fields", flat=True)
    )
    return list(
        dict.fromkeys(name for one in rows if one.get("kind") in EXPLICIT for name in one.get("units") or ())
    )


def reading_openings(plan: Plan, found: Sequence[KindCount] | None = None) -> Openings:
    """没办完的事 as far as the reader shows them: the items and the names of units."""
    by_kind = {one.kind: one for one in (counts(plan) if found is None else found)}

    def left(kind: str) -> int:
        return by_kind[kind].open if kind in by_kind else 0

    plain = [one for one in by_kind.values() if one.kind not in CHECKS]
    doubtful = sum(one.doubtful for one in plain)
    return Openings(
        unread=sum(one.sure for one in plain),
        doubtful=doubtful,
        repairs=left("repair"),
        contradictions=left("warning"),
        residual=left("residual"),
        unknown_units=tuple(unknown_names(plan)),
        tasks=plan.nodes.filter(is_task=True).count(),
        title=bool(plan.title.strip()),
        dated=bool(plan.dated),
        ends=plan.ends is not None,
        order=plan.starts is None or plan.ends is None or plan.starts <= plan.ends,
    )


def sentence_at(source: str, start: int, end: int) -> tuple[str, str, str]:
    """(before, inside, after): the sentence of the text around a place, for showing a clause with its words marked."""
    ends = "。；\n"
    first = max((source.rfind(mark, 0, start) for mark in ends), default=-1) + 1
    stops = [at for mark in ends if (at := source.find(mark, end)) >= 0]
    last = min(stops) + 1 if stops else len(source)
    return source[first:start].lstrip(), source[start:end], source[end:last].rstrip()


def last_decision(plan: Plan, user: User) -> Decision | None:
    """The step that this account would undo next."""
    return Decision.objects.filter(plan=plan, by=user, undone=False).first()


def summaries(plans: Sequence[int]) -> dict[int, dict[str, Any]]:
    """{plan: open decisions, open doubts, tasks, targets} for the list of plans."""
    found: dict[int, dict[str, Any]] = {
        pk: {"open": 0, "doubts": 0, "tasks": 0, "targets": 0} for pk in plans
    }
    items = (
        Item.objects.filter(plan__in=plans, status="auto")
        .order_by()
        .values("plan")
        .annotate(open=Count("pk"), doubts=Count("pk", filter=~Q(doubt="") | Q(kind__in=CHECKS)))
    )
    for row in items:
        found[row["plan"]] |= {"open": row["open"], "doubts": row["doubts"]}
    for name in ("tasks", "targets"):
        counted = Plan.objects.filter(pk__in=plans).annotate(n=Count(name)).values_list("pk", "n")
        for pk, number in counted:
            found[pk][name] = number
    return found
