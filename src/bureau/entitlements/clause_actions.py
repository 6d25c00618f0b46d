"""县级条款的写入: into the county's one draft, everything checked at each save; confirming is in `clause_versions`."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from bureau.entitlements import clause_yaml, queries, rules
from bureau.entitlements.clause_checks import foreign
from bureau.entitlements.clause_draft import State, Texts, locked, open_draft, save
from bureau.entitlements.models import CountyPack
from bureau.people.models import User
from bureau.people.rules import Refused, demand
from junheng.aid.whatif import members
from junheng.policy import PackError
from junheng.policy.clauses import raw_of


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
        demand(rules.why_not_reason(reason))
        draft = open_draft(county_code, by=by, at=at)
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
        save(draft, pack, texts, clause=clause_id, words=words, reason=reason, by=by, at=at, address=address)
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
        demand(rules.why_not_reason(reason))
        draft = open_draft(county_code, by=by, at=at)
        pack = clause_yaml.read(draft.text)
        row = clause_yaml.row_of(pack, queries.shipped_raws(), clause_id)
        if row is None:
            raise Refused("没有这一条，请从条款列表重新打开")
        clause_yaml.put(pack, clause_yaml.ended(row, date.fromordinal(until.toordinal() + 1)))
        pack["responsible"] = pack.get("responsible") or by.display_name
        words = f"执行到{until}为止：{row['name']}"
        save(draft, pack, texts, clause=clause_id, words=words, reason=reason, by=by, at=at, address=address)
    return draft


def take_back(
    *, draft: CountyPack, clause_id: str, texts: Texts, by: User, at: datetime, address: str = ""
) -> CountyPack:
    """还原一条: the clause in the draft is again as in the version that the draft was made from."""
    with transaction.atomic():
        draft = locked(draft)
        demand(
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
        save(draft, pack, texts, clause=clause_id, words=words, reason="", by=by, at=at, address=address)
    return draft


def upload(
    *, county_code: str, text: str, reason: str, texts: Texts, by: User, at: datetime, address: str = ""
) -> CountyPack:
    """上传条款包: the file takes the place of the whole draft. Raises PackError with all problems of the file, or Refused."""
    with transaction.atomic():
        demand(rules.why_not_reason(reason))
        raw = raw_of(text)
        problems = foreign(raw, county_code)
        try:
            queries.book_with(text)
        except PackError as error:
            problems += list(error.problems)
        if problems:
            raise PackError(list(dict.fromkeys(problems)))
        draft = open_draft(county_code, by=by, at=at)
        pack = clause_yaml.read(text)
        for part in ("documents", "groups", "clauses"):
            pack.setdefault(part, [])
        save(
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
        demand(rules.why_not_reason(reason))
        draft = open_draft(county_code, by=by, at=at)
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
        save(draft, pack, texts, clause="", words=words, reason=reason, by=by, at=at, address=address)
    return draft


def begin_again(
    *, version: CountyPack, texts: Texts, by: User, at: datetime, address: str = ""
) -> CountyPack:
    """以旧版为底稿: an earlier version becomes the content of the open draft."""
    with transaction.atomic():
        draft = open_draft(version.county_code, by=by, at=at)
        pack = clause_yaml.read(version.text)
        words = f"以第{version.number}版为底稿"
        save(draft, pack, texts, clause="", words=words, reason=words, by=by, at=at, address=address)
    return draft
