"""外来名单: uploading lists of admissions, of study elsewhere and of jobs, settling doubtful lines, and a school's own sheet."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bureau.graduates import actions, awards, coming, list_jobs, queries, reading, rules
from bureau.graduates.models import ComeList, Leaver
from bureau.graduates.states import LINE_WORDS
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.context import Page, current, show
from bureau.pages.export import export
from bureau.pages.graduates import KINDS, log_children
from bureau.pages.nutrition_filled import content_of
from bureau.pages.people_columns import masked, school_names
from bureau.pages.sign_in import client_address
from bureau.pages.table import Bulk, Column, Table
from bureau.people.kept import Upload
from bureau.people.rules import Permission, Refused, why_not
from bureau.work.graduates_tasks import read_list

LIST_KINDS = {str(code): str(words) for code, words in ComeList.Kind.choices if code != "school"}
FIRST_OF = ("to_check", "unmatched")
# Bytes: some fifteen hundred rows; more take seconds.
LONG = 120_000


@require_http_methods(["GET", "POST"])
@page(Permission.SEE_AID)
def lists(request: SignedIn) -> HttpResponse:
    """The lists, and the form for another."""
    here, today = current(request), localdate()
    asked = {name: request.POST.get(name, "").strip() for name in ("kind", "title", "day")}
    problems: list[str] = []
    if request.method == "POST":
        name, content, problems = content_of(request.FILES.get("file"))
        if not problems:
            made, problems = _taken(request, here, asked, Upload(name, content), today)
            if made is not None:
                return HttpResponseRedirect(reverse("graduate-list", args=[made.pk]))
    else:
        asked["day"] = today.isoformat()
    states = {state: Count("lines", filter=Q(lines__state=state)) for state in LINE_WORDS}
    return show(
        request,
        "graduates/lists.html",
        title=_("外来名单"),
        crumbs=[(_("毕业生去向"), reverse("graduates"))],
        status=422 if problems else 200,
        lists=[
            (one, one.matched + one.same, one.to_check, one.unmatched + one.different, one.n)  # type: ignore[attr-defined]
            for one in queries.lists(here.county_code).annotate(n=Count("lines"), **states)
        ],
        kinds=LIST_KINDS,
        asked=asked,
        problems=problems,
        why_not_add=why_not(request.user.role, Permission.REPORT_AID),
    )


def _taken(
    request: SignedIn, here: Page, asked: Mapping[str, str], upload: Upload, today: date
) -> tuple[ComeList | None, list[str]]:
    """The list, or every problem. A short one is read at once, a long one by the worker."""
    given: dict[str, Any] = {
        "county_code": here.county_code, "kind": asked["kind"], "title": asked["title"], "day": _day(asked["day"]),
        "upload": upload, "by": request.user, "at": now(), "today": today, "address": client_address(request),
    }  # fmt: skip
    try:
        if len(upload.content) > LONG:
            made = list_jobs.ask_list(**given)
            read_list.enqueue(made.pk)
            messages.success(request, _("名单较长，正在后台读取；可以离开本页，读完后在这里核对"))
            return made, []
        entries, problems = reading.read_list(
            upload.name, upload.content, asked["kind"], awards.facts_by_list(here.county_code)
        )
        if problems:
            return None, problems
        made = coming.take_list(entries=entries, **given)
    except Refused as refusal:
        return None, str(refusal).split("；")
    messages.success(request, _("名单已收下，请核对没有自动对上的行"))
    return made, []


def _found(request: SignedIn, pk: int) -> ComeList:
    one = queries.lists(current(request).county_code).filter(pk=pk).first()
    if one is None:
        raise not_found(_("没有这份名单。"))
    return one


@require_GET
@page(Permission.SEE_AID)
def one_list(request: SignedIn, pk: int) -> HttpResponse:
    """The lines of a list: those to be looked at first."""
    one, here = _found(request, pk), current(request)
    if one.state != "done":
        return _waiting(request, one)
    rows = queries.lines(one, here.scope)
    names = school_names(here)
    refusal = rules.why_not_decide(
        by=request.user, mine=True, withdrawn=one.withdrawn_at is not None, leaver=True, same=True
    )

    def fill(found: list[dict[str, Any]]) -> None:
        masked(found, ids=("id_number",))
        for row in found:
            row["where"] = row["school_name"] or row["employer"] or row["place"] or "–"
            school = names.get(row["leaver__school_code"], "")
            born = row["leaver__birth_date"]
            row["whose"] = (
                f"{row['leaver__person_name']}，{school}{row['leaver__stage']}{row['leaver__year']}届" + (f"，{born}" if born else "")
                if row["leaver__person_name"]
                else "–"
            )  # fmt: skip

    words = {state: _(text) for state, text in LINE_WORDS.items()}
    table = Table(
        request,
        "list-lines",
        (
            Column("number", _("行"), "number"),
            Column("person_name", _("姓名")),
            Column("id_number", _("身份证件号"), sort=None),
            Column("birth_date", _("出生日期"), "date", text=lambda row: str(row["birth_date"] or "–")),
            Column("kind", _("去向"), codes=KINDS, choices=KINDS),
            Column("where", _("就读学校或单位"), computed=True, sort="school_name"),
            Column("state", _("核对"), codes=words, choices=words),
            Column("whose", _("对上的学生"), computed=True, sort="leaver__pinyin",
                   link=lambda row: reverse("graduate", args=[row["leaver_id"]]) if row["leaver_id"] else ""),
            Column("reason", _("依据"), text=lambda row: row["reason"] or "–"),
            Column("decided_by__display_name", _("核对人"), hidden=True, text=lambda row: row["decided_by__display_name"] or "–"),
        ),
        rows,
        what=_("行"),
        search=("person_name", "school_name", "employer"),
        search_hint=_("姓名、学校、单位"),
        order="state,number" if not request.GET.get("state") else "number",
        extra=("leaver_id", "employer", "place", "school_name", "leaver__person_name", "leaver__school_code", "leaver__stage",
               "leaver__year", "leaver__birth_date"),
        fill=fill,
        bulk=() if refusal else (
            Bulk(_("是同一人，登记去向"), reverse("graduate-list-change", args=[pk, "same"])),
            Bulk(_("不是同一人"), reverse("graduate-list-change", args=[pk, "different"])),
        ),
        empty=_("这份名单里没有您辖区的学生。"),
        caption=one.title,
    )  # fmt: skip
    if table.wants_export:
        return export(request, table, title=one.title)
    counts = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    answer = show(
        request,
        "graduates/one_list.html",
        title=one.title,
        crumbs=[(_("毕业生去向"), reverse("graduates")), (_("外来名单"), reverse("graduate-lists"))],
        one=one,
        kind=_(str(one.get_kind_display())),
        table=table,
        tabs=[(state, words[state], counts.get(state, 0)) for state in LINE_WORDS],
        state=request.GET.get("state", ""),
        all=sum(counts.values()),
        why_not_withdraw=rules.why_not_withdraw(
            by=request.user, uploaded_by=one.by_id, withdrawn=one.withdrawn_at is not None, reason="-"
        ),
    )
    log_children(request, table, "graduate_list", {"list": one.pk})
    return answer


def _waiting(request: SignedIn, one: ComeList) -> HttpResponse:
    """A list that is still being read, or was not taken."""
    running = one.state in ("queued", "running")
    answer = show(
        request,
        "graduates/waiting_list.html",
        title=one.title,
        crumbs=[(_("毕业生去向"), reverse("graduates")), (_("外来名单"), reverse("graduate-lists"))],
        one=one,
        running=running,
        state=_(str(one.get_state_display())),
        why_not_cancel=rules.why_not_withdraw(
            by=request.user, uploaded_by=one.by_id, withdrawn=False, reason="-"
        ),
    )
    if running:
        answer.headers["Refresh"] = "3"
    return answer


@require_POST
@page(Permission.REPORT_AID)
def change(request: SignedIn, pk: int, action: str) -> HttpResponse:
    """认定选中的行, or 撤回名单."""
    one, here = _found(request, pk), current(request)
    by, at, address = request.user, now(), client_address(request)
    try:
        if action == "withdraw":
            count = coming.withdraw(
                of=one, reason=request.POST.get("text", ""), by=by, at=at, address=address
            )
            messages.success(request, _("名单已撤回，取消了 %(n)s 名学生的去向") % {"n": count})
        elif action == "cancel":
            list_jobs.cancel_list(of=one, by=by, at=at, address=address)
            messages.success(request, _("正在取消，名单不会入库"))
        elif action in ("same", "different"):
            keys = [int(key) for key in request.POST.getlist("ids") if key.isdecimal() and len(key) < 15]
            wrong: list[str] = []
            done = 0
            for line in queries.lines(one, here.scope).filter(pk__in=keys):
                try:
                    coming.decide(line=line, same=action == "same", by=by, at=at, address=address)
                    done += 1
                except Refused as refusal:
                    wrong.append(_("第 %(n)s 行：%(why)s") % {"n": line.number, "why": refusal})
            if done:
                messages.success(request, _("已核对 %(n)s 行") % {"n": done})
            if wrong or not done:
                raise Refused("；".join(wrong[:10]) or _("请先选择要核对的行"))
        else:
            raise not_found(_("没有这个操作。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("graduate-list", args=[pk]))


@require_http_methods(["GET", "POST"])
@page(Permission.REPORT_AID)
def own_sheet(request: SignedIn) -> HttpResponse:
    """Excel 登记去向 of one's own graduates: all rows are saved, or every problem is said."""
    here, today = current(request), localdate()
    typed = request.POST.get("year") or request.GET.get("year", "")
    years = queries.years(here.county_code)
    year = int(typed) if typed.isdecimal() and int(typed) in years else (years[0] if years else None)
    if year is None:
        raise not_found(_("还没有毕业生，请先由教育局从登记册更新。"))
    problems: list[str] = []
    if request.method == "POST":
        name, content, problems = content_of(request.FILES.get("file"))
        if not problems:
            rows = queries.leavers(here.county_code, here.scope).filter(year=year).select_related("current")
            found, problems = reading.read_own(name, content, {one.pk: one for one in rows})
            if not problems:
                problems = _save(request, found, today)
        if not problems:
            return HttpResponseRedirect(f"{reverse('graduates')}?year={year}")
    return show(
        request,
        "graduates/own_sheet.html",
        title=_("%(year)s年毕业去向登记") % {"year": year},
        crumbs=[(_("毕业生去向"), f"{reverse('graduates')}?year={year}")],
        status=422 if problems else 200,
        problems=problems,
        year=year,
        years=years,
    )


def _save(request: SignedIn, found: list[tuple[Leaver, actions.Said]], today: date) -> list[str]:
    try:
        count = actions.place_many(
            said=found, by=request.user, at=now(), today=today, address=client_address(request)
        )
    except Refused as refusal:
        return str(refusal).splitlines()
    messages.success(request, _("去向登记表已读入，%(n)s 名学生有变化") % {"n": count})
    return []


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        return None
