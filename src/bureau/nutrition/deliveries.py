"""到货的写入: entered, accepted by two persons, or rejected with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.nutrition import explanations, programme, queries, supply_rules
from bureau.nutrition.models import Delivery, Supplier
from bureau.people.models import User
from bureau.people.rules import demand
from bureau.people.scope import scope_of
from bureau.registry import queries as registered

LARGEST_FEN = 10_000_000_00


@dataclass(frozen=True, slots=True)
class DeliveryEntry:
    """一批到货, as entered. `place` names the row of a sheet ("第5行")."""

    school_code: str
    supplier: Supplier | None
    day: date | None
    goods: str
    quantity: Decimal | None
    unit: str
    fen: int | None
    meals: int | None = None
    ticket: str = ""
    temperature: Decimal | None = None
    place: str = ""


def record_deliveries(
    *,
    county_code: str,
    entries: Sequence[DeliveryEntry],
    by: User,
    at: datetime,
    today: date,
    address: str = "",
) -> list[Delivery]:
    """登记到货, all or none. Raises Refused with every problem on a line of its own."""
    schools = {entry.school_code for entry in entries}
    day = registered.latest_day(county_code) or today
    mine = set(
        registered.rows_on("schools", day, county_code)
        .filter(scope_of(by).schools(), school_code__in=schools)
        .values_list("school_code", flat=True)
    )
    with transaction.atomic():
        settled = set(
            queries.accounts(county_code)
            .filter(school_code__in=schools)
            .exclude(state="open")
            .values_list("school_code", "month")
        )
        problems = [] if entries else ["没有可登记的到货"]
        for entry in entries:
            closed = entry.day is not None and (entry.school_code, entry.day.replace(day=1)) in settled
            refusal = supply_rules.why_not_deliver(
                by=by,
                mine=entry.school_code in mine,
                closed=closed,
                day=entry.day,
                today=today,
                licence_until=entry.supplier.licence_until if entry.supplier else None,
            )
            found = [refusal] if refusal else []
            problems += [
                f"{entry.place}：{one}" if entry.place else one for one in [*found, *_amounts(entry)]
            ]
        demand("\n".join(dict.fromkeys(problems)) or None)
        made = Delivery.objects.bulk_create(_row(county_code, entry, by, at) for entry in entries)
        detail = {"deliveries": len(made), "fen": sum(one.fen for one in made), "schools": sorted(schools)}
        write(
            by=by,
            verb=Verb.REPORT,
            obj=("nutrition_delivery", str(made[0].pk if len(made) == 1 else "")),
            detail=detail,
            at=at,
            address=address,
        )
    return made


def inspect(*, delivery: Delivery, by: User, at: datetime, address: str = "") -> Delivery:
    """第一人验收. Raises Refused."""
    with transaction.atomic():
        one = _locked(delivery)
        demand(supply_rules.why_not_inspect(by=by, mine=_mine(one, by), state=one.state, ended=_ended(one)))
        one.state, one.inspected_by, one.inspected_at = "inspected", by, at
        return _saved(one, Verb.CONFIRM, "", by=by, at=at, address=address)


def accept(*, delivery: Delivery, by: User, at: datetime, address: str = "") -> Delivery:
    """第二人验收: only then the delivery counts. Raises Refused."""
    with transaction.atomic():
        one = _locked(delivery)
        demand(
            supply_rules.why_not_second(
                by=by, mine=_mine(one, by), state=one.state, inspected_by=one.inspected_by_id
            )
        )
        one.state, one.second_by, one.second_at = "accepted", by, at
        explanations.forget_delivered(one.county_code, [(one.school_code, one.day)])
        return _saved(one, Verb.CONFIRM, "", by=by, at=at, address=address)


def accept_many(
    *, deliveries: Sequence[Delivery], by: User, at: datetime, address: str = ""
) -> tuple[int, int]:
    """成批验收: each is inspected, or accepted by the second person, as it stands; (inspected, accepted). All or none.

    Raises Refused naming every one that cannot be.
    """
    problems = [] if deliveries else ["请先选择到货"]
    done = {"inspected": 0, "accepted": 0}
    with transaction.atomic():
        rows = list(
            Delivery.objects.select_for_update(of=("self",))
            .select_related("supplier")
            .filter(pk__in=[one.pk for one in deliveries])
        )
        own = {one.school_code: _mine(one, by) for one in {row.school_code: row for row in rows}.values()}
        for one in rows:
            mine = own[one.school_code]
            if one.state == "inspected":
                refusal = supply_rules.why_not_second(
                    by=by, mine=mine, state=one.state, inspected_by=one.inspected_by_id
                )
                one.state, one.second_by, one.second_at = "accepted", by, at
            else:
                refusal = supply_rules.why_not_inspect(by=by, mine=mine, state=one.state, ended=_ended(one))
                one.state, one.inspected_by, one.inspected_at = "inspected", by, at
            if refusal:
                problems.append(f"{one.day}{one.goods}：{refusal}")
            else:
                done[one.state] += 1
        demand("；".join(dict.fromkeys(problems)) or None)
        for state, said in (
            ("inspected", {"inspected_by": by, "inspected_at": at}),
            ("accepted", {"second_by": by, "second_at": at}),
        ):
            keys = [one.pk for one in rows if one.state == state]
            Delivery.objects.filter(pk__in=keys).update(state=state, **said)
        for county in {one.county_code for one in rows}:
            came = [(one.school_code, one.day) for one in rows if one.state == "accepted"]
            explanations.forget_delivered(county, came)
        detail = {"deliveries": sorted(one.pk for one in rows), **done}
        write(by=by, verb=Verb.CONFIRM, obj=("nutrition_delivery", ""), detail=detail, at=at, address=address)
    return done["inspected"], done["accepted"]


def reject(*, delivery: Delivery, reason: str, by: User, at: datetime, address: str = "") -> Delivery:
    """拒收 with the reason. Raises Refused."""
    with transaction.atomic():
        one = _locked(delivery)
        demand(supply_rules.why_not_reject(by=by, mine=_mine(one, by), state=one.state, reason=reason))
        if one.inspected_by_id is None:
            one.inspected_by, one.inspected_at = by, at
        one.state, one.reason = "rejected", reason.strip()[:200]
        return _saved(one, Verb.RETURN, reason, by=by, at=at, address=address)


def _row(county_code: str, entry: DeliveryEntry, by: User, at: datetime) -> Delivery:
    assert entry.day is not None  # noqa: S101 — the rules have seen to it
    assert entry.quantity is not None and entry.fen is not None  # noqa: S101, PT018
    return Delivery(
        county_code=county_code,
        school_code=entry.school_code,
        supplier=entry.supplier,
        day=entry.day,
        goods=entry.goods.strip()[:80],
        quantity=entry.quantity.quantize(Decimal("0.01")),
        unit=entry.unit.strip()[:10],
        fen=entry.fen,
        meals=entry.meals,
        ticket=entry.ticket.strip()[:40],
        temperature=None if entry.temperature is None else entry.temperature.quantize(Decimal("0.1")),
        by=by,
        at=at,
    )


def _amounts(entry: DeliveryEntry) -> list[str]:
    problems = []
    if not entry.goods.strip():
        problems.append("请填写品名")
    if entry.quantity is None or not 0 < entry.quantity < 100_000_000:
        problems.append("请填写数量，例如 120")
    if not entry.unit.strip():
        problems.append("请填写单位，例如 份、公斤、箱")
    if entry.fen is None or entry.fen < 0:
        problems.append("请填写金额，单位元")
    elif entry.fen > LARGEST_FEN:
        problems.append(f"金额 {entry.fen / 100:,.2f} 元过大，请核对是否多写了几位")
    if entry.meals is not None and not 0 <= entry.meals < 1_000_000:
        problems.append("折合份数应在 0 到 1,000,000 之间")
    if entry.temperature is not None and not -60 <= entry.temperature <= 150:
        problems.append(f"温度 {entry.temperature} ℃ 不合理，请核对")
    return problems


def _ended(one: Delivery) -> str | None:
    return supply_rules.supplier_ended(
        day=one.day,
        active=one.supplier.active,
        licence_until=one.supplier.licence_until,
        contract_until=one.supplier.contract_until,
    )


def _locked(delivery: Delivery) -> Delivery:
    return Delivery.objects.select_for_update(of=("self",)).select_related("supplier").get(pk=delivery.pk)


def _mine(one: Delivery, by: User) -> bool:
    return programme.is_mine(scope_of(by), one.county_code, one.school_code, one.day)


def _saved(one: Delivery, verb: Verb, reason: str, *, by: User, at: datetime, address: str) -> Delivery:
    one.save()
    detail = {"school": one.school_code, "state": one.state, "fen": one.fen}
    write(
        by=by,
        verb=verb,
        obj=("nutrition_delivery", str(one.pk)),
        detail=detail,
        reason=reason.strip(),
        at=at,
        address=address,
    )
    return one
