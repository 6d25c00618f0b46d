"""导入: the history of imports, and choosing files for a new one."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bureau.pages.access import SignedIn, page
from bureau.pages.cells import Row
from bureau.pages.context import Page, current, show
from bureau.pages.export import download, export
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.people.models import User
from bureau.people.rules import Permission, may
from bureau.registry import actions
from bureau.registry.import_models import Import
from bureau.registry.moving import RefusedError
from bureau.work import tasks
from junheng.documents.templates import template
from junheng.tables import SHEETS

ENDINGS = (".xlsx", ".xlsm", ".xls", ".csv")
LARGEST = 200 * 1024 * 1024
# What a school may send in; the rest is the bureau's.
SCHOOL_SHEETS = ("schools", "premises", "classes", "students", "teachers")


def import_address(row: Row) -> str:
    """The page of one import."""
    return reverse("import", args=[row["id"]])


def visible(here: Page) -> Any:
    """The imports an account may see: a school its own, the others those of their county."""
    found = Import.objects.filter(county_code=here.county_code)
    return found.filter(by=here.user) if here.user.role == User.Role.SCHOOL else found


def columns() -> tuple[Column, ...]:
    """The columns of the history."""
    states = {str(code): _(str(words)) for code, words in Import.State.choices}
    return (
        Column("id", _("编号"), "number", link=import_address),
        Column("day", _("数据日期"), "date"),
        Column("file_name", _("文件"), link=import_address),
        Column("sheets", _("登记册"), sort=None, text=lambda row: "、".join(_(SHEETS[name].title) for name in row["sheets"])),
        Column("state", _("状态"), "code", codes=states, choices=states),
        Column("new", _("新增"), "number", computed=True, text=lambda row: count(row, "new")),
        Column("changed", _("变更"), "number", computed=True, text=lambda row: count(row, "changed")),
        Column("missing", _("离册"), "number", computed=True, text=lambda row: count(row, "missing")),
        Column("rejected", _("错误行"), "number", computed=True, text=lambda row: count(row, "rejected")),
        Column("by__display_name", _("经办"), "code"),
        Column("at", _("上传时间"), "time"),
        Column("committed_at", _("提交时间"), "time", text=lambda row: _moment(row["committed_at"])),
        Column("sha256", _("文件指纹 SHA-256"), sort=None, hidden=True),
    )  # fmt: skip


def count(row: Row, kind: str) -> str:
    """How many rows of a kind, over all registers; a dash before the file is read."""
    counts = row["counts"]
    return f"{sum(one.get(kind, 0) for one in counts.values()):,}" if counts else "–"


def _moment(value: Any) -> str:
    return f"{localtime(value):%Y-%m-%d %H:%M}" if value else "–"


@page(Permission.SEE_SCHOOLS)
def imports(request: SignedIn) -> HttpResponse:
    """导入记录: who, when, which file, what it brought."""
    here = current(request)
    table = Table(
        request,
        "imports",
        columns(),
        visible(here),
        what=_("次导入"),
        search=("file_name", "sha256", "by__display_name"),
        search_hint=_("文件名、指纹或经办人"),
        order="-id",
        extra=("counts",),
        row_link=import_address,
        empty=_("还没有导入过。请点“导入表格”，先下载模板填写，再上传。"),
        caption=_("导入记录"),
    )
    if table.wants_export:
        return export(request, table, title=_("导入记录"))
    return show(
        request,
        "imports.html",
        title=_("导入"),
        table=table,
        can_import=may(request.user.role, Permission.IMPORT),
    )


@page(Permission.IMPORT)
def new_import(request: SignedIn) -> HttpResponse:
    """Choose files, say of which day they are, and queue them."""
    here = current(request)
    problems: list[str] = []
    day_text = request.POST.get("day", "")
    complete = request.POST.get("complete") == "1"
    replaces = request.POST.get("replaces", "")
    if request.method == "POST":
        files = request.FILES.getlist("files")
        problems = why_not_receive(files, day_text)
        if not here.county_code:
            problems.append(_("系统里还没有县区，请系统管理员先载入行政区划。"))
        if not problems:
            of = _receive(request, here, files, date.fromisoformat(day_text), complete)
            _drop_replaced(request, here, replaces)
            return HttpResponseRedirect(reverse("import", args=[of.pk]))
    return show(
        request,
        "import_new.html",
        title=_("导入表格"),
        crumbs=[(_("导入"), reverse("imports"))],
        problems=problems,
        day=day_text or f"{localdate():%Y-%m-%d}",
        complete=complete,
        sheets=[SHEETS[name] for name in sheets_of(request.user)],
        status=422 if problems else 200,
    )


def sheets_of(user: User) -> Sequence[str]:
    """The registers an account may send in."""
    return SCHOOL_SHEETS if user.role == User.Role.SCHOOL else tuple(SHEETS)


def why_not_receive(files: Sequence[UploadedFile[bytes]], day: str) -> list[str]:
    """Everything wrong with what was chosen, all at once."""
    found = []
    if not files:
        found.append(_("请选择要导入的文件。"))
    for file in files:
        name = file.name or ""
        if not name.lower().endswith(ENDINGS):
            found.append(
                _("“%(name)s”不是表格文件。请选择 .xlsx、.xls 或 .csv 文件；WPS 文件请另存为 .xlsx。")
                % {"name": name}
            )
        elif not file.size:
            found.append(_("“%(name)s”是空文件（0 字节），请重新选择。") % {"name": name})
    if sum(file.size or 0 for file in files) > LARGEST:
        found.append(_("文件合计超过 200 MB，请分几次导入。"))
    try:
        if date.fromisoformat(day) > localdate():
            found.append(_("数据日期不能晚于今天，请改为数据实际所属的日期。"))
    except ValueError:
        found.append(_("请填写数据日期，例如 2025-09-30。"))
    return found


def _receive(
    request: SignedIn, here: Page, files: Sequence[UploadedFile[bytes]], day: date, complete: bool
) -> Import:
    of = actions.receive(
        by=request.user,
        files=[(file.name or "", file.read()) for file in files],
        day=day,
        county_code=here.county_code,
        complete=complete,
        at=now(),
        address=client_address(request),
    )
    tasks.stage_import.enqueue(of.pk)
    return of


def _drop_replaced(request: SignedIn, here: Page, identity: str) -> None:
    """A corrected file takes the place of the one before, if that is still waiting."""
    if identity.isdigit() and (before := visible(here).filter(pk=identity, by=request.user).first()):
        try:
            actions.cancel(of=before, by=request.user, at=now(), address=client_address(request))
        except RefusedError:
            return


@require_GET
@page(Permission.IMPORT)
def templates(request: SignedIn) -> HttpResponse:
    """空白模板: one workbook of the sheets asked for, or of all that the account may send in."""
    able = sheets_of(request.user)
    names = [name for name in request.GET.getlist("sheet") if name in able] or list(able)
    title = SHEETS[names[0]].title if len(names) == 1 else _("全部表格")
    return download(template([SHEETS[name] for name in names]), f"{title}模板.xlsx")
