"""工作日历: one year as twelve months, the days that differ from the week, and who confirmed them."""

from calendar import Calendar as Months
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bureau.pages.access import SignedIn, page
from bureau.pages.context import show
from bureau.pages.export import download
from bureau.pages.sign_in import client_address
from bureau.people.rules import Permission, Refused, why_not
from bureau.workdays import actions, queries
from bureau.workdays.models import SpecialDay
from bureau.workdays.sheet import read_days, write_days

LARGEST = 2 * 1024 * 1024


@require_GET
@page(Permission.SEE_PLANS)
def workdays(request: SignedIn) -> HttpResponse:
    """One year."""
    today = localdate()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and 1990 <= int(asked) <= 2100 else today.year
    special = {one.day: one for one in queries.special_days(year)}
    if request.GET.get("format") == "xlsx":
        return download(write_days(year, [_row(one) for one in special.values()]), f"工作日历{year}.xlsx")
    return show(
        request,
        "supervision/workdays.html",
        title=_("%(year)s 年工作日历") % {"year": year},
        crumbs=[(_("督办"), reverse("slips"))],
        year=year,
        years=queries.years(today=today),
        months=[(month, list(_weeks(year, month, special))) for month in range(1, 13)],
        special=special.values(),
        confirmation=queries.confirmation(year),
        closed=why_not(request.user.role, Permission.CHANGE_WORKDAYS),
    )


def _row(one: SpecialDay) -> tuple[date, bool, str, str]:
    return one.day, one.working, one.name, one.source


def _weeks(year: int, month: int, special: dict[date, SpecialDay]) -> Iterator[list[dict[str, Any]]]:
    for week in Months().monthdatescalendar(year, month):
        yield [
            {
                "day": day.day if day.month == month else None,
                "works": special[day].working if day in special else day.weekday() < 5,
                "name": special[day].name if day in special else "",
            }
            for day in week
        ]


@require_POST
@page(Permission.CHANGE_WORKDAYS)
def change(request: SignedIn, year: int, action: str) -> HttpResponse:
    """登记、删去、载入、导入、确认."""
    by, at, address = request.user, now(), client_address(request)
    try:
        match action:
            case "set":
                entry = actions.Entry(
                    _day(request),
                    request.POST.get("working") == "1",
                    request.POST.get("name", ""),
                    request.POST.get("source", ""),
                )
                actions.set_days(entries=[entry], by=by, at=at, address=address)
            case "remove":
                actions.remove_day(day=_day(request), by=by, at=at, address=address)
            case "load":
                actions.load_published(year=year, by=by, at=at, address=address)
            case "upload":
                count = actions.set_days(entries=_uploaded(request), by=by, at=at, address=address)
                messages.info(request, _("改动 %(n)s 天") % {"n": count})
            case _:
                notice = request.POST.get("notice", "")
                actions.confirm_year(year=year, notice=notice, by=by, at=at, address=address)
        messages.success(request, _("工作日历已保存；在办个案按工作日计的期限今晚重新计算"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(f"{reverse('workdays')}?year={year}")


def _day(request: SignedIn) -> date:
    typed = request.POST.get("day", "")
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise Refused(f"“{typed}”不是日期，请写成 2026-10-01") from None


def _uploaded(request: SignedIn) -> list[actions.Entry]:
    file = request.FILES.get("file")
    if file is None:
        raise Refused("请选择文件")
    if (file.size or 0) > LARGEST:
        raise Refused("文件太大，工作日历不会超过 2 MB")
    rows, problems = read_days(file.read(), file.name or "")
    if problems:
        raise Refused("；".join(problems))
    return [actions.Entry(*row) for row in rows]
