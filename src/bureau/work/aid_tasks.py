"""资助判断的后台任务: evaluate a county's children for a term, every night where something changed, and read lists of payments."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from django.db.models import Count
from django.utils import timezone
from django_tasks import task

from bureau.entitlements import evaluation_actions, paid_actions, terms
from bureau.entitlements.evaluation import CancelledError
from bureau.entitlements.evaluation_facts import STUDIES, Elsewhere
from bureau.entitlements.evaluation_models import Evaluation
from bureau.entitlements.paid_models import PaidList
from bureau.graduates.awards import as_origins
from bureau.graduates.queries import newest_said, students_elsewhere
from bureau.links import facts as links
from bureau.links.models import Link
from bureau.payments.award_queries import in_hand
from bureau.registry import queries as registered
from bureau.work.marks import Marks


def outside(county_code: str, day: date) -> Mapping[str, Mapping[str, links.Known]]:
    """What the matched outside registers say of each pupil."""
    return links.facts_of(county_code, day)


def sources(county_code: str, day: date) -> list[list[str]]:
    """[register, data day, number, how its lines stand] of each outside register in force, and of what is known of studies elsewhere.

    It changes with each decision.
    """
    return sources_of(county_code, [day])[day]


def sources_of(county_code: str, days: Collection[date]) -> dict[date, list[list[str]]]:
    """`sources` of several days; the lines of each register are counted once."""
    in_force = {
        day: sorted(links.registers_in_force(county_code, day), key=lambda one: one.pk) for day in days
    }
    every = {one.pk for found in in_force.values() for one in found}
    rows = Link.objects.filter(of__in=every).order_by().values_list("of", "state")
    standing: dict[int, list[str]] = defaultdict(list)
    # Rows, not keys: these stand in the index, which has no keys.
    for of, state, n in rows.annotate(n=Count("*")).order_by("of", "state"):
        standing[of].append(f"{state} {n}")
    told = {
        day: [
            [str(one.get_source_display()), f"{one.day}", f"{one.pk}", ", ".join(standing[one.pk])]
            for one in found
        ]
        for day, found in in_force.items()
    }
    for day in days:
        if said := newest_said(county_code, day):
            told[day].append([STUDIES, *map(str, said)])
    return told


def further(county_code: str, day: date) -> Iterable[Elsewhere]:
    """Those who study outside the county, as lists of destinations know them."""
    return [
        Elsewhere(one.student_key, one.stage, one.grade, one.facts, one.school_name, as_origins(one.told))
        for one in students_elsewhere(county_code, day)
    ]


def carry_out(evaluation_id: int) -> Evaluation | None:
    """判断一次 with everything the site knows."""
    running = Evaluation.objects.filter(pk=evaluation_id, cancel_asked=False)
    return evaluation_actions.compute(
        evaluation_id=evaluation_id,
        at=timezone.now,
        today=timezone.localdate(),
        progress=Marks(running, CancelledError),
        outside=outside,
        sources=sources,
        further=further,
        in_hand=in_hand,
    )


@task()
def evaluate_aid(evaluation_id: int) -> None:
    """资助判断. A second delivery finds it under way or done and does nothing."""
    carry_out(evaluation_id)


@task()
def read_paid_list(list_id: int) -> None:
    """读取一份发放名单."""
    going_on = PaidList.objects.filter(pk=list_id, cancel_asked=False)
    paid_actions.read(list_id=list_id, progress=Marks(going_on, paid_actions.CancelledError))


def nightly(*, today: date, at: datetime) -> None:
    """每晚: the open term is judged anew where registers, matches or clauses have changed; a term that is over is compared again."""
    evaluation_actions.give_up(at=at)
    for county in registered.counties():
        newest = terms.open_term(county, today)
        if newest is None:
            continue
        current = Evaluation.objects.filter(county_code=county, current=True)
        known = current.filter(term=newest.text).first()
        if known is None or evaluation_actions.is_stale(
            known, sources(county, terms.facts_day(newest, known.register_day, today))
        ):
            made = evaluation_actions.ask(county_code=county, term=newest, by=None, at=at, today=today)
            evaluate_aid.enqueue(made.pk)
        for term in current.exclude(term=newest.text).values_list("term", flat=True):
            evaluation_actions.settle_past(county_code=county, term=term, at=at, today=today, in_hand=in_hand)
