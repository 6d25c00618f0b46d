"""县级条款的写入: drafted and checked at each save, sent, confirmed by a second person, given back, dropped, begun again."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from bureau.entitlements import clause_yaml, queries, rules
from bureau.entitlements.clause_checks import Check, check, foreign
from bureau.entitlements.models import CountyPack, PackEdit
from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.queries import counties
from bureau.people.rules import Refused
from bureau.people.scope import scope_of
from junheng.aid.whatif import members
from junheng.policy import PackError
from junheng.policy.clauses import raw_of

Texts = Mapping[str, str]
State = CountyPack.State


def put_clause(
    *,
    county_code: str,
    row: Mapping[str, Any],
    document: tuple[str, str],
    replaces: str = "",
    since: date | None = None,
    responsible: str = "",
    reason: str,
    texts: Texts,
    by: User,
    at: datetime,
    address: str = "",
) -> tuple[CountyPack, str]:
    """起草一条 into the open draft (begun when there is none): (draft, id of the clause). Raises Refused.

    `document` is (number, title). `replaces` names the clause that this is a new version of: with `since` its standard ends the
    day before and the new one follows, without it the entry is corrected. A new clause gives neither.
    """
    with transaction.atomic():
        _demand(rules.why_not_reason(reason))
        draft = _draft(county_code, by=by, at=at)
        pack = clause_yaml.read(draft.text)
        made: dict[str, Any] = dict(row)
        known = [
            (one.key, one.number, one.title) for one in queries.base_book(county_code).documents.values()
        ]
        own = [(str(one["key"]), str(one["number"]), str(one["title"])) for one in pack["documents"]]
        made["document"] = clause_yaml.put_document(pack, [*known, *own], *document)
        before = clause_yaml.row_of(pack, queries.shipped_raws(), replaces) if replaces else None
        if replaces and before is None:
            raise Refused("没有要改的这一条，请从条款列表重新打开")
        clause_id = _placed(pack, made, before, since)
        if responsible.strip():
            pack["responsible"] = responsible.strip()
        pack["entered_by"] = by.display_name
        words = f"{'更正' if before and not since else '新标准' if before else '新增'}：{made['name']}"
        _save(draft, pack, texts, clause=clause_id, words=words, reason=reason, by=by, at=at, address=address)
    return draft, clause_id


def _placed(
    pack: dict[str, Any], made: dict[str, Any], before: dict[str, Any] | None, since: date | None
) -> str:
    """Write the row into the pack and say under which id."""
    taken = [clause.id for clause in queries.shipped_book().clauses]
    taken += [str(row.get("id")) for row in pack["clauses"]]
    if before is None:
        made["id"] = clause_yaml.new_id(pack, taken)
        clause_yaml.put(pack, made)
    elif since is None:
        made["id"] = before["id"]
        clause_yaml.put(pack, clause_yaml.corrected(before, {**_kept(before), **made}))
    elif _same_people(before, made):
        rate = {key: made[key] for key in clause_yaml.RATE if key in made}
        if not made.get("assumed"):
            rate |= {"assumed": False, "assumption": ""}
        following = clause_yaml.with_rate(before, rate, since)
        for key in ("name", "evidence", "shares", "cap", "entered_by", "obligation"):
            if key in made:
                following[key] = made[key]
        following["examples"] = [*(before.get("examples") or []), *(made.get("examples") or [])]
        made["id"] = before["id"]
        clause_yaml.put(pack, following)
    else:
        clause_yaml.put(pack, clause_yaml.ended(before, since))
        made["id"] = clause_yaml.new_id(pack, taken)
        made["since"] = since
        clause_yaml.put(pack, {**_kept(before), **made})
    return str(made["id"])


def _kept(before: Mapping[str, Any]) -> dict[str, Any]:
    """What the form does not ask for and a new version keeps."""
    return {key: before[key] for key in ("years", "obligation", "title_en") if key in before}


def _same_people(before: Mapping[str, Any], made: Mapping[str, Any]) -> bool:
    """Whether only money and source differ, so that the new standard is a further period of the same clause."""
    return (
        (before.get("kind") or "cash") == made["kind"]
        and (before.get("group") or "") == (made.get("group") or "")
        and clause_yaml.groups_of(before.get("when")) == clause_yaml.groups_of(made.get("when"))
        and (before.get("when") == made.get("when") or clause_yaml.groups_of(made.get("when")) is not None)
        and clause_yaml.as_list(before.get("stage")) == clause_yaml.as_list(made["stage"])
        and "tiers" not in before
        and "tiers" not in made
    )


def end_clause(
    *,
    county_code: str,
    clause_id: str,
    until: date,
    reason: str,
    texts: Texts,
    by: User,
    at: datetime,
    address: str = "",
) -> CountyPack:
    """停止执行: the clause counts until that day; the draft says so. Raises Refused."""
    with transaction.atomic():
        _demand(rules.why_not_reason(reason))
        draft = _draft(county_code, by=by, at=at)
        pack = clause_yaml.read(draft.text)
        row = clause_yaml.row_of(pack, queries.shipped_raws(), clause_id)
        if row is None:
            raise Refused("没有这一条，请从条款列表重新打开")
        clause_yaml.put(pack, clause_yaml.ended(row, date.fromordinal(until.toordinal() + 1)))
        pack["responsible"] = pack.get("responsible") or by.display_name
        words = f"执行到{until}为止：{row['name']}"
        _save(draft, pack, texts, clause=clause_id, words=words, reason=reason, by=by, at=at, address=address)
    return draft


def take_back(
    *, draft: CountyPack, clause_id: str, texts: Texts, by: User, at: datetime, address: str = ""
) -> CountyPack:
    """还原一条: the clause in the draft is again as in the version that the draft was made from."""
    with transaction.atomic():
        draft = _locked(draft)
        _demand(
            rules.why_not_edit_pack(
                role=by.role, open_state=draft.state, own_version=draft.state == State.DRAFT
            )
        )
        clause_id = clause_id.partition("/")[0]
        pack = clause_yaml.read(draft.text)
        earlier = clause_yaml.read(draft.based_on.text) if draft.based_on else {"clauses": []}
        former = next((row for row in earlier["clauses"] if str(row.get("id")) == clause_id), None)
        if former is None:
            clause_yaml.remove(pack, clause_id)
        else:
            clause_yaml.put(pack, former)
        words = f"还原：{clause_id}"
        _save(draft, pack, texts, clause=clause_id, words=words, reason="", by=by, at=at, address=address)
    return draft


def upload(
    *, county_code: str, text: str, reason: str, texts: Texts, by: User, at: datetime, address: str = ""
) -> CountyPack:
    """上传条款包: the file takes the place of the whole draft. Raises PackError with all problems of the file, or Refused."""
    with transaction.atomic():
        _demand(rules.why_not_reason(reason))
        raw = raw_of(text)
        problems = foreign(raw, county_code)
        try:
            queries.book_with(text)
        except PackError as error:
            problems += list(error.problems)
        if problems:
            raise PackError(list(dict.fromkeys(problems)))
        draft = _draft(county_code, by=by, at=at)
        pack = clause_yaml.read(text)
        for part in ("documents", "groups", "clauses"):
            pack.setdefault(part, [])
        _save(
            draft,
            pack,
            texts,
            clause="",
            words="上传条款包文件",
            reason=reason,
            by=by,
            at=at,
            address=address,
        )
    return draft


def replace_groups(
    *,
    county_code: str,
    clause_ids: Sequence[str],
    title: str,
    reason: str,
    texts: Texts,
    by: User,
    at: datetime,
    address: str = "",
) -> CountyPack:
    """并项: of these clauses, and those of their groups, only the highest is paid from now on, as a draft. Raises Refused."""
    with transaction.atomic():
        _demand(rules.why_not_reason(reason))
        draft = _draft(county_code, by=by, at=at)
        pack = clause_yaml.read(draft.text)
        group = clause_yaml.new_group(pack, title, basis=reason)
        everyone = members(queries.book_with(draft.text), clause_ids)
        for clause_id in dict.fromkeys(name.partition("/")[0] for name in everyone):
            row = clause_yaml.row_of(pack, queries.shipped_raws(), clause_id)
            if row is None:
                raise Refused("没有要合并的条款，请从条款列表重新选择")
            clause_yaml.put(pack, {**row, "group": group})
        pack["responsible"] = pack.get("responsible") or by.display_name
        words = f"并项：{title}"
        _save(draft, pack, texts, clause="", words=words, reason=reason, by=by, at=at, address=address)
    return draft


def submit(
    *, draft: CountyPack, reason: str, texts: Texts, by: User, at: datetime, address: str = ""
) -> CountyPack:
    """送复核, checked once more. Raises Refused with the rule's sentence."""
    with transaction.atomic():
        draft = _locked(draft)
        _demand(_outside(by, draft.county_code))
        found = check(draft.text, county_code=draft.county_code, texts=texts)
        _demand(
            rules.why_not_submit_pack(
                role=by.role,
                state=draft.state,
                edits=draft.edits.count(),
                problems=len(found.problems),
                reason=reason,
            )
        )
        draft.state, draft.reason, draft.checked = State.WAITING, reason.strip(), found.stored()
        draft.submitted_by, draft.submitted_at, draft.returned = by, at, ""
        draft.save()
        _log(draft, Verb.SUBMIT, by=by, at=at, address=address, reason=reason)
    return draft


