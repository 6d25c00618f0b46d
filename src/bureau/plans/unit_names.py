"""单位对照: names as a plan writes them → units of the county's register; what the register does not settle, a person does."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import Organisation, User
from bureau.people.organisations import add_alias, create_organisation
from bureau.people.rules import Refused
from bureau.plans.document_queries import in_county, names_charged
from bureau.plans.document_rules import why_not_edit
from bureau.plans.models import Item, Plan, UnitName
from junheng import plandocs

# 各乡镇, 各乡（镇）人民政府, 各乡镇（街道）, 乡镇党委和政府: every township of the county.
_TOWNSHIPS = re.compile(
    r"^各?(?:乡镇|乡（镇）|乡\(镇\)|镇乡|街道)[（(]?(?:[、和]?街道|管委会)?[）)]?(?:党委|人民政府|政府|党委政府|和政府)*$"
)


def sync_names(plan: Plan) -> None:
    """Bring the table of names up to the unit lists of the text; what a person has chosen stays."""
    names = _written(plan)
    known = {one.name: one for one in UnitName.objects.filter(plan=plan)}
    UnitName.objects.filter(plan=plan, by=None).exclude(name__in=names).delete()
    open_names = [name for name in names if name not in known or known[name].by_id is None]
    register = list(Organisation.objects.filter(county_code=plan.county_code, active=True))
    by_id = {str(one.pk): one for one in register}
    townships = [one for one in register if one.kind == Organisation.Kind.TOWNSHIP]
    shown = [plandocs.Organisation(str(one.pk), one.name, tuple(one.aliases)) for one in register]
    for match in plandocs.resolve(open_names, shown):
        units = [by_id[match.org_id]] if match.org_id else []
        how = match.how
        if how == "unknown":
            # 财政部门, 县财政: the bureau of that name, where the register has just one.
            (bureau,) = plandocs.resolve([f"{match.name.removesuffix('部门')}局"], shown)
            units, how = ([by_id[bureau.org_id]], "abbreviation") if bureau.org_id else (units, how)
        if not units and townships and _TOWNSHIPS.fullmatch(match.name):
            units, how = townships, "townships"
        row = known.get(match.name)
        if row is None:
            row = UnitName.objects.create(plan=plan, name=match.name, how=how)
        elif row.how != how:
            row.how = how
            row.save(update_fields=["how"])
        row.organisations.set(units)


def _written(plan: Plan) -> list[str]:
    rows = (
        Item.objects.filter(plan=plan, kind="unit")
        .exclude(status="rejected")
        .values_list("fields", flat=True)
    )
    return list(dict.fromkeys(name for one in rows for name in one.get("units") or ()))


def candidates(plan: Plan, names: Iterable[str]) -> dict[str, list[Organisation]]:
    """For names that may mean several units: those they may mean."""
    register = {
        str(one.pk): one for one in Organisation.objects.filter(county_code=plan.county_code, active=True)
    }
    shown = [plandocs.Organisation(pk, one.name, tuple(one.aliases)) for pk, one in register.items()]
    return {
        match.name: [register[pk] for pk in match.candidates]
        for match in plandocs.resolve(list(names), shown)
        if match.candidates
    }


def meanings(plan: Plan) -> dict[str, list[Organisation]]:
    """{written name: its units}; names that stand for nobody, or for nobody yet, have none."""
    rows = UnitName.objects.filter(plan=plan).prefetch_related("organisations")
    return {row.name: [] if row.nobody else list(row.organisations.all()) for row in rows}


def choose(
    *,
    plan: Plan,
    name: str,
    units: Sequence[Organisation] = (),
    nobody: bool = False,
    remember: bool = False,
    by: User,
    at: datetime,
    address: str = "",
) -> None:
    """选定一个名称指哪个单位, or that it stands for none. `remember` also keeps it as another name in the register,
    which settles it in every plan. Raises Refused."""
    with transaction.atomic():
        plan = _editable(plan, by)
        row = UnitName.objects.filter(plan=plan, name=name).first()
        if row is None:
            raise Refused(f"文中没有单位名称“{name[:40]}”，可能刚被修改，请刷新页面")
        if not units and not nobody:
            raise Refused(f"请为“{name}”选择单位，或标为不是责任单位")
        if any(one.county_code != plan.county_code for one in units):
            raise Refused("只能选择本县的责任单位")
        _settle(row, units, nobody=nobody, by=by, at=at)
        if remember and len(units) == 1 and name != units[0].name:
            add_alias(organisation=units[0], alias=name, by=by, at=at, address=address)
        write(
            by=by,
            verb=Verb.CONFIRM,
            obj=("plan", str(plan.pk)),
            detail={"name": name, "units": [one.name for one in units], "nobody": nobody},
            at=at,
            address=address,
        )


def register_names(
    *, plan: Plan, names: Sequence[str], by: User, at: datetime, address: str = ""
) -> list[Organisation]:
    """把文中的名称登记为新的责任单位, each under the name as written. Raises Refused."""
    made = []
    with transaction.atomic():
        plan = _editable(plan, by)
        charged = set(names_charged(plan))
        for row in UnitName.objects.filter(plan=plan, name__in=[name for name in names if name in charged]):
            one = create_organisation(
                county_code=plan.county_code, name=row.name, kind=Organisation.Kind.OTHER, by=by, at=at, address=address
            )  # fmt: skip
            _settle(row, [one], nobody=False, by=by, at=at)
            made.append(one)
        if not made:
            raise Refused("没有需要登记的单位名称")
    return made


def _settle(row: UnitName, units: Sequence[Organisation], *, nobody: bool, by: User, at: datetime) -> None:
    row.nobody, row.how, row.by, row.at = nobody, "chosen", by, at
    row.save(update_fields=["nobody", "how", "by", "at"])
    row.organisations.set([] if nobody else units)


def _editable(plan: Plan, by: User) -> Plan:
    plan = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    refusal = why_not_edit(plan.state, role=by.role, in_county=in_county(by, plan.county_code))
    if refusal:
        raise Refused(refusal)
    return plan
