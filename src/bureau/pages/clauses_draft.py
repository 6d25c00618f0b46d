"""县级条款的草稿和版本: what was changed, what the check found, who it touches; sent, confirmed by another, listed for ever."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bureau.entitlements import clause_actions, clause_versions, clause_yaml, queries, rules
from bureau.entitlements.clause_checks import own_clauses
from bureau.entitlements.models import CountyPack
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.clauses_compare import compared
from bureau.pages.clauses_edit import plan_texts
from bureau.pages.clauses_words import amount_words, condition_words, grade_words
from bureau.pages.context import Page, current, show
from bureau.pages.export import download
from bureau.pages.sign_in import client_address
from bureau.people.rules import Permission, Refused, why_not
from junheng.policy import PackError
from junheng.policy.clauses import Book, Clause

MOST_BYTES = 1_000_000
_SIGNS = {"draft": ("blank", "○"), "waiting": ("near", "!"), "in_force": ("met", "✓"), "replaced": ("none", "–"), "dropped": ("none", "–")}  # fmt: skip


def _pack(here: Page, number: int) -> CountyPack:
    found = queries.packs(here.county_code).filter(number=number).first()
    if found is None:
        raise not_found(_("没有这一版县级条款。"))
    return found


@page(Permission.SEE_SCHOOLS)
def versions(request: SignedIn) -> HttpResponseBase:
    """Every version of the county's own clauses, newest first."""
    here = current(request)
    opened = queries.open_pack(here.county_code)
    return show(
        request,
        "aid/clauses_versions.html",
        title=_("本县条款的版本"),
        crumbs=[(_("资助条款"), reverse("clauses"))],
        rows=[(pack, _SIGNS[pack.state]) for pack in queries.packs(here.county_code)],
        opened=opened,
        why_not_edit=rules.why_not_edit_pack(
            role=request.user.role, open_state=str(opened.state) if opened else ""
        ),
        may_edit=why_not(request.user.role, Permission.CHANGE_PACKS) is None,
    )


@page(Permission.SEE_SCHOOLS)
def draft(request: SignedIn) -> HttpResponseBase:
    """The open version, or where to begin one."""
    here = current(request)
    opened = queries.open_pack(here.county_code)
    if opened is None:
        return HttpResponseRedirect(reverse("clauses-versions"))
    return HttpResponseRedirect(reverse("clauses-version", args=[opened.number]))


@page(Permission.SEE_SCHOOLS)
def version(request: SignedIn, number: int) -> HttpResponseBase:
    """One version: its clauses beside those of the version before, the check, and what changes for whom."""
    here = current(request)
    pack = _pack(here, number)
    problems = queries.why_not_read(pack)
    book = None if problems else queries.book_with(pack.text)
    others = {one.number: one for one in queries.packs(here.county_code) if one.number != number}
    asked = request.GET.get("with", "")
    # 0 is what was shipped with the program.
    against = others.get(int(asked)) if asked.isdecimal() and len(asked) < 9 else pack.based_on
    readable = against if against and not queries.why_not_read(against) else None
    before = queries.book_with(readable.text) if readable else queries.shipped_book()
    checked = pack.checked
    role, edits = request.user.role, list(pack.edits.select_related("by"))
    found = list(dict.fromkeys([*problems, *checked.get("problems", [])]))
    changes = _changed(before, book, here.county_code) if book else []
    day = _day(request, changes)
    return show(
        request,
        "aid/clauses_version.html",
        title=_("本县条款第 %(n)s 版") % {"n": pack.number},
        crumbs=[(_("资助条款"), reverse("clauses")), (_("本县条款的版本"), reverse("clauses-versions"))],
        pack=pack,
        against=readable,
        others=sorted(others),
        state=_SIGNS[pack.state],
        problems=found,
        checked=checked,
        unquoted=[clause.name for clause in own_clauses(book, here.county_code) if clause.id in checked.get("unquoted", [])] if book else [],
        changes=changes,
        clauses=[_words(clause, book, None) for clause in own_clauses(book, here.county_code)] if book else [],
        edits=edits,
        day=day,
        effect=compared(here, before, book, day) if book and changes else None,
        why_not_edit=rules.why_not_edit_pack(role=role, open_state=pack.state, own_version=pack.state == "draft"),
        why_not_submit=rules.why_not_submit_pack(role=role, state=pack.state, edits=len(edits), problems=len(found), reason="-"),
        why_not_confirm=rules.why_not_confirm_pack(role=role, state=pack.state, person=request.user.pk, makers=clause_versions.makers(pack)),
        why_not_return=rules.why_not_return_pack(role=role, state=pack.state, reason="-"),
        may_edit=why_not(role, Permission.CHANGE_PACKS) is None,
        open_other=queries.open_pack(here.county_code),
    )  # fmt: skip


def _day(request: SignedIn, changes: list[dict[str, Any]]) -> date:
    """The day on which the two are compared: as asked, else the first on which something new counts."""
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        days: list[date] = [change["since"] for change in changes if change["since"]]
        return max(days, default=localdate())


def _changed(before: Book, after: Book, county: str) -> list[dict[str, Any]]:
    """Clauses that differ between two books of the county: new, changed, no longer there."""
    old = {clause.id: clause for clause in before.clauses}
    new = {clause.id: clause for clause in after.clauses}
    found = []
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) == new.get(name):
            continue
        was, now_ = old.get(name), new.get(name)
        found.append(
            {
                "id": name,
                "name": now_.name if now_ else was.name if was else name,
                "own": now_ is not None and now_.pack == f"c{county}",
                "was": _words(was, before, None) if was else None,
                "now": _words(now_, after, was) if now_ else None,
                "since": now_.rates[-1].since if now_ else None,
            }
        )
    return found


