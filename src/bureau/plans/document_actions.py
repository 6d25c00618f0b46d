"""计划文件的写入: receive a file, read it in the worker, cancel, discard, withdraw, correct its head; one log line each."""

import re
from collections.abc import Callable
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from bureau.log.actions import read_access, write
from bureau.log.models import Verb
from bureau.people.kept import Upload, keep, open_kept
from bureau.people.models import User
from bureau.people.rules import Refused, demand
from bureau.plans import document_rules as rules
from bureau.plans import duty_actions, reading
from bureau.plans.document_queries import in_county, same_file
from bureau.plans.document_states import Event, next_state
from bureau.plans.models import Plan, Task
from bureau.plans.reading_carried import carry_over
from bureau.plans.unit_names import sync_names
from junheng.plandocs import UnreadableDocument, compile_plan

ROOM = "plans"
PASTED = "粘贴的文字.txt"
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
BROKEN = "读取时出了意外，文件没有入库。请把文件和时间告诉系统管理员。"


class CancelledError(Exception):
    """Somebody asked for the reading to stop."""


def fingerprint_of(content: bytes) -> str:
    """文件指纹: the SHA-256 under which a file is kept."""
    return sha256(content).hexdigest()


def receive(
    *,
    county_code: str,
    upload: Upload,
    previous: Plan | None = None,
    by: User,
    at: datetime,
    address: str = "",
) -> Plan:
    """上传计划文件: kept sealed, and queued for reading by whoever calls. Raises Refused."""
    with transaction.atomic():
        demand(rules.why_not_upload(by.role, in_county=in_county(by, county_code)))
        demand(rules.why_not_file(upload.short_name, len(upload.content)))
        if previous is not None:
            previous = Plan.objects.select_for_update(of=("self",)).get(pk=previous.pk)
            has_next = Plan.objects.filter(previous=previous).exists()
            demand(rules.why_not_version_of(previous.state, has_next=has_next))
        there = same_file(county_code, fingerprint_of(upload.content))
        if there is not None:
            raise Refused(f"这个文件已经上传过：“{there.title}”，不重复入库")
        plan = Plan.objects.create(
            county_code=county_code,
            title=upload.short_name.rpartition(".")[0][:200] or upload.short_name,
            file_name=upload.short_name,
            file_sha256=keep(ROOM, upload.content),
            previous=previous,
            version=previous.version + 1 if previous else 1,
            uploaded_by=by,
            uploaded_at=at,
        )
        detail = {
            "file": plan.file_name,
            "sha256": plan.file_sha256,
            "version": plan.version,
            "county": county_code,
        }
        _log(plan, Verb.CREATE, by=by, at=at, address=address, detail=detail)
    return plan


def read(*, plan: Plan, progress: Callable[[float], None] = lambda share: None) -> Plan:
    """读取: compile and store; what cannot be read fails with a sentence. `progress` may raise CancelledError."""
    data = open_kept(ROOM, plan.file_sha256, plan.file_name)
    try:
        compiled = _storable(compile_plan(data, plan.file_name, lambda _step, share: progress(share * 0.9)))
    except UnreadableDocument as refusal:
        _failed(plan, str(refusal))
        plan.refresh_from_db()
        return plan
    with transaction.atomic():
        plan = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        state = next_state(plan.state, Event.READ)
        if state is None or plan.cancel_asked:
            raise CancelledError
        plan.source = compiled["source"]
        plan.state, plan.progress = state, 1.0
        plan.note = "\n".join(compiled.get("notes", ()))
        plan.items.all().delete()
        plan.nodes.all().delete()
        reading.store(plan, compiled)
        if plan.previous is not None:
            carried = carry_over(plan, plan.previous)
            reading.revise(plan)
            plan.note = "\n".join(filter(None, (plan.note, f"沿用上一版已核对的 {carried} 个条目。")))
        sync_names(plan)
        plan.save()
    return plan


def fail(*, plan: Plan, sentence: str = BROKEN) -> None:
    """记为无法读取, with the sentence the page shows."""
    _failed(plan, sentence)


