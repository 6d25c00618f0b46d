"""责任单位表的导入: what a workbook would change, and changing it; all rows or none."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from bureau.people.models import Area, Organisation, User
from bureau.people.organisation_sheet import UnitRow
from bureau.people.organisations import change_organisation, create_organisation
from bureau.people.rules import Permission, Refused, why_not


@dataclass
class Differences:
    """表与登记册的差别: new names, and per unit the columns that change; problems name the row."""

    new: list[str] = field(default_factory=list)
    changed: list[tuple[str, list[tuple[str, str, str]]]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def differences(county_code: str, rows: Sequence[UnitRow]) -> Differences:
    """What would change; rows that name an unknown 编号, parent or township are problems."""
    found = Differences()
    there = {
        one.pk: one
        for one in Organisation.objects.filter(county_code=county_code).select_related("parent", "area")
    }
    names = {one.name for one in there.values()} | {row.name for row in rows}
    areas = set(
        Area.objects.filter(path__startswith=f"{county_code}/", kind="township").values_list(
            "code", flat=True
        )
    )
    for row in rows:
        if row.pk is not None and row.pk not in there:
            found.problems.append(f"第{row.number}行“编号”：本县登记里没有编号 {row.pk}，新单位请留空")
        if row.parent and row.parent not in names:
            found.problems.append(f"第{row.number}行“上级单位”：登记和本表里都没有“{row.parent}”，请先登记")
        if row.area and row.area not in areas:
            found.problems.append(
                f"第{row.number}行“乡镇代码”：本县没有乡镇 {row.area}，请填 9 位乡镇代码或留空"
            )
        one = there.get(row.pk or 0) or next((unit for unit in there.values() if unit.name == row.name), None)
        if one is None:
            found.new.append(row.name)
            continue
        columns = [
            ("单位名称", one.name, row.name), ("类别", one.get_kind_display(), Organisation.Kind(row.kind).label),
            ("别名", "、".join(one.aliases), "、".join(row.aliases)), ("上级单位", one.parent.name if one.parent else "", row.parent),
            ("乡镇代码", one.area.code if one.area else "", row.area), ("负责人", one.head, row.head),
            ("在用", "是" if one.active else "否", "是" if row.active else "否"),
        ]  # fmt: skip
        if fields := [(heading, str(old), str(new)) for heading, old, new in columns if old != new]:
            found.changed.append((one.name, fields))
    return found


def import_units(
    *, county_code: str, rows: Sequence[UnitRow], by: User, at: datetime, address: str = ""
) -> tuple[int, int]:
    """导入责任单位表: (new, changed). Raises Refused with every problem, naming its row; then nothing is changed."""
    refusal = why_not(by.role, Permission.MANAGE_ORGANISATIONS)
    if refusal:
        raise Refused(refusal)
    problems = differences(county_code, rows).problems
    made = changed = 0
    with transaction.atomic():
        by_row: list[tuple[UnitRow, Organisation]] = []
        for row in rows:
            known = Organisation.objects.filter(county_code=county_code)
            one = known.filter(pk=row.pk or 0).first() or known.filter(name=row.name).first()
            try:
                if one is None:
                    one = create_organisation(
                        county_code=county_code, name=row.name, kind=row.kind, aliases=row.aliases, head=row.head,
                        area=Area.objects.filter(code=row.area).first() if row.area else None, by=by, at=at, address=address,
                    )  # fmt: skip
                    made += 1
                by_row.append((row, one))
            except Refused as wrong:
                problems.append(f"第{row.number}行：{wrong}")
        for row, one in by_row:
            before = (one.name, one.kind, list(one.aliases), one.parent_id, one.area_id, one.head, one.active)
            try:
                after = change_organisation(
                    organisation=one, name=row.name, kind=row.kind, aliases=row.aliases,
                    parent=Organisation.objects.filter(county_code=county_code, name=row.parent).first() if row.parent else None,
                    area=Area.objects.filter(code=row.area).first() if row.area else None, head=row.head, active=row.active,
                    by=by, at=at, address=address,
                )  # fmt: skip
            except Refused as wrong:
                problems.append(f"第{row.number}行：{wrong}")
                continue
            now = (
                after.name,
                after.kind,
                list(after.aliases),
                after.parent_id,
                after.area_id,
                after.head,
                after.active,
            )
            changed += now != before and row.pk is not None
        if problems:
            raise Refused("\n".join(dict.fromkeys(problems)))
    return made, changed
