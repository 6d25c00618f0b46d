"""供应单位的写入."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.nutrition import queries, rules
from bureau.nutrition.models import Supplier
from bureau.people.models import User
from bureau.people.rules import demand
from bureau.people.secret import seal


@dataclass(frozen=True, slots=True)
class SupplierEntry:
    """供应单位, as entered; None means that nothing readable was typed."""

    name: str
    goods: str
    licence: str
    licence_until: date | None
    credit_code: str = ""
    contract: str = ""
    contract_until: date | None = None
    contact: str = ""
    phone: str = ""
    active: bool = True


def save_supplier(
    *,
    county_code: str,
    entry: SupplierEntry,
    by: User,
    at: datetime,
    supplier: Supplier | None = None,
    address: str = "",
) -> Supplier:
    """登记或修改供应单位. Raises Refused with every missing part."""
    problems = [
        sentence
        for missing, sentence in (
            (not entry.name.strip(), "请填写单位名称"),
            (not entry.goods.strip(), "请填写供应内容，例如 学生营养餐、鲜奶、蔬菜"),
            (not entry.licence.strip(), "请填写食品经营许可证号"),
            (entry.licence_until is None, "请填写许可证有效期"),
        )
        if missing
    ]
    code = entry.credit_code.strip().upper()
    if code and (len(code) != 18 or not code.isascii() or not code.isalnum()):
        problems.append(f"统一社会信用代码“{code}”应为 18 位字母和数字")
    taken = queries.suppliers(county_code).filter(name=entry.name.strip())
    if (taken.exclude(pk=supplier.pk) if supplier else taken).exists():
        problems.append(f"“{entry.name.strip()}”已经登记")
    demand(rules.why_not_set(by=by) or "；".join(problems) or None)
    with transaction.atomic():
        one = supplier or Supplier(county_code=county_code, by=by, at=at)
        one.name, one.goods, one.credit_code = entry.name.strip()[:80], entry.goods.strip()[:100], code
        one.licence, one.licence_until = entry.licence.strip()[:40], entry.licence_until or date.min
        one.contract, one.contract_until = entry.contract.strip()[:60], entry.contract_until
        one.contact, one.active = entry.contact.strip()[:40], entry.active
        if entry.phone.strip() and "*" not in entry.phone:
            one.phone = seal(entry.phone.strip())
        one.save()
        detail = {"name": one.name, "licence_until": one.licence_until, "active": one.active}
        verb = Verb.CHANGE if supplier else Verb.CREATE
        write(
            by=by, verb=verb, obj=("nutrition_supplier", str(one.pk)), detail=detail, at=at, address=address
        )
    return one
