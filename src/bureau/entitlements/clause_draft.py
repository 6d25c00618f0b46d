"""县级条款的草稿: the one open version of a county's pack: begun, locked, written and checked at each step. Used by the actions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bureau.entitlements import clause_yaml, queries, rules
from bureau.entitlements.clause_checks import Check, check
from bureau.entitlements.models import CountyPack, PackEdit
from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.queries import counties
from bureau.people.rules import demand
from bureau.people.scope import why_not_county

Texts = Mapping[str, str]
State = CountyPack.State


def open_draft(county_code: str, *, by: User, at: datetime) -> CountyPack:
    """The open draft, begun from the version in force when there is none."""
    demand(why_not_county(by, county_code))
    found = (
        CountyPack.objects.select_for_update(of=("self",))
        .filter(county_code=county_code, state__in=[State.DRAFT, State.WAITING])
        .first()
    )
    demand(rules.why_not_edit_pack(role=by.role, open_state=found.state if found else ""))
    if found:
        return found
    base = queries.pack_in_force(county_code)
    last = CountyPack.objects.filter(county_code=county_code).order_by("-number").first()
    extends = [str(raw["id"]) for raw in queries.shipped_raws()]
    name = counties().filter(code=county_code).values_list("name", flat=True).first() or county_code
    text = base.text if base else clause_yaml.write(clause_yaml.new_pack(county_code, name, extends))
    return CountyPack.objects.create(
        county_code=county_code,
        number=last.number + 1 if last else 1,
        text=text,
        based_on=base,
        by=by,
        at=at,
    )


def save(
    draft: CountyPack,
    pack: Mapping[str, Any],
    texts: Texts,
    *,
    clause: str,
    words: str,
    reason: str,
    by: User,
    at: datetime,
    address: str,
) -> Check:
    draft.text = clause_yaml.write(pack)
    found = check(draft.text, county_code=draft.county_code, texts=texts)
    draft.checked, draft.by, draft.at = found.stored(), by, at
    draft.reason = reason.strip()[:300] or draft.reason
    draft.save()
    PackEdit.objects.create(pack=draft, at=at, by=by, clause=clause[:80], words=words[:300])
    log(draft, Verb.CHANGE, by=by, at=at, address=address, reason=reason, clause=clause, words=words)
    return found


def locked(pack: CountyPack) -> CountyPack:
    return CountyPack.objects.select_for_update(of=("self",)).get(pk=pack.pk)


def log(
    pack: CountyPack,
    verb: Verb,
    *,
    by: User,
    at: datetime,
    address: str,
    reason: str,
    clause: str = "",
    words: str = "",
) -> None:
    write(
        by=by,
        verb=verb,
        obj=("county_pack", f"{pack.county_code}/{pack.number}"),
        detail={
            "state": pack.state,
            "clause": clause,
            "words": words,
            "version": pack.checked.get("version", ""),
        },
        reason=reason,
        at=at,
        address=address,
    )
