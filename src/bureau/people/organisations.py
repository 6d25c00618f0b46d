"""责任单位的写入: the county's register of units that plans name, with their aliases."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Field, ManyToManyField

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people import organisation_rules, rules
from bureau.people.models import Area, Organisation, User
from bureau.people.rules import Refused


def load_organisations(
    *, county_code: str, rows: Iterable[Mapping[str, Any]], by: User | None, at: datetime, address: str = ""
) -> int:
    """载入责任单位: adds those whose name is new; answers how many. `by=None` is the system. Raises Refused.

    Each row has name and kind, and may have aliases, parent (a name), area (a division code) and head.
    """
    _demand_manager(by)
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


def create_organisation(
    *,
    county_code: str,
    name: str,
    kind: str,
    aliases: Sequence[str] = (),
    parent: Organisation | None = None,
    area: Area | None = None,
    head: str = "",
    by: User,
    at: datetime,
    address: str = "",
) -> Organisation:
    """登记责任单位. Raises Refused with everything wrong at once."""
    _demand_manager(by)
    name, aliases = name.strip(), _words(aliases)
    with transaction.atomic():
        _demand(
            organisation_rules.why_not_unit(
                name=name, kind=kind, aliases=aliases, taken=names_taken(county_code), parent=parent.name if parent else "",
            )
        )  # fmt: skip
        last = Organisation.objects.filter(county_code=county_code).order_by("-position").first()
        made = Organisation.objects.create(
            county_code=county_code,
            name=name,
            kind=kind,
            aliases=aliases,
            parent=parent,
            area=area,
            head=head.strip()[:40],
            position=last.position + 1 if last else 1,
        )
        obj = ("organisation", str(made.pk))
        write(by=by, verb=Verb.CREATE, obj=obj, detail=_kept(made), at=at, address=address)
    return made


def change_organisation(
    *,
    organisation: Organisation,
    name: str,
    kind: str,
    aliases: Sequence[str],
    parent: Organisation | None,
    area: Area | None,
    head: str,
    active: bool = True,
    by: User,
    at: datetime,
    address: str = "",
) -> Organisation:
    """修改责任单位. A unit that plans name is not deleted but taken out of use. Raises Refused."""
    _demand_manager(by)
    name, aliases = name.strip(), _words(aliases)
    with transaction.atomic():
        one = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
        _demand(
            organisation_rules.why_not_unit(
                name=name,
                kind=kind,
                aliases=aliases,
                taken=names_taken(one.county_code, but=one),
                parent=parent.name if parent else "",
                below=[below.name for below in _below(one)],
            )
        )
        before = _kept(one)
        one.name, one.kind, one.aliases, one.parent, one.area = name, kind, aliases, parent, area
        one.head, one.active = head.strip()[:40], active
        one.save()
        after = _kept(one)
        if after != before:
            detail = {"before": before, "after": after}
            obj = ("organisation", str(one.pk))
            write(by=by, verb=Verb.CHANGE, obj=obj, detail=detail, at=at, address=address)
    return one


def add_alias(*, organisation: Organisation, alias: str, by: User, at: datetime, address: str = "") -> None:
    """记一个别名. Raises Refused when it is another unit's."""
    if alias in (organisation.name, *organisation.aliases):
        return
    change_organisation(
        organisation=organisation,
        name=organisation.name,
        kind=organisation.kind,
        aliases=[*organisation.aliases, alias],
        parent=organisation.parent,
        area=organisation.area,
        head=organisation.head,
        active=organisation.active,
        by=by,
        at=at,
        address=address,
    )


def merge_organisations(
    *, keep: Organisation, gone: Organisation, by: User, at: datetime, address: str = ""
) -> Organisation:
    """合并重复单位: whatever names `gone` (plans, tasks, accounts, parts) names `keep` from now on, its names become
    aliases, and it is deleted. Raises Refused."""
    _demand_manager(by)
    with transaction.atomic():
        keep = Organisation.objects.select_for_update(of=("self",)).get(pk=keep.pk)
        gone = Organisation.objects.select_for_update(of=("self",)).get(pk=gone.pk)
        refusal = organisation_rules.why_not_merge(
            keep=keep.name,
            gone=gone.name,
            same=keep.pk == gone.pk,
            same_county=keep.county_code == gone.county_code,
            above=keep.pk in {one.pk for one in _below(gone)},
        )
        if refusal:
            raise Refused(refusal)
        moved = _move_references(keep, gone)
        detail = {"keep": keep.name, "gone": _kept(gone), "moved": moved}
        names = [word for word in (gone.name, *gone.aliases) if word not in (keep.name, *keep.aliases)]
        gone.delete()
        keep.aliases = [*keep.aliases, *names]
        keep.save(update_fields=["aliases"])
        obj = ("organisation", str(keep.pk))
        write(by=by, verb=Verb.CHANGE, obj=obj, detail=detail, at=at, address=address)
    return keep


def names_taken(county_code: str, but: Organisation | None = None) -> dict[str, str]:
    """{name or alias: the unit that has it} in a county."""
    rows = Organisation.objects.filter(county_code=county_code).exclude(pk__in=[but.pk] if but else [])
    return {word: one.name for one in rows for word in (one.name, *one.aliases)}


def _move_references(keep: Organisation, gone: Organisation) -> int:
    """Rows of whatever model refers to a unit; the models themselves lie above this one and need not be known."""
    moved = 0
    for relation in Organisation._meta.get_fields(include_hidden=True):
        field: Field[Any, Any] | None = getattr(relation, "field", None)
        if field is None or not relation.auto_created or isinstance(field, ManyToManyField):
            continue
        rows = field.model._base_manager.filter(**{field.name: gone})
        if field.model._meta.auto_created:
            # A table of pairs: who already has the one to keep must not have it twice.
            other = next(one for one in field.model._meta.fields if one.is_relation and one is not field)
            have = field.model._base_manager.filter(**{field.name: keep}).values(other.attname)
            rows.filter(**{f"{other.attname}__in": list(have.values_list(other.attname, flat=True))}).delete()
            rows = field.model._base_manager.filter(**{field.name: gone})
        moved += rows.update(**{field.name: keep})
    return moved


def _below(one: Organisation) -> list[Organisation]:
    found: list[Organisation] = []
    level = list(one.parts.all())
    while level:
        found += level
        level = list(
            Organisation.objects.filter(parent__in=level).exclude(pk__in=[part.pk for part in found])
        )
    return found


def _words(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(word.strip() for word in words if word.strip()))


def _kept(one: Organisation) -> dict[str, object]:
    """What the log keeps of a unit."""
    return {
        "county": one.county_code,
        "name": one.name,
        "kind": one.kind,
        "aliases": list(one.aliases),
        "parent": one.parent.name if one.parent else "",
        "area": one.area.code if one.area else "",
        "head": one.head,
        "active": one.active,
    }


def _demand_manager(by: User | None) -> None:
    if by is not None and (refusal := rules.why_not(by.role, rules.Permission.MANAGE_ORGANISATIONS)):
        raise Refused(refusal)


def _demand(problems: Sequence[str]) -> None:
    if problems:
        raise Refused("；".join(problems))
