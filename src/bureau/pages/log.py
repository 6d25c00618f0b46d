"""审计日志: who did, and who looked at, what and when; whether the chain holds; the export an outsider can verify."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from bureau.log import actions, queries
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, page
from bureau.pages.context import show
from bureau.pages.export import export
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.people.rules import ROLES, Permission

N = gettext_noop
KINDS = {
    "account": N("账号"),
    "area": N("行政区划"),
    "import": N("导入"),
    "run": N("测算"),
    "gap": N("缺口"),
    "gap_ledger": N("缺口台账"),
    "gap_plan": N("整改计划表"),
    "evidence": N("佐证材料"),
    "evidence_file": N("佐证文件"),
    "school": N("学校"),
    "schools": N("学校名单"),
    "student": N("学生"),
    "students": N("学生名单"),
    "teacher": N("教师"),
    "teachers": N("教师名单"),
    "classes": N("班级名单"),
    "log": N("审计日志"),
    "backup": N("备份"),
    "pack": N("标准"),
}
# The fields that occur in details; one that is not here is shown by its own name.
FIELDS = {
    "name": N("姓名"),
    "role": N("角色"),
    "area": N("辖区"),
    "school": N("学校"),
    "office": N("科室"),
    "areas": N("个数"),
    "county": N("县区"),
    "day": N("数据日期"),
    "rows": N("行数"),
    "columns": N("列"),
    "filters": N("筛选"),
    "search": N("搜索"),
    "files": N("文件"),
    "file": N("文件"),
    "sha256": N("文件校验值"),
    "sheets": N("工作表"),
    "counts": N("计数"),
    "new": N("新增"),
    "changed": N("变更"),
    "missing": N("缺少"),
    "unchanged": N("未变"),
    "pack": N("标准"),
    "state": N("状态"),
    "remark": N("说明"),
    "due": N("时限"),
    "measure": N("措施"),
    "with_keys": N("含密钥"),
    "from": N("从"),
    "to": N("到"),
    "second_factor_removed": N("同时停用双因素认证"),
}
CHECKED = "log-checked"


def in_words(detail: object) -> str:
    """The detail of a line on one row of the table: “姓名 甲；角色 学校 → 督学”."""
    if isinstance(detail, dict):
        if set(detail) == {"before", "after"} and isinstance(detail["after"], dict):
            before: dict[str, object] = detail["before"]
            changes = {key: value for key, value in detail["after"].items() if before.get(key) != value}
            return "；".join(
                f"{_field(key)} {_value(key, before.get(key)) or '–'} → {_value(key, value) or '–'}"
                for key, value in changes.items()
            )
        told = {key: _value(key, value) for key, value in detail.items()}
        return "；".join(f"{_field(key)} {words}" for key, words in told.items() if words)
    if isinstance(detail, list):
        return "、".join(in_words(item) for item in detail)
    if isinstance(detail, bool):
        return _("是") if detail else _("否")
    return "" if detail is None else str(detail)


def _field(key: str) -> str:
    return _(FIELDS[key]) if key in FIELDS else key


def _value(key: str, value: object) -> str:
    return _(ROLES[str(value)]) if key == "role" and value in ROLES else in_words(value)


def columns() -> tuple[Column, ...]:
    """The columns; every verb, role and kind of object can be filtered by."""
    roles = {**{code: _(words) for code, words in ROLES.items()}, "system": _("系统")}
    kinds = {kind: _(KINDS.get(kind, kind)) for kind in queries.kinds()}
    verbs = {verb.value: str(verb.label) for verb in Verb}
    return (
        Column("seq", _("序号"), kind="number"),
        Column("at", _("时间"), kind="time"),
        Column("name", _("姓名"), text=lambda row: row["name"] or "–"),
        Column("username", _("用户名"), text=lambda row: row["username"] or "–"),
        Column("role", _("角色"), codes=roles, choices=roles),
        Column("verb", _("动作"), codes=verbs, choices=verbs),
        Column("kind", _("对象"), codes=kinds, choices=kinds, text=lambda row: kinds.get(row["kind"]) or "–"),
        Column("key", _("编号"), text=lambda row: row["key"] or "–"),
        Column("detail", _("内容"), sort=None, text=lambda row: in_words(row["detail"]) or "–"),
        Column("reason", _("事由"), text=lambda row: row["reason"] or "–"),
        Column("address", _("来源"), text=lambda row: row["address"] or "–"),
        Column("hash", _("校验值"), sort=None, hidden=True),
    )


def _day(text: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text)
    return None


@require_GET
@page(Permission.SEE_LOG)
def log(request: SignedIn) -> HttpResponseBase:
    """审计日志页."""
    first, last = _day(request.GET.get("from", "")), _day(request.GET.get("to", ""))
    table = Table(
        request,
        "log",
        columns(),
        queries.entries(first_day=first, last_day=last),
        what=_("条"),
        search=("username", "name", "key", "reason", "address"),
        search_hint=_("姓名、用户名、编号、事由、来源"),
        order="-seq",
        row_id="seq",
        empty=_("这段时间没有日志。"),
    )
    if table.wants_export:
        return export(request, table, title=_("审计日志"))
    checked: queries.ChainState = cache.get(CHECKED) or queries.ChainState()
    if checked.bad is None:
        checked = queries.check_chain(since=checked)
        cache.set(CHECKED, checked, timeout=None)
    return show(
        request,
        "log.html",
        title=_("审计日志"),
        table=table,
        checked=checked,
        first_day=first.isoformat() if first else "",
        last_day=last.isoformat() if last else "",
        kept=[(key, value) for key, values in request.GET.lists() for value in values if key not in _OWN],
    )


_OWN = ("from", "to", "page", "format")


@require_POST
@page(Permission.SEE_LOG)
def check(request: SignedIn) -> HttpResponse:
    """从第一条重新校验: the page itself checks only what was added since it last looked."""
    checked = queries.check_chain()
    cache.set(CHECKED, checked, timeout=None)
    if checked.bad:
        messages.error(request, checked.bad.sentence())
    else:
        messages.success(request, _("日志完整，已校验至第 %(seq)s 条。") % {"seq": checked.seq})
    return redirect("log")


@require_GET
@page(Permission.SEE_LOG)
def export_lines(request: SignedIn) -> StreamingHttpResponse:
    """导出 JSON lines of whole days, whatever else is filtered: only an unbroken part can be verified."""
    first, last = _day(request.GET.get("from", "")), _day(request.GET.get("to", ""))
    days: dict[str, Any] = {"from": first, "to": last}
    actions.read_access(
        by=request.user,
        verb=Verb.EXPORT,
        obj=("log", ""),
        detail=days,
        at=now(),
        address=client_address(request),
    )
    entries = queries.unbroken(first_day=first, last_day=last).iterator(chunk_size=2000)
    lines: Iterator[str] = queries.json_lines(entries)
    response = StreamingHttpResponse(lines, content_type="application/jsonl; charset=utf-8")
    name = f"log-{localtime(now()):%Y%m%d-%H%M}.jsonl"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
