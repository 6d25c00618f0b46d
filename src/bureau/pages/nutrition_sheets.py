"""供餐的 Excel: the month's meals and the deliveries as tables to fill in, and read back with every problem at once."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.nutrition import deliveries, programme, queries
from bureau.nutrition.meals import Meals, record_meals
from bureau.nutrition.models import AccountClass
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.context import current, show
from bureau.pages.export import download
from bureau.pages.nutrition_filled import content_of
from bureau.pages.nutrition_opening import month_of, month_words
from bureau.pages.people_columns import school_names
from bureau.pages.sign_in import client_address
from bureau.people.rules import Permission, Refused
from junheng.documents.sheets import book
from junheng.intake.filled import Filled, rows_of
from junheng.tables import codes

MEALS = ("学校标识码", "学校名称", "年级", "班号", "享受人数", "出勤人次", "就餐人次")
DELIVERIES = (
    "学校标识码",
    "日期",
    "供应单位",
    "品名",
    "数量",
    "单位",
    "金额（元）",
    "折合份数",
    "票证号",
    "温度",
)
MEANT = {
    "学校标识码": ("学校代码", "标识码"),
    "就餐人次": ("就餐人次（全月）", "全月就餐人次", "用餐人次", "就餐份数"),
    "出勤人次": ("全月出勤人次", "到校人次"),
    "金额（元）": ("金额", "金额(元)"),
    "供应单位": ("供货商", "供应商", "供货单位"),
    "品名": ("货物名称", "食材名称", "名称"),
    "折合份数": ("份数",),
}


@require_GET
@page(Permission.SEE_AID)
def meals_sheet(request: SignedIn) -> HttpResponse:
    """就餐登记表 of a month: every class of every school in scope, with what is known, and a column for each serving day."""
    here, month = current(request), month_of(request.GET.get("month", ""))
    if month is None:
        raise not_found(_("请选择月份。"))
    names = school_names(here)
    lines = _lines(here.county_code, month, names)
    days = [day for day in programme.serving_days(here.county_code, month) if day <= localdate()]
    rows = [
        [
            line.account.school_code, names[line.account.school_code], codes("grade").get(line.grade, line.grade),
            line.class_number, line.pupils, line.attended, None if line.by_day else line.eaten, *[None for _day in days],
        ]
        for line in lines
    ]  # fmt: skip
    with book() as made:
        headings = (*MEALS, *(f"{day.month}月{day.day}日" for day in days))
        sheet = made.table("就餐登记", headings, rows, (13, 24, 9, 7, 10, 10, 10))
        sheet.freeze_panes(1, 5)
        sheet.write_comment(0, 6, "按月登记填这一列；按日登记填右边各日，这一列留空")
    read_access(
        by=request.user, verb=Verb.EXPORT, obj=("nutrition_month", f"{here.county_code} {month:%Y-%m}"),
        detail={"rows": len(rows)}, at=now(), address=client_address(request),
    )  # fmt: skip
    return download(made.content, f"{here.county_name}就餐登记表{month:%Y-%m}.xlsx")


def _lines(county_code: str, month: date, names: Mapping[str, str]) -> list[AccountClass]:
    found = AccountClass.objects.filter(
        account__county_code=county_code, account__month=month, account__school_code__in=list(names)
    ).select_related("account")
    order = {code: place for place, code in enumerate(names)}
    return sorted(
        found,
        key=lambda line: (
            order[line.account.school_code],
            queries.GRADE_ORDER.get(line.grade, 99),
            line.class_number,
        ),
    )


@require_http_methods(["GET", "POST"])
@page(Permission.REPORT_AID)
def meals(request: SignedIn) -> HttpResponse:
    """上传就餐登记表: all of it is saved, or every problem is said."""
    here, today = current(request), localdate()
    month = month_of(request.POST.get("month") or request.GET.get("month", "")) or today.replace(day=1)
    problems: list[str] = []
    if request.method == "POST":
        name, content, problems = content_of(request.FILES.get("file"))
        if not problems:
            rows, problems, headings = rows_of(
                name, content, needed=("学校标识码", "年级", "班号"), synonyms=MEANT
            )
            entries = _entries(rows, month, headings)
            if not problems:
                problems = _save(request, here.county_code, month, entries)
        if not problems:
            return HttpResponseRedirect(f"{reverse('nutrition')}?month={month:%Y-%m}")
    months = queries.accounts(here.county_code).order_by("-month").values_list("month", flat=True).distinct()
    return _page(
        request,
        problems,
        title=_("%(month)s就餐登记") % {"month": month_words(month)},
        lead=_("下载登记表，填“就餐人次”（全月）或各日人数，再传上来。没有点名的班同时填“出勤人次”。有一处错误就什么也不保存。"),
        sheet=f"{reverse('nutrition-meals-sheet')}?month={month:%Y-%m}",
        months=[(f"{one:%Y-%m}", one == month) for one in months[:12]],
        month=month,
    )  # fmt: skip


def _save(request: SignedIn, county_code: str, month: date, entries: Sequence[Meals]) -> list[str]:
    try:
        count = record_meals(
            county_code=county_code, month=month, entries=entries, by=request.user, at=now(), today=localdate(),
            address=client_address(request),
        )  # fmt: skip
    except Refused as refusal:
        return str(refusal).splitlines()
    messages.success(request, _("登记表已读入，%(n)s 个班有变化") % {"n": count})
    return []


def _entries(rows: Sequence[Filled], month: date, headings: Sequence[str]) -> list[Meals]:
    grades = {word: code for code, word in codes("grade").items()} | {code: code for code in codes("grade")}
    days = {heading: day for heading in headings if (day := _day_of(heading, month))}
    entries = []
    seen: dict[tuple[str, str, int], int] = {}
    for row in rows:
        school = row.text("学校标识码", longest=10, needed=True)
        typed = row.text("年级", longest=10, needed=True)
        number = row.count("班号", needed=True)
        if typed and typed not in grades:
            row.wrong("年级", f"“{typed}”不是年级，请写成 三年级 或 初一")
        eaten, attended = row.count("就餐人次"), row.count("出勤人次")
        daily = {day: count for heading, day in days.items() if (count := row.count(heading)) is not None}
        if daily and eaten is not None and eaten != sum(daily.values()):
            row.wrong("就餐人次", f"“{eaten}”与各日之和 {sum(daily.values())} 不同，按日登记时请留空")
        if number is None or typed not in grades or (eaten is None and attended is None and not daily):
            continue
        key = (school, grades[typed], number)
        if key in seen:
            row.wrong("班号", f"与第{seen[key]}行重复，请删去一行")
        seen[key] = row.number
        entries.append(Meals(*key, eaten, attended, daily, place=f"第{row.number}行 "))
    if rows and not entries and not rows[0].problems:
        rows[0].problems.append("表里没有填写任何就餐或出勤人次")
    return entries


def _day_of(heading: str, month: date) -> date | None:
    """10月8日 → that day of the month's year; None for any other heading."""
    first, mark, rest = heading.partition("月")
    number = rest.removesuffix("日")
    if not mark or not first.isdecimal() or not number.isdecimal() or int(first) != month.month:
        return None
    try:
        return month.replace(day=int(number))
    except ValueError:
        return None


