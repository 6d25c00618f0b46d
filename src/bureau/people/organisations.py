"""责任单位的写入: the county's register of units that plans name, with their aliases."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people import rules
from bureau.people.models import Area, Organisation, User
from bureau.people.rules import Refused


def load_organisations(
    *, county_code: str, rows: Iterable[Mapping[str, Any]], by: User | None, at: datetime, address: str = ""
) -> int:
    """载入责任单位: adds those whose name is new; answers how many. `by=None` is the system. Raises Refused.

    Each row has name and kind, and may have aliases, parent (a name), area (a division code) and head.
    """
    if by is not None and (refusal := rules.why_not(by.role, rules.Permission.MANAGE_ORGANISATIONS)):
        raise Refused(refusal)
    with transaction.atomic():
        there = {one.name: one for one in Organisation.objects.filter(county_code=county_code)}
        added = 0
        for row in rows:
            if row["name"] in there:
                continue
            there[row["name"]] = Organisation.objects.create(
                county_code=county_code,
                name=row["name"],
                kind=row["kind"],
                aliases=list(row.get("aliases", [])),
                parent=there.get(str(row.get("parent", ""))),
                area=Area.objects.filter(code=row["area"]).first() if row.get("area") else None,
                head=str(row.get("head", "")),
                position=len(there) + 1,
            )
            added += 1
        if added:
            obj = ("organisation", county_code)
            write(by=by, verb=Verb.CREATE, obj=obj, detail={"rows": added}, at=at, address=address)
    return added