def confirm(*, pack: CountyPack, texts: Texts, by: User, at: datetime, address: str = "") -> CountyPack:
    """复核通过: in force from now on; the version before is kept as replaced. Raises Refused with the rule's sentence."""
    with transaction.atomic():
        pack = _locked(pack)
        _demand(_outside(by, pack.county_code))
        found = check(pack.text, county_code=pack.county_code, texts=texts)
        _demand(
            rules.why_not_confirm_pack(
                role=by.role,
                state=pack.state,
                person=by.pk,
                makers=makers(pack),
                problems=len(found.problems),
            )
        )
        before = CountyPack.objects.filter(county_code=pack.county_code, state=State.IN_FORCE)
        before.update(state=State.REPLACED, replaced_at=at)
        pack.state, pack.confirmed_by, pack.confirmed_at = State.IN_FORCE, by, at
        pack.checked = found.stored()
        pack.save()
        _log(pack, Verb.CHECK_PACK, by=by, at=at, address=address, reason=pack.reason)
    return pack


def give_back(*, pack: CountyPack, reason: str, by: User, at: datetime, address: str = "") -> CountyPack:
    """退回 to its makers, with the reason."""
    with transaction.atomic():
        pack = _locked(pack)
        _demand(_outside(by, pack.county_code))
        _demand(rules.why_not_return_pack(role=by.role, state=pack.state, reason=reason))
        pack.state, pack.returned = State.DRAFT, reason.strip()[:300]
        pack.save()
        _log(pack, Verb.RETURN, by=by, at=at, address=address, reason=reason)
    return pack


