"""任务清单与责任清单: a plan's list in the documents' own columns; as Excel and Word, and back from an edited Excel."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.context import current, show
from bureau.pages.duties import fill_lines
from bureau.pages.export import XLSX, download, export
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.people.rules import Permission, Refused
from bureau.plans import duty_queries, task_actions, task_rules, task_sheet
from bureau.plans.document_queries import visible_plans
from bureau.plans.duty_periods import words as frequency_words
from bureau.plans.duty_states import WORDS
from bureau.plans.models import Plan, Task
from bureau.plans.task_queries import current_duty, tasks

KEPT = "task_list"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS = ("任务清单", "责任清单")
SHORT = 56


def task_address(row: Any) -> str:
    """The page of one task."""
    return reverse("plan-task", args=[row["id"]])


def _plan(request: SignedIn, pk: int) -> Plan:
    here = current(request)
    found = visible_plans(request.user, here.county_code).filter(pk=pk).first()
    if found is None:
        raise not_found(_("没有这份计划，或者它不在您的辖区内。"))
    return found


def task_columns(plans: QuerySet[Plan]) -> tuple[Column, ...]:
    """The documents' own columns."""
    units = duty_queries.unit_choices(plans)
    return (
        Column("number", _("序号"), kind="number"),
        Column("title", _("重点任务"), link=task_address),
        Column("measures", _("具体措施"), text=lambda row: row["measures"] or "–", html=lambda row: _short(row["measures"])),
        Column("goal", _("目标"), text=lambda row: row["goal"] or "–", html=lambda row: _short(row["goal"])),
        Column("leads", _("牵头单位"), computed=True, sort=None, lookup="leads", choices=units),
        Column("supports", _("配合单位"), computed=True, sort=None),
        Column("person", _("责任人"), text=lambda row: row["person"] or _("未定")),
        Column("due", _("完成时限"), kind="date", text=lambda row: f"{row['due']:%Y-%m-%d}" if row["due"] else row["due_text"] or _("未写明")),
        Column("standing", _("状态"), kind="verdict", computed=True, sort=None),
        Column("progress", _("进展"), computed=True, sort=None),
        Column("evidence", _("佐证"), computed=True, sort=None),
        Column("section", _("所属部分"), hidden=True),
        Column("frequency", _("周期"), hidden=True, computed=True, sort=None),
    )  # fmt: skip


def _short(text: str) -> SafeString:
    """As much as a row of the list holds; the whole stands on the task's page and in the exported file."""
    return SafeString(escape(text if len(text) <= SHORT else f"{text[:SHORT]}…") or "–")


def fill_tasks(rows: list[dict[str, Any]]) -> None:
    """Units, state, progress and evidence of the tasks of one page."""
    from_duties: list[dict[str, Any]] = []
    found = {one.pk: one for one in tasks(Plan.objects.all()).filter(pk__in=[row["id"] for row in rows])}
    proofs = duty_queries.proofs(list(found))
    for row in rows:
        task = found[row["id"]]
        duty = current_duty(task)
        row["leads"] = "、".join(one.name for one in task.leads.all()) or _("未定")
        row["supports"] = "、".join(one.name for one in task.supports.all()) or "–"
        row["frequency"] = frequency_words(task.frequency)
        row["progress"] = (duty.progress if duty else "") or "–"
        row["evidence"] = "、".join(proofs.get(task.pk, ())) or "–"
        row["standing"] = "不再执行" if task.dropped else "待启动"
        if duty is not None and not task.dropped:
            from_duties.append({"id": duty.pk, "row": row})
    fill_lines(from_duties, within=0)
    for line in from_duties:
        line["row"]["standing"] = line["standing"]


@page(Permission.SEE_PLANS)
def listing(request: SignedIn, pk: int) -> HttpResponseBase:
    """The list of one plan."""
    plan = _plan(request, pk)
    mine = Plan.objects.filter(pk=plan.pk)
    table = Table(
        request,
        "plan-tasks",
        task_columns(mine),
        Task.objects.filter(plan=plan).distinct(),
        what=_("项任务"),
        search=("title", "measures", "goal", "person", "leads__name"),
        search_hint=_("任务、措施、目标、单位"),
        order="number",
        extra=("due_text",),
        row_link=task_address,
        fill=fill_tasks,
        empty=_("这份计划还没有任务。计划核对并发布后，任务会列在这里。"),
        caption=_("任务清单"),
    )
    if table.wants_export:
        return export(request, table, title=_("任务清单"), permission=Permission.SEE_PLANS)
    here = current(request)
    refusal = task_rules.why_not_change(role=request.user.role, in_county=True, plan_state=plan.state)
    return show(
        request,
        "plan_tasks.html",
        title=_("任务清单"),
        crumbs=[(_("任务看板"), f"{reverse('plan-board')}?plan={plan.pk}")],
        plan=plan,
        table=table,
        kinds=KINDS,
        states=WORDS,
        late=duty_queries.duties(mine).filter(duty_queries.late(localdate())).count(),
        upload_refusal=refusal,
        county=here.county_name,
    )