@require_GET
@page(Permission.SEE_AID)
def deliveries_sheet(request: SignedIn) -> HttpResponse:
    """到货登记表, empty, with the suppliers and one's school to choose from."""
    here = current(request)
    names, suppliers = school_names(here), queries.suppliers(here.county_code).filter(active=True)
    with book() as made:
        sheet = made.table("到货登记", DELIVERIES, [], (13, 12, 26, 20, 9, 8, 12, 10, 16, 8))
        if len(names) == 1:
            sheet.write_comment(0, 0, f"本校：{next(iter(names))}")
        listed = [one.name for one in suppliers]
        made.table(
            "供应单位", ("单位名称", "供应内容"), [[one.name, one.goods] for one in suppliers], (36, 30)
        )
        made.table("学校", ("学校标识码", "学校名称"), [[*pair] for pair in names.items()], (14, 36))
        if listed:
            source = f"=供应单位!$A$2:$A${len(listed) + 1}"
            sheet.data_validation(1, 2, 500, 2, {"validate": "list", "source": source})
    return download(made.content, f"{here.county_name}到货登记表.xlsx")


@require_http_methods(["GET", "POST"])
@page(Permission.REPORT_AID)
def deliveries_upload(request: SignedIn) -> HttpResponse:
    """上传到货登记表."""
    here = current(request)
    problems: list[str] = []
    if request.method == "POST":
        name, content, problems = content_of(request.FILES.get("file"))
        if not problems:
            rows, problems, _found = rows_of(name, content, needed=DELIVERIES[1:7], synonyms=MEANT)
            own = here.scope.code if len(here.scope.code) == 10 else ""
            suppliers = {one.name: one for one in queries.suppliers(here.county_code)}
            entries = [_delivery(row, suppliers, own) for row in rows]
            if not problems:
                try:
                    made = deliveries.record_deliveries(
                        county_code=here.county_code, entries=entries, by=request.user, at=now(), today=localdate(),
                        address=client_address(request),
                    )  # fmt: skip
                    messages.success(request, _("已登记 %(n)s 批到货，请两人验收") % {"n": len(made)})
                    return HttpResponseRedirect(reverse("nutrition-deliveries"))
                except Refused as refusal:
                    problems = str(refusal).splitlines()
    return _page(
        request,
        problems,
        title=_("上传到货登记表"),
        lead=_("下载登记表，每批到货一行，填好后上传。有一处错误就什么也不保存。"),
        sheet=reverse("nutrition-deliveries-sheet"),
        crumbs=[(_("到货"), reverse("nutrition-deliveries"))],
    )


def _delivery(row: Filled, suppliers: Mapping[str, Any], own: str) -> deliveries.DeliveryEntry:
    named = row.text("供应单位", longest=80, needed=True)
    if named and named not in suppliers:
        row.wrong("供应单位", f"“{named}”没有登记，请先由教育局登记供应单位，或核对名称")
    school = row.text("学校标识码", longest=10) or own
    if not school:
        row.wrong("学校标识码", "没有填写")
    return deliveries.DeliveryEntry(
        school_code=school,
        supplier=suppliers.get(named),
        day=row.day("日期", needed=True),
        goods=row.text("品名", longest=80, needed=True),
        quantity=row.number_of("数量", needed=True),
        unit=row.text("单位", longest=10, needed=True),
        fen=row.fen("金额（元）", needed=True),
        meals=row.count("折合份数"),
        ticket=row.text("票证号", longest=40),
        temperature=row.number_of("温度"),
        place=f"第{row.number}行",
    )


def _page(request: SignedIn, problems: Sequence[str], **context: Any) -> HttpResponse:
    crumbs = [(_("营养改善"), reverse("nutrition")), *context.pop("crumbs", [])]
    status = 422 if problems else 200
    return show(request, "nutrition/upload.html", crumbs=crumbs, problems=problems, status=status, **context)