def drop(*, draft: CountyPack, by: User, at: datetime, address: str = "") -> CountyPack:
    """作废 a draft; it stays in the list of versions."""
    with transaction.atomic():
        draft = _locked(draft)
        _demand(_outside(by, draft.county_code))
        _demand(rules.why_not_drop_pack(role=by.role, state=draft.state))
        draft.state = State.DROPPED
        draft.save()
        _log(draft, Verb.DELETE, by=by, at=at, address=address, reason=draft.reason)
    return draft


def begin_again(
    *, version: CountyPack, texts: Texts, by: User, at: datetime, address: str = ""
) -> CountyPack:
    """以旧版为底稿: an earlier version becomes the content of the open draft."""
    with transaction.atomic():
        draft = _draft(version.county_code, by=by, at=at)
        pack = clause_yaml.read(version.text)
        words = f"以第{version.number}版为底稿"
        _save(draft, pack, texts, clause="", words=words, reason=words, by=by, at=at, address=address)
    return draft


def makers(pack: CountyPack) -> set[int]:
    """Everybody who changed or submitted the version."""
    return {pack.by_id, *pack.edits.values_list("by_id", flat=True)} | (
        {pack.submitted_by_id} if pack.submitted_by_id else set()
    )


def _draft(county_code: str, *, by: User, at: datetime) -> CountyPack:
    """The open draft, begun from the version in force when there is none."""
    _demand(_outside(by, county_code))
    found = (
        CountyPack.objects.select_for_update(of=("self",))
        .filter(county_code=county_code, state__in=[State.DRAFT, State.WAITING])
        .first()
    )
    _demand(rules.why_not_edit_pack(role=by.role, open_state=found.state if found else ""))
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


def _save(
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
    _log(draft, Verb.CHANGE, by=by, at=at, address=address, reason=reason, clause=clause, words=words)
    return found


def _locked(pack: CountyPack) -> CountyPack:
    return CountyPack.objects.select_for_update(of=("self",)).get(pk=pack.pk)


def _outside(by: User, county_code: str) -> str | None:
    return None if scope_of(by).covers(county_code=county_code) else "这个县不在您的辖区内"


def _demand(refusal: str | None) -> None:
    if refusal:
        raise Refused(refusal)


def _log(
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
