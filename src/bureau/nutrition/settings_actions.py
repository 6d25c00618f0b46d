"""供餐设置的写入: prices, days with and without meals, covered schools, and how long a complaint may take."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.nutrition import queries, rules, supply_rules
from bureau.nutrition.models import Covered, MealDay, Price, Setting
from bureau.people.models import User
from bureau.people.rules import Refused, demand


def enter_price(
    *,
    county_code: str,
    since: date | None,
    fen: int | None,
    source: str,
    document: str,
    by: User,
    at: datetime,
    address: str = "",
) -> Price:
    """登记本县标准; it counts once another person has confirmed it. Raises Refused."""
    demand(rules.why_not_price(by=by, fen=fen, since=since, source=source, document=document))
    assert since is not None and fen is not None  # noqa: S101, PT018 — the rule has seen to it
    with transaction.atomic():
        if Price.objects.filter(county_code=county_code, since=since, withdrawn_at=None).exists():
            raise Refused(f"{since}起的标准已经登记，要改请先撤回")
        made = Price.objects.create(
            county_code=county_code, since=since, fen=fen, source=source.strip()[:100], document=document.strip()[:200],
            by=by, at=at,
        )  # fmt: skip
        detail = {"since": since, "fen": fen, "document": document.strip()}
        write(
            by=by,
            verb=Verb.CREATE,
            obj=("nutrition_price", str(made.pk)),
            detail=detail,
            at=at,
            address=address,
        )
    return made


def confirm_price(*, price: Price, by: User, at: datetime, address: str = "") -> None:
    """第二人确认标准. Raises Refused."""
    with transaction.atomic():
        one = Price.objects.select_for_update(of=("self",)).get(pk=price.pk)
        gone = "这个标准已经撤回" if one.withdrawn_at else None
        demand(
            gone
            or rules.why_not_confirm_price(
                by=by, entered_by=one.by_id, confirmed=one.confirmed_by_id is not None
            )
        )
        one.confirmed_by, one.confirmed_at = by, at
        one.save()
        write(
            by=by,
            verb=Verb.CONFIRM,
            obj=("nutrition_price", str(one.pk)),
            detail={"fen": one.fen},
            at=at,
            address=address,
        )


def withdraw_price(*, price: Price, reason: str, by: User, at: datetime, address: str = "") -> None:
    """撤回标准 with the reason; accounts that were opened with it keep it. Raises Refused."""
    demand(rules.why_not_set(by=by) or (None if reason.strip() else "请写明撤回的原因"))
    with transaction.atomic():
        Price.objects.filter(pk=price.pk, withdrawn_at=None).update(withdrawn_at=at)
        write(
            by=by,
            verb=Verb.DELETE,
            obj=("nutrition_price", str(price.pk)),
            detail={"fen": price.fen},
            reason=reason.strip(),
            at=at,
            address=address,
        )


def set_meal_days(
    *,
    county_code: str,
    school_code: str,
    days: Sequence[date],
    serves: bool,
    reason: str,
    by: User,
    at: datetime,
    address: str = "",
) -> int:
    """登记供餐日调整 of one school, or of all (""). Raises Refused with every problem at once."""
    demand(rules.why_not_set(by=by))
    problems = [] if days else ["请填写日期"]
    if not reason.strip():
        problems.append("请写明原因，例如 秋季运动会、补课")
    for month in sorted({day.replace(day=1) for day in days}):
        done = queries.accounts(county_code, month).exclude(state="open")
        if (done.filter(school_code=school_code) if school_code else done).exists():
            problems.append(f"{month.year}年{month.month}月已有学校签字或结账，不能再改供餐日")
    demand("；".join(problems) or None)
    with transaction.atomic():
        for day in days:
            MealDay.objects.update_or_create(
                county_code=county_code,
                school_code=school_code,
                day=day,
                defaults={"serves": serves, "reason": reason.strip()[:100], "by": by, "at": at},
            )
        detail = {"school": school_code, "days": [str(day) for day in days], "serves": serves}
        write(
            by=by,
            verb=Verb.CHANGE_SETTING,
            obj=("nutrition_days", county_code),
            detail=detail,
            reason=reason.strip(),
            at=at,
            address=address,
        )
    return len(days)


def cover(
    *,
    county_code: str,
    schools: Mapping[str, str],
    since: date,
    source: str,
    by: User,
    at: datetime,
    address: str = "",
) -> int:
    """列入实施学校: {school code: mode}; answers how many are new. Raises Refused."""
    problems = [] if schools else ["请先选择学校"]
    if not source.strip():
        problems.append("请填写依据，例如 实施学校名单的文号")
    wrong = sorted(set(schools.values()) - set(Covered.Mode.values))
    problems += [f"供餐方式“{mode}”不在列表里" for mode in wrong]
    demand(rules.why_not_set(by=by) or "；".join(problems) or None)
    with transaction.atomic():
        open_ones = Covered.objects.filter(county_code=county_code, until=None)
        there = set(open_ones.values_list("school_code", flat=True))
        made = Covered.objects.bulk_create(
            Covered(
                county_code=county_code, school_code=school, mode=mode, since=since, source=source.strip()[:200], by=by, at=at
            )
            for school, mode in schools.items()
            if school not in there
        )  # fmt: skip
        if made:
            detail = {"schools": [one.school_code for one in made], "since": since, "source": source.strip()}
            write(
                by=by,
                verb=Verb.CREATE,
                obj=("nutrition_schools", county_code),
                detail=detail,
                at=at,
                address=address,
            )
    return len(made)


def uncover(
    *,
    county_code: str,
    schools: Sequence[str],
    until: date,
    reason: str,
    by: User,
    at: datetime,
    address: str = "",
) -> int:
    """移出实施学校 after `until`; history stays. Raises Refused."""
    problems = [] if schools else ["请先选择学校"]
    if not reason.strip():
        problems.append("请写明移出的原因")
    demand(rules.why_not_set(by=by) or "；".join(problems) or None)
    with transaction.atomic():
        rows = Covered.objects.filter(county_code=county_code, school_code__in=schools, until=None)
        late = rows.filter(since__gt=until).count()
        demand(f"有 {late} 所学校在{until}以后才列入，请核对日期" if late else None)
        count = rows.update(until=until)
        detail = {"schools": list(schools), "until": until}
        write(
            by=by,
            verb=Verb.DELETE,
            obj=("nutrition_schools", county_code),
            detail=detail,
            reason=reason.strip(),
            at=at,
            address=address,
        )
    return count


def change_mode(
    *, county_code: str, school_code: str, mode: str, since: date, by: User, at: datetime, address: str = ""
) -> None:
    """改供餐方式 from a day on. Raises Refused."""
    problems = [] if mode in Covered.Mode.values else [f"供餐方式“{mode}”不在列表里"]
    demand(rules.why_not_set(by=by) or "；".join(problems) or None)
    with transaction.atomic():
        one = Covered.objects.filter(county_code=county_code, school_code=school_code, until=None).first()
        if one is None:
            raise Refused("这所学校不在实施名单里，请先列入")
        if since <= one.since:
            one.mode = mode
            one.save(update_fields=["mode"])
        else:
            one.until = since - timedelta(days=1)
            one.save(update_fields=["until"])
            Covered.objects.create(
                county_code=county_code, school_code=school_code, mode=mode, since=since, source=one.source, by=by, at=at
            )  # fmt: skip
        detail = {"school": school_code, "mode": mode, "since": since}
        write(
            by=by,
            verb=Verb.CHANGE,
            obj=("nutrition_schools", county_code),
            detail=detail,
            at=at,
            address=address,
        )


def set_complaint_days(
    *, county_code: str, days: int | None, source: str, by: User, at: datetime, address: str = ""
) -> None:
    """投诉答复期限: saving it makes it the county's own, no longer assumed. Raises Refused."""
    problems = []
    if days is None or not 1 <= days <= supply_rules.LONGEST_COMPLAINT_DAYS:
        problems.append(f"答复期限应为 1 到 {supply_rules.LONGEST_COMPLAINT_DAYS} 个工作日")
    if not source.strip():
        problems.append("请填写依据")
    demand(rules.why_not_set(by=by) or "；".join(problems) or None)
    assert days is not None  # noqa: S101 — looked at above
    with transaction.atomic():
        Setting.objects.update_or_create(
            county_code=county_code,
            defaults={"complaint_days": days, "source": source.strip()[:200], "by": by, "at": at},
        )
        detail = {"complaint_days": days, "source": source.strip()}
        write(
            by=by,
            verb=Verb.CHANGE_SETTING,
            obj=("nutrition_setting", county_code),
            detail=detail,
            at=at,
            address=address,
        )
