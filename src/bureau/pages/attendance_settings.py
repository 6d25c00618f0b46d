"""学期与时限: the county's school terms and how far back roll calls may be entered; assumed until somebody types them."""

from contextlib import suppress
from datetime import date

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from bureau.attendance import queries, rules, setting_actions
from bureau.attendance.models import Limits, Term
from bureau.attendance.terms import assumed_span, term_name
from bureau.pages.access import SignedIn, page
from bureau.pages.attendance_place import LISTS
from bureau.pages.context import current, show
from bureau.pages.sign_in import client_address
from bureau.people.rules import Refused


@page(roles=LISTS)
def settings(request: SignedIn) -> HttpResponseBase:
    """The terms with their source, the assumed ones marked, and the limits."""
    here = current(request)
    asked = {name: request.POST.get(name, "").strip() for name in ("name", "since", "until", "source", "teacher_days", "school_days")}  # fmt: skip
    if request.method == "POST":
        try:
            _save(request, here.county_code, asked)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("已保存，考勤和出勤率按新的设置计算"))
            return HttpResponseRedirect(request.path)
    typed = list(Term.objects.filter(county_code=here.county_code).select_related("by").order_by("-since"))
    name = term_name(localdate())
    names = {one.name for one in typed}
    year = int(name[:4])
    near = [name, f"{year + 1}春" if name.endswith("秋") else f"{year}秋"]
    return show(
        request,
        "attendance/settings.html",
        title=_("学期与补登时限"),
        crumbs=[(_("考勤"), reverse("attendance"))],
        typed=typed,
        assumed=[assumed_span(one) for one in near if one not in names],
        reach=queries.reach(here.county_code),
        limits=Limits.objects.filter(county_code=here.county_code).select_related("by").first(),
        asked=asked,
        why_not=rules.why_not_settle(role=request.user.role),
        status=422 if request.method == "POST" else 200,
    )


def _save(request: SignedIn, county_code: str, asked: dict[str, str]) -> None:
    by, at, address = request.user, now(), client_address(request)
    if "limits" in request.POST:
        if not (asked["teacher_days"].isdigit() and asked["school_days"].isdigit()):
            raise Refused("时限请填整数天数，例如 5")
        setting_actions.set_limits(
            county_code=county_code,
            teacher_days=min(int(asked["teacher_days"][:4]), 999),
            school_days=min(int(asked["school_days"][:4]), 999),
            by=by,
            at=at,
            address=address,
        )
        return
    days: dict[str, date] = {}
    problems = []
    for field, words in (("since", "开学日"), ("until", "放假前最后一天")):
        with suppress(ValueError):
            days[field] = date.fromisoformat(asked[field])
        if field not in days:
            problems.append(f"{words}“{asked[field]}”不是日期，请写成 2026-09-01")
    if problems:
        raise Refused("；".join(problems))
    setting_actions.set_term(
        county_code=county_code,
        name=asked["name"],
        source=asked["source"],
        by=by,
        at=at,
        address=address,
        **days,
    )
