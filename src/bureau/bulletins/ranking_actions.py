"""改排名规则和责任状权重: saving is confirming, by a named person; what held before stays as history."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from bureau.bulletins import rules
from bureau.bulletins.models import DutyWeight, RankingRule
from bureau.bulletins.ranking import Criterion, shown
from bureau.bulletins.writing import demand
from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import Organisation, User
from bureau.people.rules import Refused
from bureau.plans.document_queries import in_county
from bureau.plans.models import Task


def set_ranking(
    *, county_code: str, criteria: Sequence[Criterion], reason: str, by: User, at: datetime, address: str = ""
) -> RankingRule:
    """改排名规则. Raises Refused with every problem at once; issued bulletins keep the rule they were written by."""
    inside = in_county(by, county_code)
    demand(rules.why_not_rank_so(criteria, by=by, in_county=inside, reason=reason))
    with transaction.atomic():
        kept = {one.code: [shown(one.each), shown(one.cap)] for one in criteria}
        made = RankingRule.objects.create(
            county_code=county_code, criteria=kept, reason=reason.strip()[:300], by=by, at=at
        )
        obj = ("ranking_rule", county_code)
        write(
            by=by,
            verb=Verb.CHANGE_SETTING,
            obj=obj,
            detail=kept,
            reason=reason.strip(),
            at=at,
            address=address,
        )
    return made


def set_weights(
    *,
    unit: Organisation,
    weights: Mapping[Task, Decimal | None],
    by: User,
    at: datetime,
    address: str = "",
) -> None:
    """定责任状权重 of a unit's tasks, all or none. Raises Refused with every problem at once."""
    demand(rules.why_not_weigh(by=by, in_county=in_county(by, unit.county_code)))
    if not weights:
        raise Refused(f"{unit.name}没有牵头的任务，不用定权重")
    demand(rules.why_not_weights({f"{one.number}. {one.title}": weight for one, weight in weights.items()}))
    with transaction.atomic():
        DutyWeight.objects.filter(organisation=unit).delete()
        DutyWeight.objects.bulk_create(
            DutyWeight(organisation=unit, task=task, weight=weight, by=by, at=at)
            for task, weight in weights.items()
            if weight is not None
        )
        detail = {str(task.pk): shown(weight) for task, weight in weights.items() if weight is not None}
        obj = ("responsibility_letter", str(unit.pk))
        write(
            by=by,
            verb=Verb.CHANGE_SETTING,
            obj=obj,
            detail={"unit": unit.name, "weights": detail},
            at=at,
            address=address,
        )
