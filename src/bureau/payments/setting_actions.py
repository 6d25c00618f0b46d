"""发放设置的写入: saving is confirming, by a named person with the basis; what held before stays in the history."""

from datetime import datetime

from django.db import transaction

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.payments import setting_queries as queries
from bureau.payments import setting_rules as rules
from bureau.payments.fund_actions import demand_inside
from bureau.payments.models import PaymentSetting
from bureau.people.models import User
from bureau.people.rules import demand


def save(
    *, county_code: str, name: str, value: int | None, basis: str, by: User, at: datetime, address: str = ""
) -> PaymentSetting:
    """存一项设置. Lists already published keep their days; findings follow at the next audit."""
    demand_inside(by, county_code)
    with transaction.atomic():
        newest = queries.standing(county_code, name).newest if name in rules.BY_NAME else None
        demand(
            rules.why_not_set(
                role=by.role, name=name, value=value, basis=basis, current=newest.value if newest else None
            )
        )
        made = PaymentSetting.objects.create(
            county_code=county_code,
            name=name,
            value=value,  # type: ignore[misc]  # the rule has seen to it
            basis=basis.strip(),
            by=by,
            at=at,
        )
        write(
            by=by,
            verb=Verb.CHANGE_SETTING,
            obj=("payment_setting", f"{county_code} {name}"),
            detail={"value": value, "before": newest.value if newest else None},
            reason=basis.strip(),
            at=at,
            address=address,
        )
    return made
