"""改台账定义: a draft by one person with a reason, in force when another has checked it; nothing that does not hold is saved."""

import re
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from bureau.cases import packs, rules
from bureau.cases.models import PackVersion
from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.rules import Refused, demand
from bureau.people.scope import scope_of
from junheng.policy.ledgers import parse, version_of


def save_draft(
    *, county_code: str, text: str, reason: str, by: User, at: datetime, address: str = ""
) -> PackVersion:
    """存一版待核对的定义; the draft before is taken back. Raises Refused with every problem of the text."""
    inside = scope_of(by).covers(county_code=county_code)
    demand(rules.why_not_edit_pack(by=by, in_scope=inside, reason=reason))
    found = packs.problems(county_code, text)
    demand("；".join(map(str, found)) or None)
    ledger = parse(text)
    version = version_of(text)
    now = packs.texts(county_code).get(ledger.code)
    if now is not None and version_of(now) == version:
        raise Refused("和现在有效的定义一样，不用保存")
    with transaction.atomic():
        PackVersion.objects.filter(
            county_code=county_code, code=ledger.code, state=PackVersion.State.DRAFT
        ).update(state=PackVersion.State.REFUSED, refusal="被后来的修改取代")
        last = PackVersion.objects.filter(county_code=county_code, code=ledger.code).aggregate(
            n=Max("number")
        )
        draft = PackVersion.objects.create(
            county_code=county_code,
            code=ledger.code,
            number=(last["n"] or 0) + 1,
            title=ledger.title,
            text=text,
            version=version,
            by=by,
            at=at,
            reason=reason.strip()[:300],
        )
        _log(Verb.CHANGE_SETTING, draft, by=by, at=at, reason=reason, address=address)
    return draft


def check(*, pk: int, by: User, at: datetime, address: str = "") -> PackVersion:
    """核对通过: in force from now; the one before is kept as replaced. Raises Refused."""
    with transaction.atomic():
        draft = _draft(pk, by)
        # Cases may have moved since the draft was written: what it takes away must still be empty.
        demand("；".join(map(str, packs.problems(draft.county_code, draft.text))) or None)
        PackVersion.objects.filter(
            county_code=draft.county_code, code=draft.code, state=PackVersion.State.IN_FORCE
        ).update(state=PackVersion.State.REPLACED)
        draft.state, draft.checked_by, draft.checked_at = PackVersion.State.IN_FORCE, by, at
        draft.save(update_fields=["state", "checked_by", "checked_at"])
        _log(Verb.CHECK_PACK, draft, by=by, at=at, address=address)
    return draft


def refuse(*, pk: int, reason: str, by: User, at: datetime, address: str = "") -> PackVersion:
    """核对不通过. Raises Refused."""
    with transaction.atomic():
        draft = _draft(pk, by)
        demand(None if reason.strip() else "请写明为什么不通过")
        draft.state, draft.checked_by, draft.checked_at = PackVersion.State.REFUSED, by, at
        draft.refusal = reason.strip()[:300]
        draft.save(update_fields=["state", "checked_by", "checked_at", "refusal"])
        _log(Verb.RETURN, draft, by=by, at=at, reason=reason, address=address)
    return draft


def set_setting(
    *,
    county_code: str,
    code: str,
    name: str,
    value: int,
    reason: str,
    by: User,
    at: datetime,
    address: str = "",
) -> PackVersion:
    """改一个设置 as a draft of the whole text; saving is confirming, so it is no longer assumed. Raises Refused."""
    text = packs.texts(county_code).get(code)
    if text is None:
        raise Refused(f"没有台账“{code}”")
    lines = text.splitlines()
    start = next((n for n, line in enumerate(lines) if line.startswith("settings:")), len(lines))
    changed = _change_setting(lines, start, name, value)
    if changed is None:
        raise Refused(f"台账没有设置“{name}”")
    return save_draft(
        county_code=county_code, text="\n".join(changed) + "\n", reason=reason, by=by, at=at, address=address
    )


def _change_setting(lines: list[str], start: int, name: str, value: int) -> list[str] | None:
    """The text with one number of `settings` replaced, and its mark of being assumed; None when it has no such setting."""
    found = None
    changed = list(lines)
    for number in range(start + 1, len(lines)):
        line = lines[number]
        if line and not line.startswith((" ", "-", "#")):
            break
        if re.match(r"\s*- ", line) and not line.lstrip().startswith("- {value"):
            if found is not None:
                break
            if re.search(rf"\bname: {re.escape(name)}\b", line):
                found = number
        if found is not None and not line.lstrip().startswith("- {value"):
            changed[number] = re.sub(r"\bvalue: \d+", f"value: {value}", changed[number], count=1)
            changed[number] = re.sub(r"\bassumed: true", "assumed: false", changed[number], count=1)
    return changed if found is not None else None


def _draft(pk: int, by: User) -> PackVersion:
    draft = PackVersion.objects.select_for_update().filter(pk=pk).first()
    if draft is None:
        raise Refused("没有这一版")
    inside = scope_of(by).covers(county_code=draft.county_code)
    demand(rules.why_not_check_pack(by=by, in_scope=inside, state=draft.state, author=draft.by_id))
    return draft


def _log(
    verb: Verb, draft: PackVersion, *, by: User, at: datetime, reason: str = "", address: str = ""
) -> None:
    obj = ("ledger_pack", f"{draft.county_code} {draft.code} {draft.number}")
    write(by=by, verb=verb, obj=obj, detail={"version": draft.version}, reason=reason, at=at, address=address)
