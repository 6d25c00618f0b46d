"""目标责任状: one for each unit that leads a task, with the weights of its tasks; one by one or all in one file."""

from decimal import Decimal

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_http_methods

from bureau.bulletins import queries, ranking_actions, rules
from bureau.bulletins.letters import file_name, letter, setting_party
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, not_found, page, refused
from bureau.pages.bulletin_document import FORMS, bureau_name
from bureau.pages.context import current, show
from bureau.pages.export import archive, download
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.people.models import Organisation
from bureau.people.rules import Permission, Refused, why_not
from bureau.plans.models import Task
from bureau.plans.target_rules import goal_words
from junheng.documents.official import NoChineseFont, OfficialDocument


@require_GET
@page(Permission.SEE_PLANS)
def listing(request: SignedIn) -> HttpResponseBase:
    """Units with how much they have taken on."""
    here = current(request)
    found = queries.letters(request.user, here.county_code, localdate().year)
    weights = queries.weights(found)
    rows = [
        {
            "id": unit.pk,
            "name": unit.name,
            "kind": unit.get_kind_display(),
            "tasks": len(tasks),
            "targets": sum(len(task.targets.all()) for task in tasks),
            "weights": gettext_noop("已定") if _whole(tasks, weights[unit.pk]) else gettext_noop("未定"),
        }
        for unit, tasks in found.items()
    ]
    table = Table(
        request,
        "letters",
        (
            Column("name", _("单位"), link=lambda row: reverse("letter", args=[row["id"]])),
            Column("kind", _("类别"), text=lambda row: _(row["kind"])),
            Column("tasks", _("牵头任务"), kind="number", unit=_("项"), total=True),
            Column("targets", _("量化目标"), kind="number", unit=_("个"), total=True),
            Column("weights", _("权重"), text=lambda row: _(row["weights"])),
        ),
        rows,
        what=_("个单位"),
        match=lambda text, row: text in row["name"],
        search_hint=_("单位"),
        row_link=lambda row: reverse("letter", args=[row["id"]]),
        empty=_("还没有牵头单位。计划发布后，牵头任务的单位列在这里。"),
        caption=_("目标责任状"),
        can_export=False,
    )
    return show(
        request,
        "bulletins/letters.html",
        title=_("目标责任状"),
        crumbs=[(_("通报和报告"), reverse("bulletins"))],
        table=table,
        count=len(rows),
    )


@require_http_methods(["GET", "POST"])
@page(Permission.SEE_PLANS)
def unit_letter(request: SignedIn, pk: int) -> HttpResponse:
    """One unit: its tasks, targets and weights."""
    unit, tasks = _unit(request, pk)
    closed = why_not(request.user.role, Permission.WRITE_BULLETINS)
    kept = queries.weights([unit])[unit.pk]
    typed = {
        task.pk: f"{kept[task.pk]:f}".rstrip("0").rstrip(".") if task.pk in kept else "" for task in tasks
    }
    refusal = ""
    if request.method == "POST":
        if closed:
            return refused(request, closed)
        typed = {task.pk: request.POST.get(f"weight-{task.pk}", "").strip() for task in tasks}
        bad = [
            f"第 {place} 项的权重“{typed[task.pk]}”不是数，请填写最多两位小数的数，例如 12.5"
            for place, task in enumerate(tasks, 1)
            if typed[task.pk] and rules.points(typed[task.pk]) is None
        ]
        try:
            if bad:
                raise Refused("；".join(bad))
            ranking_actions.set_weights(
                unit=unit,
                weights={task: rules.points(typed[task.pk]) for task in tasks},
                by=request.user,
                at=now(),
                address=client_address(request),
            )
            messages.success(request, _("权重已保存"))
            return HttpResponseRedirect(request.path)
        except Refused as error:
            refusal = str(error)
    return show(
        request,
        "bulletins/letter.html",
        title=_("%(unit)s目标责任状") % {"unit": unit.name},
        crumbs=[(_("通报和报告"), reverse("bulletins")), (_("目标责任状"), reverse("letters"))],
        status=422 if refusal else 200,
        unit=unit,
        tasks=[
            (task, [(one, goal_words(one)) for one in task.targets.all()], typed[task.pk]) for task in tasks
        ],
        refusal=refusal,
        closed=closed,
        total=sum(kept.values()) if _whole(tasks, kept) else 0,
    )


@require_GET
@page(Permission.SEE_PLANS)
def document(request: SignedIn, pk: int, form: str) -> HttpResponse:
    """The letter of one unit."""
    unit, tasks = _unit(request, pk)
    if form not in FORMS:
        raise not_found(_("只有 Word 和 PDF 两种格式。"))
    kind, write = FORMS[form]
    try:
        content = write(_letter(request, unit, tasks))
    except NoChineseFont as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("letter", args=[pk]))
    _log(request, str(unit.pk), form)
    return download(content, file_name(unit, localdate().year, form), kind)


@require_GET
@page(Permission.SEE_PLANS)
def every(request: SignedIn, form: str) -> HttpResponse:
    """All letters of the county in one file."""
    if form not in FORMS:
        raise not_found(_("只有 Word 和 PDF 两种格式。"))
    here, year = current(request), localdate().year
    found = queries.letters(request.user, here.county_code, year)
    if not found:
        raise not_found(_("还没有牵头单位，没有责任状可以下载。"))
    _kind, write = FORMS[form]
    try:
        packed = archive(
            (f"{place:02d}{file_name(unit, year, form)}", write(_letter(request, unit, tasks)))
            for place, (unit, tasks) in enumerate(found.items(), 1)
        )
    except NoChineseFont as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("letters"))
    _log(request, "all", form)
    return download(packed, f"{here.county_name}{year}年度目标责任状.zip", "application/zip")


def _unit(request: SignedIn, pk: int) -> tuple[Organisation, list[Task]]:
    found = queries.letters(request.user, current(request).county_code, localdate().year)
    for unit, tasks in found.items():
        if unit.pk == pk:
            return unit, tasks
    raise not_found(_("这个单位没有牵头的任务，或者不在您的辖区内。"))


def _whole(tasks: list[Task], weights: dict[int, Decimal]) -> bool:
    """Whether each task has its weight; weights of an earlier list of tasks do not count."""
    return bool(tasks) and weights.keys() == {task.pk for task in tasks}


def _letter(request: SignedIn, unit: Organisation, tasks: list[Task]) -> OfficialDocument:
    here = current(request)
    weights = queries.weights([unit])[unit.pk]
    bureau = bureau_name(here.county_code, here.county_name)
    return letter(
        unit,
        tasks,
        weights if _whole(tasks, weights) else {},
        year=localdate().year,
        party=setting_party(unit, county_name=here.county_name, bureau=bureau),
        marked="演示数据" if settings.DEMO else "",
    )


def _log(request: SignedIn, key: str, form: str) -> None:
    read_access(
        by=request.user, verb=Verb.EXPORT, obj=("responsibility_letter", key), detail={"form": form}, at=now(),
        address=client_address(request),
    )  # fmt: skip
