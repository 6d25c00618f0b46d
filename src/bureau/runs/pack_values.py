"""县级调整: a county's own value of one standard, entered by one person, in force only after another has checked it."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.rules import Refused, demand
from bureau.people.scope import why_not_county
from bureau.runs import rules
from bureau.runs.pack_models import PackValue
from junheng.policy import Standard
from junheng.policy.model import Value

Number = float | dict[str, float]


def of_county(county_code: str, pack: str) -> QuerySet[PackValue]:
    """All of them, withdrawn ones too, newest first."""
    return (
        PackValue.objects.filter(county_code=county_code, pack=pack)
        .select_related("by", "checked_by")
        .order_by("withdrawn_at", "-pk")
    )


def numbers_of(value: Value) -> dict[str, float] | None:
    """{key: number} of a value a county may change on screen, with the key "" for a single number; None for others."""
    if isinstance(value, bool | str | list):
        return None
    if isinstance(value, int | float):
        return {"": float(value)}
    found = {str(key): number for key, number in value.items() if isinstance(number, int | float)}
    return {key: float(number) for key, number in found.items()} if len(found) == len(value) else None


def value_from(standard: Standard, typed: Mapping[str, str]) -> Number:
    """The typed numbers in the shape of the standard's own. Raises Refused with every problem at once."""
    shape = numbers_of(standard.entries[-1].value)
    if shape is None:
        raise Refused(f"“{standard.title}”不是数值，不能在页面上调整；须由系统管理员安装县级标准包")
    problems, numbers = [], {}
    for key in shape:
        text = typed.get(key, "").strip().replace(",", "")
        label = f"{standard.title}{f'（{key}）' if key else ''}"
        try:
            numbers[key] = float(text)
        except ValueError:
            problems.append(f"{label}：“{text}”不是数，请改成数字，例如 4.2")
            continue
        if not 0 <= numbers[key] <= 10_000_000:
            problems.append(f"{label}：“{text}”应是不小于 0 的合理数值")
    if problems:
        raise Refused("；".join(problems))
    plain = {key: int(number) if number.is_integer() else number for key, number in numbers.items()}
    if "" in shape:
        return plain[""]
    return {key: float(number) for key, number in plain.items()}


def enter(
    *,
    county_code: str,
    pack: str,
    standard: Standard,
    value: Number,
    reason: str,
    by: User,
    at: datetime,
    address: str = "",
) -> PackValue:
    """录入. It takes the place of one that is in force or waiting only by withdrawing that first."""
    with transaction.atomic():
        demand(rules.why_not_enter_value(role=by.role, reason=reason))
        demand(why_not_county(by, county_code))
        open_one = PackValue.objects.filter(
            county_code=county_code, pack=pack, path=standard.name, withdrawn_at=None
        )
        if open_one.exists():
            raise Refused(f"“{standard.title}”已有一个县级调整，请先撤回再录入新的")
        made = PackValue.objects.create(
            county_code=county_code,
            pack=pack,
            path=standard.name,
            value=value,
            reason=reason.strip()[:300],
            by=by,
            at=at,
        )
        _log(made, Verb.CHANGE_SETTING, by=by, at=at, address=address)
    return made


def check(*, value: PackValue, by: User, at: datetime, address: str = "") -> PackValue:
    """核对 by another person; from the next run on it counts."""
    with transaction.atomic():
        value = PackValue.objects.select_for_update(of=("self",)).get(pk=value.pk)
        demand(
            rules.why_not_check_value(
                role=by.role,
                by_self=value.by_id == by.pk,
                checked=value.checked_by_id is not None,
                withdrawn=value.withdrawn_at is not None,
            )
        )
        demand(why_not_county(by, value.county_code))
        value.checked_by, value.checked_at = by, at
        value.save()
        _log(value, Verb.CHECK_PACK, by=by, at=at, address=address)
    return value


def withdraw(*, value: PackValue, by: User, at: datetime, address: str = "") -> PackValue:
    """撤回; the standard's own value counts again from the next run on."""
    with transaction.atomic():
        value = PackValue.objects.select_for_update(of=("self",)).get(pk=value.pk)
        demand(rules.why_not_enter_value(role=by.role, reason="-"))
        demand(why_not_county(by, value.county_code))
        if value.withdrawn_at is not None:
            raise Refused("这个调整已经撤回")
        value.withdrawn_at = at
        value.save()
        _log(value, Verb.CHANGE_SETTING, by=by, at=at, address=address)
    return value


def _log(value: PackValue, verb: Verb, *, by: User, at: datetime, address: str) -> None:
    write(
        by=by,
        verb=verb,
        obj=("pack", f"{value.pack}/{value.path}"),
        detail={
            "county": value.county_code,
            "value": value.value,
            "withdrawn": value.withdrawn_at is not None,
            "entered_by": value.by.display_name,
        },
        reason=value.reason,
        at=at,
        address=address,
    )