@require_GET
@page(Permission.SEE_PLANS)
def file(request: SignedIn, pk: int, form: str) -> HttpResponse:
    """The list as Excel or Word: `?kind=责任清单` groups it by leading unit."""
    plan = _plan(request, pk)
    asked = request.GET.get("kind", "")
    kind: Any = asked if asked in KINDS else KINDS[0]
    marked = _("演示数据") if settings.DEMO else ""
    if form == "xlsx":
        content, mime = task_sheet.workbook(plan, kind, marked=marked), XLSX
    elif form == "docx":
        content, mime = task_sheet.paper(plan, kind, marked=marked), WORD
    else:
        raise not_found(_("没有这种格式，可以下载 Excel 或 Word。"))
    detail = {"kind": kind, "form": form}
    obj = ("task_list", str(plan.pk))
    read_access(
        by=request.user, verb=Verb.EXPORT, obj=obj, detail=detail, at=now(), address=client_address(request)
    )
    return download(content, f"{plan.title[:60]}{kind}{localdate():%Y%m%d}.{form}", mime)


@page(Permission.EDIT_PLANS)
def upload(request: SignedIn, pk: int) -> HttpResponse:
    """First what the sheet changes and what others changed meanwhile, then all of it or nothing; the file is not kept."""
    plan = _plan(request, pk)
    refusal = task_rules.why_not_change(role=request.user.role, in_county=True, plan_state=plan.state)
    found: task_sheet.Review | None = None
    problems: list[str] = [refusal] if refusal else []
    if request.method == "POST" and not refusal:
        if "apply" in request.POST:
            return _apply(request, plan)
        sent = request.FILES.get("file")
        if sent is None:
            problems = [_("没有选择文件，请先选择填好的清单")]
        elif (sent.size or 0) > task_sheet.LARGEST:
            problems = [_("文件超过 10 MB，任务清单不该这么大，请检查是否选错文件")]
        else:
            found = task_sheet.review(plan, sent.read(), sent.name or "")
            problems = list(found.problems)
            request.session[KEPT] = {} if problems else _kept(plan, found)
    return show(
        request,
        "plan_tasks_upload.html",
        title=_("上传任务清单"),
        crumbs=[(_("任务清单"), reverse("plan-tasks", args=[plan.pk]))],
        plan=plan,
        problems=problems,
        refused=refusal,
        fresh=[one for one in found.differences if not one.stale and not one.meanwhile] if found else [],
        clashes=[one for one in found.differences if not one.stale and one.meanwhile] if found else [],
        stale=[one for one in found.differences if one.stale] if found else [],
        left_out=found.left_out if found else (),
        posted=request.method == "POST",
    )


def _kept(plan: Plan, found: task_sheet.Review) -> dict[str, Any]:
    """For the session: what may be written, and what each field said at the review, so that a change in between is noticed."""
    return {
        "plan": plan.pk,
        "lines": [
            {
                "task": one.task,
                "field": one.field,
                "now": one.now,
                "clash": one.meanwhile,
                "value": _plain(one.value),
                "number": one.number,
            }
            for one in found.differences
            if not one.stale
        ],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _apply(request: SignedIn, plan: Plan) -> HttpResponse:
    kept = request.session.pop(KEPT, {})
    back = HttpResponseRedirect(reverse("plan-tasks-upload", args=[plan.pk]))
    taken = set(request.POST.getlist("take"))
    lines = [
        line
        for line in kept.get("lines", [])
        if not line["clash"] or f"{line['task']}.{line['field']}" in taken
    ]
    if kept.get("plan") != plan.pk or not lines:
        messages.error(request, _("没有待保存的改动，请重新上传清单"))
        return back
    changes, moved = task_sheet.restored(plan, lines)
    if moved:
        text = _("核对期间有人改过第 %(numbers)s 项，请重新上传，以免覆盖别人的修改。")
        messages.error(request, text % {"numbers": "、".join(str(number) for number in moved)})
        return back
    try:
        count = task_actions.change(
            changes=changes,
            reason=request.POST.get("reason", "").strip() or _("上传任务清单"),
            by=request.user,
            at=now(),
            today=localdate(),
            address=client_address(request),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return back
    messages.success(request, _("清单已保存：%(n)s 项任务有改动") % {"n": f"{count:,}"})
    return HttpResponseRedirect(reverse("plan-tasks", args=[plan.pk]))
