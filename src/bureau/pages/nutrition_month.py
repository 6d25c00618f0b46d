"""一所学校的月账: classes with what was due, eaten and attended; entry, explanations, signature and closing."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bureau.nutrition import accounts, meals, programme, queries, rules
from bureau.nutrition.models import Account, AccountClass, Covered
from bureau.nutrition.states import ACCOUNT_WORDS
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.context import current, show
from bureau.pages.nutrition import month_address
from bureau.pages.nutrition_opening import month_of, month_words
from bureau.pages.sign_in import client_address
from bureau.people.rules import Permission, Refused


def found_account(request: SignedIn, school_code: str, month: str) -> tuple[Account, str]:
    """(the account, the school's name), when the school lies in the account's area."""
    here, first = current(request), month_of(month)
    name = here.schools().filter(school_code=school_code).values_list("school_name", flat=True).first()
    one = queries.account_of(here.county_code, school_code, first) if name and first else None
    if one is None:
        raise not_found(_("这所学校这个月没有月账：可能还没有开账，或学校不在您的辖区。"))
    return one, name or school_code


@require_GET
@page(Permission.SEE_AID)
def month(request: SignedIn, school_code: str, month: str) -> HttpResponse:
    """The account."""
    return _show(request, *found_account(request, school_code, month))


def _show(
    request: SignedIn,
    one: Account,
    name: str,
    *,
    problems: tuple[str, ...] = (),
    typed: dict[str, str] | None = None,
) -> HttpResponse:
    today, by = localdate(), request.user
    rows = queries.lines_of(one)
    came = queries.delivered(one.county_code, one.month, one.school_code).get(
        one.school_code, queries.Delivered()
    )
    whole = queries.whole_of(one, rows, came)
    lines = [_line(one, row, typed or {}) for row in rows]
    due = sum(line["due"] for line in lines)
    attended = [row.attended for row in rows]
    why_not_record = rules.why_not_record(by=by, state=one.state, mine=True)
    serving = programme.serving_days(one.county_code, one.month, one.school_code)
    mine = queries.deliveries(one.county_code).filter(
        school_code=one.school_code, day__gte=one.month, day__lte=programme.month_end(one.month)
    )
    beside = queries.accounts(one.county_code).filter(school_code=one.school_code).order_by("-month")
    return show(
        request,
        "nutrition/month.html",
        title=_("%(school)s %(month)s供餐") % {"school": name, "month": month_words(one.month)},
        crumbs=[(_("营养改善"), f"{reverse('nutrition')}?month={one.month:%Y-%m}")],
        status=422 if problems else 200,
        problems=problems,
        account=one,
        state=ACCOUNT_WORDS[one.state],
        mode=Covered.Mode(one.mode).label,
        lines=lines,
        whole=whole,
        whole_differences=rules.whole_differences(whole),
        came=came,
        deliveries=mine.select_related("supplier").order_by("-day", "-id")[:20],
        due=due,
        pupils=sum(row.pupils for row in rows),
        attended=None if None in attended else sum(count or 0 for count in attended),
        uncalled=max((row.days_uncalled for row in rows), default=0),
        yuan=one.fen / 100,
        due_yuan=due * one.fen / 100,
        spent=came.fen / 100,
        per_meal=came.fen / 100 / whole.eaten
        if whole.eaten and all(row.eaten is not None for row in rows)
        else None,
        doubts=programme.doubts(one.county_code, one.month),
        months=[(other, f"{other:%Y-%m}") for other in beside.values_list("month", flat=True)[:12]][::-1],
        why_not_record=why_not_record,
        why_not_sign=accounts.why_not_sign(one, by=by, today=today),
        why_not_close=rules.why_not_close(by=by, state=one.state, signed_by=one.signed_by_id),
        why_not_return=rules.why_not_send_back(by=by, state=one.state, reason="-"),
        open_differences=any(line["differences"] for line in lines) or rules.whole_differences(whole),
        day=_usual_day(serving, today),
        serving=len(serving),
    )


def _line(one: Account, row: AccountClass, typed: dict[str, str]) -> dict[str, Any]:
    line = queries.line_of(one, row)
    blank = {"eaten": row.eaten, "attended": row.attended}
    return {
        "row": row,
        "name": line.name,
        "due": line.due,
        "differences": rules.differences(line),
        **{
            name: typed.get(f"{name}-{row.pk}", "" if value is None else str(value))
            for name, value in blank.items()
        },
    }


def _usual_day(serving: list[date], today: date) -> date | None:
    """The day most likely to be entered: today, or the last before it."""
    return max((day for day in serving if day <= today), default=None)


@require_POST
@page(Permission.SEE_AID)
def change(request: SignedIn, school_code: str, month: str, action: str) -> HttpResponse:
    """登记、说明、签字、退回、结账."""
    one, name = found_account(request, school_code, month)
    by, at, today, address = request.user, now(), localdate(), client_address(request)
    try:
        match action:
            case "meals":
                entries = _typed(request, one)
                count = meals.record_meals(
                    county_code=one.county_code, month=one.month, entries=entries, by=by, at=at, today=today, address=address
                )  # fmt: skip
                messages.success(request, _("已登记，%(n)s 个班有变化") % {"n": count})
            case "explain":
                chosen = [
                    int(key) for key in request.POST.getlist("ids") if key.isdecimal() and len(key) < 15
                ]
                count = accounts.explain(
                    account=one, lines=chosen, whole=request.POST.get("whole") == "1", text=request.POST.get("text", ""),
                    by=by, at=at, address=address,
                )  # fmt: skip
                messages.success(request, _("已说明 %(n)s 处差异") % {"n": count})
            case "sign":
                accounts.sign(account=one, by=by, at=at, today=today, address=address)
                messages.success(request, _("已签字，等待教育局另一人审核结账"))
            case "return":
                accounts.send_back(
                    account=one, reason=request.POST.get("text", ""), by=by, at=at, address=address
                )
                messages.success(request, _("已退回学校"))
            case "close":
                accounts.close(account=one, by=by, at=at, address=address)
                messages.success(request, _("已结账，本月不能再改"))
            case _:
                raise not_found(_("没有这个操作。"))
    except Refused as refusal:
        if action == "meals":
            return _show(
                request, one, name, problems=tuple(str(refusal).splitlines()), typed=request.POST.dict()
            )
        messages.error(request, str(refusal))
    return HttpResponseRedirect(month_address(school_code, one.month))


def _typed(request: SignedIn, one: Account) -> list[meals.Meals]:
    problems: list[str] = []
    entries = []
    for row in queries.lines_of(one):
        name = queries.class_name(row.grade, row.class_number)
        eaten = _count(request.POST.get(f"eaten-{row.pk}", ""), name, _("就餐"), problems)
        attended = _count(request.POST.get(f"attended-{row.pk}", ""), name, _("出勤"), problems)
        if (eaten, attended) != (None, None):
            entries.append(meals.Meals(one.school_code, row.grade, row.class_number, eaten, attended))
    if problems:
        raise Refused("\n".join(problems))
    if not entries:
        raise Refused(_("没有填写任何班级"))
    return entries


def _count(typed: str, name: str, what: str, problems: list[str]) -> int | None:
    text = typed.strip().replace(",", "").replace("，", "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 8):
        problems.append(f"{name}：{what}“{typed[:20]}”应为不小于 0 的整数")
        return None
    return int(text)


@page(Permission.SEE_AID)
def day(request: SignedIn, school_code: str, month: str) -> HttpResponse:
    """每日登记: how many of each class ate on one day."""
    one, name = found_account(request, school_code, month)
    today = localdate()
    serving = [
        day for day in programme.serving_days(one.county_code, one.month, one.school_code) if day <= today
    ]
    asked = _day(request.POST.get("day") or request.GET.get("day", ""))
    chosen = asked if asked in serving else (serving[-1] if serving else None)
    rows = queries.lines_of(one)
    problems: tuple[str, ...] = ()
    refusal = rules.why_not_record(by=request.user, state=one.state, mine=True)
    if request.method == "POST" and chosen is not None:
        try:
            if refusal:
                raise Refused(refusal)
            count = meals.record_meals(
                county_code=one.county_code, month=one.month, entries=_typed_day(request, one, rows, chosen), by=request.user,
                at=now(), today=today, address=client_address(request),
            )  # fmt: skip
        except Refused as refused:
            problems = tuple(str(refused).splitlines())
        else:
            messages.success(request, _("%(day)s已登记，%(n)s 个班有变化") % {"day": chosen, "n": count})
            after = next((one_day for one_day in serving if one_day > chosen), chosen)
            return HttpResponseRedirect(f"{request.path}?day={after}")
    done = _entered(one)
    return show(
        request,
        "nutrition/day.html",
        title=_("%(school)s每日就餐") % {"school": name},
        crumbs=[
            (_("营养改善"), f"{reverse('nutrition')}?month={one.month:%Y-%m}"),
            (month_words(one.month), month_address(one.school_code, one.month)),
        ],
        status=422 if problems else 200,
        problems=problems,
        account=one,
        chosen=chosen,
        days=[(one_day, len(done.get(one_day, {})), len(rows)) for one_day in serving],
        rows=[
            (
                row,
                queries.class_name(row.grade, row.class_number),
                request.POST.get(f"eaten-{row.pk}", done.get(chosen, {}).get(row.pk, "")) if chosen else "",
            )
            for row in rows
        ],
        why_not_record=refusal,
    )


def _entered(one: Account) -> dict[date, dict[int, int]]:
    found: dict[date, dict[int, int]] = {}
    for when, line, eaten in queries.daily(one).values_list("day", "line_id", "eaten"):
        found.setdefault(when, {})[line] = eaten
    return found


def _typed_day(request: SignedIn, one: Account, rows: list[AccountClass], chosen: date) -> list[meals.Meals]:
    problems: list[str] = []
    entries = []
    for row in rows:
        name = queries.class_name(row.grade, row.class_number)
        eaten = _count(request.POST.get(f"eaten-{row.pk}", ""), name, _("就餐"), problems)
        if eaten is not None:
            entries.append(meals.Meals(one.school_code, row.grade, row.class_number, daily={chosen: eaten}))
    if problems:
        raise Refused("\n".join(problems))
    if not entries:
        raise Refused(_("没有填写任何班级"))
    return entries


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        return None