def _words(clause: Clause, book: Book, before: Clause | None) -> dict[str, Any]:
    """A clause in the words of the office; `differs` are the parts that are not as in `before`."""
    rate = clause.rates[-1]
    made: dict[str, Any] = {
        "id": clause.id,
        "name": clause.name,
        "stages": grade_words(rate, clause.stages),
        "condition": condition_words(clause.condition),
        "amount": "；".join(amount_words(clause, rate)),
        "since": rate.since,
        "until": rate.until,
        "cite": f"{book.documents[rate.cite.document].name}{rate.cite.item}",
        "quote": rate.cite.quote,
        "assumption": rate.assumption,
    }
    return made


@page(Permission.SEE_SCHOOLS)
def file(request: SignedIn, number: int) -> HttpResponse:
    """A version as the YAML file it is."""
    here = current(request)
    pack = _pack(here, number)
    name = f"{here.county_name}县级条款第{pack.number}版.yaml"
    return download(pack.text.encode(), name, "application/yaml; charset=utf-8")


@page(Permission.CHANGE_PACKS)
def template(request: SignedIn) -> HttpResponse:
    """An empty pack of the county with one clause as an example, to begin a file from."""
    here = current(request)
    extends = [str(raw["id"]) for raw in queries.shipped_raws()]
    pack = clause_yaml.new_pack(here.county_code, here.county_name, extends)
    pack["documents"] = [{"key": "示例文件", "number": "某教发〔2026〕12号", "title": "示例，请改成实际文件"}]
    pack["clauses"] = [
        {
            "id": f"{pack['id']}.1", "name": "示例条款，请改写", "kind": "cash", "stage": ["普高"], "when": "家庭经济困难",
            "amount": 1000, "per": "year", "since": date(localdate().year, 9, 1), "document": "示例文件", "item": "二（一）",
            "quote": "照原文填写", "status": "V3",
            "examples": [{"day": date(localdate().year, 9, 1), "stage": "普高", "grade": 2, "county": here.county_code, "has": ["低保"], "pays": 1000}],
        }
    ]  # fmt: skip
    pack["entered_by"] = request.user.display_name
    return download(
        clause_yaml.write(pack).encode(),
        f"{here.county_name}县级条款模板.yaml",
        "application/yaml; charset=utf-8",
    )


@require_POST
@page(Permission.CHANGE_PACKS)
def upload(request: SignedIn) -> HttpResponse:
    """A YAML file in the place of the draft's content; all problems of the file at once, nothing half-saved."""
    here, sent = current(request), request.FILES.get("file")
    problems: list[str] = []
    text = ""
    if sent is None or not sent.size:
        problems.append(_("请选择条款包文件（.yaml）"))
    elif sent.size > MOST_BYTES:
        problems.append(_("文件太大，条款包应小于 1 MB"))
    else:
        try:
            text = sent.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            problems.append(_("文件不是 UTF-8 文字，请用下载的模板另存后再上传"))
    if not problems:
        try:
            made = clause_actions.upload(
                county_code=here.county_code,
                text=text,
                reason=request.POST.get("reason", ""),
                texts=plan_texts(here.county_code),
                by=request.user,
                at=now(),
                address=client_address(request),
            )
            messages.success(request, _("已存入草稿"))
            return HttpResponseRedirect(reverse("clauses-version", args=[made.number]))
        except PackError as error:
            problems += error.problems
        except Refused as refusal:
            problems.append(str(refusal))
    return show(
        request,
        "aid/clauses_upload.html",
        title=_("上传条款包"),
        crumbs=[(_("资助条款"), reverse("clauses")), (_("本县条款的版本"), reverse("clauses-versions"))],
        problems=problems,
        reason=request.POST.get("reason", ""),
        status=422,
    )


@require_POST
@page(Permission.CHANGE_PACKS)
def change(request: SignedIn, number: int, action: str) -> HttpResponse:
    """Send, confirm, give back, drop, take one clause back, or begin again from an earlier version."""
    here = current(request)
    pack = _pack(here, number)
    reason = request.POST.get("reason", "")
    who: dict[str, Any] = {"by": request.user, "at": now(), "address": client_address(request)}
    texts = plan_texts(here.county_code)
    to = number
    try:
        match action:
            case "submit":
                clause_versions.submit(draft=pack, reason=reason or pack.reason, texts=texts, **who)
                messages.success(request, _("已送复核；另一位有权限的人员确认后生效"))
            case "confirm":
                clause_versions.confirm(pack=pack, texts=texts, **who)
                messages.success(request, _("已确认，这一版从现在起执行；旧版保留"))
            case "return":
                clause_versions.give_back(pack=pack, reason=reason, **who)
                messages.success(request, _("已退回修改"))
            case "drop":
                clause_versions.drop(draft=pack, **who)
                messages.success(request, _("草稿已作废"))
            case "take-back":
                clause_actions.take_back(
                    draft=pack, clause_id=request.POST.get("clause", ""), texts=texts, **who
                )
                messages.success(request, _("已还原"))
            case "again":
                to = clause_actions.begin_again(version=pack, texts=texts, **who).number
                messages.success(request, _("已以这一版为底稿，存入草稿"))
            case _:
                raise not_found(_("没有这个操作。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("clauses-version", args=[to]))
