"""供餐设置: the price with its document, the schools in the programme, days with and without meals, the deadline of a complaint."""

from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bureau.entitlements.queries import county_book
from bureau.nutrition import programme, rules, settings_actions
from bureau.nutrition.models import Covered
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.context import Page, current, show
from bureau.pages.export import export
from bureau.pages.nutrition import MODES
from bureau.pages.people_columns import school_names
from bureau.pages.remember import remembered
from bureau.pages.sign_in import client_address
from bureau.pages.table import Bulk, Column, Table
from bureau.people.rules import Permission, Refused

LONGEST_SPAN = 31


@require_GET
@page(Permission.SEE_AID, but=("school",))
def settings(request: SignedIn) -> HttpResponse:
    """All of it on one page."""
    here, today, by = current(request), localdate(), request.user
    day = here.on or today
    names = school_names(here)
    covered = list(programme.covered(here.county_code, today).values())
    fed = remembered(
        here.version("students"), f"fed {day}", lambda: programme.fed_by_school(here.county_code, day)
    )
    missing, ended = programme.suggestions(here.county_code, day, today, fed)
    book = county_book(here.county_code)
    table = _schools(request, names, covered)
    if table.wants_export:
        return export(request, table, title=_("营养改善实施学校"))
    days, said = programme.complaint_days(here.county_code)
    month = today.replace(day=1)
    return show(
        request,
        "nutrition/settings.html",
        title=_("供餐设置"),
        crumbs=[(_("营养改善"), reverse("nutrition"))],
        table=table,
        standard=programme.price_on(here.county_code, today, book),
        clause=programme.clause_price(here.county_code, today, book),
        prices=[
            (
                one,
                one.fen / 100,
                rules.why_not_confirm_price(
                    by=by, entered_by=one.by_id, confirmed=one.confirmed_by_id is not None
                ),
            )
            for one in programme.prices(here.county_code)
        ],
        missing=[one for one in missing if one.school_code in names],
        ended=[one for one in ended if one.school_code in names],
        modes=MODES,
        today=today,
        meal_days=[
            (one, names.get(one.school_code, one.school_code))
            for one in programme.changed_days(here.county_code, month - timedelta(days=120))
        ],
        names=names,
        doubts=programme.doubts(here.county_code, month),
        days=days,
        said=said,
        why_not_set=rules.why_not_set(by=by),
    )


def _schools(request: SignedIn, names: Any, covered: Any) -> Table:
    rows = [
        {**row, "school_name": names[row["school_code"]]} for row in covered if row["school_code"] in names
    ]
    refusal = rules.why_not_set(by=request.user)
    return Table(
        request,
        "nutrition-schools",
        (
            Column("school_name", _("学校")),
            Column("school_code", _("学校标识码"), hidden=True),
            Column("mode", _("供餐方式"), "code", codes=MODES, choices=MODES),
            Column("since", _("起始日期"), "date"),
            Column("source", _("依据")),
        ),
        rows,
        what=_("所学校"),
        search=("school_name", "school_code"),
        search_hint=_("校名、标识码"),
        order="school_name",
        row_id="school_code",
        bulk=() if refusal else tuple(
            Bulk(_("改为%(mode)s") % {"mode": _(words)}, reverse("nutrition-settings-change", args=[f"mode-{code}"]))
            for code, words in MODES.items()
        ),
        empty=_("还没有实施学校。按登记册生成名单，或导入学生表时标明“享受营养餐”。"),
        caption=_("实施学校名单"),
    )  # fmt: skip


@require_POST
@page(Permission.MANAGE_FUNDS)
def change(request: SignedIn, action: str) -> HttpResponse:
    """登记标准、确认、撤回、实施学校、供餐日、答复期限."""
    here = current(request)
    try:
        messages.success(request, _do(request, here, action))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("nutrition-settings"))


def _do(request: SignedIn, here: Page, action: str) -> str:
    post, today, county = request.POST, localdate(), here.county_code
    who: dict[str, Any] = {"by": request.user, "at": now(), "address": client_address(request)}
    if action == "price":
        settings_actions.enter_price(
            county_code=county, since=_day(post.get("since", "")), fen=_fen(post.get("yuan", "")), source=post.get("source", ""),
            document=post.get("document", ""), **who,
        )  # fmt: skip
        return _("已登记，请另一人核对文件后确认")
    if action in ("confirm", "withdraw"):
        key = post.get("price", "")
        price = programme.prices(county).filter(pk=int(key) if key.isdecimal() else 0).first()
        if price is None:
            raise Refused("没有这个标准")
        if action == "confirm":
            settings_actions.confirm_price(price=price, **who)
            return _("标准已确认")
        settings_actions.withdraw_price(price=price, reason=post.get("reason", ""), **who)
        return _("标准已撤回")
    if action == "cover":
        mode = post.get("mode", "")
        schools = dict.fromkeys(post.getlist("ids"), mode)
        since = _day(post.get("since", "")) or today
        known = set(school_names(here))
        schools = {code: mode for code, mode in schools.items() if code in known}
        count = settings_actions.cover(
            county_code=county, schools=schools, since=since, source=post.get("source", ""), **who
        )
        return _("已列入 %(n)s 所学校") % {"n": count}
    if action == "uncover":
        until = _day(post.get("until", "")) or today
        count = settings_actions.uncover(
            county_code=county, schools=post.getlist("ids"), until=until, reason=post.get("reason", ""), **who
        )
        return _("已移出 %(n)s 所学校") % {"n": count}
    if action.startswith("mode-") and action[5:] in Covered.Mode.values:
        for school in post.getlist("ids"):
            settings_actions.change_mode(
                county_code=county, school_code=school, mode=action[5:], since=today, **who
            )
        return _("已改 %(n)s 所学校的供餐方式") % {"n": len(post.getlist("ids"))}
    if action == "days":
        count = settings_actions.set_meal_days(
            county_code=county, school_code=post.get("school", ""), days=_span(post.get("first", ""), post.get("last", "")),
            serves=post.get("serves") == "1", reason=post.get("reason", ""), **who,
        )  # fmt: skip
        return _("已登记 %(n)s 天，月账今晚自动重算，也可以在月账里立即重算") % {"n": count}
    if action == "complaints":
        typed = post.get("days", "")
        settings_actions.set_complaint_days(
            county_code=county, days=int(typed) if typed.isdecimal() and len(typed) < 5 else None, source=post.get("source", ""), **who
        )  # fmt: skip
        return _("已保存。")
    raise not_found(_("没有这个操作。"))


def _span(first: str, last: str) -> list[date]:
    start = _day(first)
    end = _day(last) or start
    if start is None or end is None:
        return []
    if not 0 <= (end - start).days <= LONGEST_SPAN:
        raise Refused(f"起止日期应在 {LONGEST_SPAN} 天以内，止期不早于起期")
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


def _fen(typed: str) -> int | None:
    try:
        found = Decimal(typed.strip()) * 100
    except InvalidOperation:
        return None
    return int(found) if found.is_finite() and found == found.to_integral_value() and found < 10**8 else None


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        return None