def ask_cancel(*, plan: Plan, by: User, at: datetime, address: str = "") -> None:
    """取消读取, 放弃核对: the draft is set aside; a version before it may be followed by another. Raises Refused."""
    with transaction.atomic():
        plan = _locked(plan)
        demand(rules.why_not_upload(by.role, in_county=in_county(by, plan.county_code)))
        demand(rules.why_not_move(plan.state, Event.DISCARD))
        plan.state, plan.cancel_asked, plan.previous = Plan.State.WITHDRAWN, True, None
        plan.save(update_fields=["state", "cancel_asked", "previous"])
        _log(plan, Verb.DELETE, by=by, at=at, address=address, detail={"file": plan.file_name})


def withdraw(*, plan: Plan, reason: str, by: User, at: datetime, address: str = "") -> Plan:
    """撤下已发布的计划: its open duties end with the reason; nothing that was done is lost. Raises Refused."""
    with transaction.atomic():
        plan = _locked(plan)
        demand(
            rules.why_not_withdraw(
                plan.state, role=by.role, reason=reason, in_county=in_county(by, plan.county_code)
            )
        )
        why = f"计划已撤下：{reason.strip()}"[:200]
        plan.state, plan.note = Plan.State.WITHDRAWN, why
        plan.save(update_fields=["state", "note"])
        dropped = duty_actions.drop_open(plan=plan, reason=why, by=by, at=at)
        Task.objects.filter(plan=plan, dropped="").update(dropped=why)
        _log(plan, Verb.CLOSE, by=by, at=at, address=address, detail={"duties": dropped}, reason=reason)
    return plan


def set_details(
    *,
    plan: Plan,
    title: str,
    document_number: str,
    issuer: str,
    dated: str,
    starts: date | None,
    ends: date | None,
    by: User,
    at: datetime,
    address: str = "",
) -> Plan:
    """更正计划信息. Raises Refused with everything wrong at once."""
    with transaction.atomic():
        plan = _locked(plan)
        demand(rules.why_not_edit(plan.state, role=by.role, in_county=in_county(by, plan.county_code)))
        problems = [] if title.strip() else ["请填写计划标题"]
        if dated.strip() and (wrong := rules.why_not_partial(dated.strip())):
            problems.append(f"成文日期{wrong}")
        if starts and ends and ends < starts:
            problems.append("计划期的结束日期早于开始日期，请更正")
        demand("；".join(problems) or None)
        before = _details(plan)
        plan.title, plan.document_number = title.strip()[:200], document_number.strip()[:60]
        plan.issuer, plan.dated = issuer.strip()[:200], dated.strip()
        plan.starts, plan.ends = starts, ends
        plan.save(update_fields=["title", "document_number", "issuer", "dated", "starts", "ends"])
        after = _details(plan)
        if after != before:
            _log(plan, Verb.CHANGE, by=by, at=at, address=address, detail={"before": before, "after": after})
    return plan


def original(*, plan: Plan, by: User, at: datetime, address: str = "") -> bytes:
    """原件: its bytes, checked against their SHA-256; each look is logged. Raises Refused."""
    data = open_kept(ROOM, plan.file_sha256, plan.file_name)
    detail = {"file": plan.file_name, "sha256": plan.file_sha256}
    read_access(by=by, verb=Verb.EXPORT, obj=("plan", str(plan.pk)), detail=detail, at=at, address=address)
    return data


def _storable(value: Any) -> Any:
    """Without the characters no database stores; each is replaced by one other, so that every offset stays."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {key: _storable(one) for key, one in value.items()}
    return [_storable(one) for one in value] if isinstance(value, list) else value


def _details(plan: Plan) -> dict[str, object]:
    names = ("title", "document_number", "issuer", "dated", "starts", "ends")
    return {name: getattr(plan, name) for name in names}


def _failed(plan: Plan, sentence: str) -> None:
    Plan.objects.filter(pk=plan.pk, state=Plan.State.READING).update(state=Plan.State.FAILED, note=sentence)


def _locked(plan: Plan) -> Plan:
    return Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)


def _log(
    plan: Plan,
    verb: Verb,
    *,
    by: User,
    at: datetime,
    address: str,
    detail: dict[str, object],
    reason: str = "",
) -> None:
    write(by=by, verb=verb, obj=("plan", str(plan.pk)), detail=detail, reason=reason, at=at, address=address)
