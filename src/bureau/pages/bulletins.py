"""通报和报告: the list of a county's bulletins, and the form that drafts one from the data."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_http_methods

from bureau.bulletins import actions, queries
from bureau.bulletins.models import Bulletin
from bureau.bulletins.rules import period_words, whole_number
from bureau.bulletins.states import WORDS
from bureau.pages.access import SignedIn, page
from bureau.pages.bulletin_slips import slips_of_period
from bureau.pages.context import current, show
from bureau.pages.export import export
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.people.rules import Permission, Refused, why_not
from bureau.plans.task_queries import current_plans

KINDS = {str(value): str(label) for value, label in Bulletin.Kind.choices}
PERIODS = (
    ("quarterly-1", gettext_noop("第一季度")),
    ("quarterly-2", gettext_noop("第二季度")),
    ("quarterly-3", gettext_noop("第三季度")),
    ("quarterly-4", gettext_noop("第四季度")),
    ("half_yearly-1", gettext_noop("上半年")),
    ("half_yearly-2", gettext_noop("下半年")),
    ("yearly-1", gettext_noop("全年")),
)


def _address(row: Any) -> str:
    return reverse("bulletin", args=[row["id"]])


@require_GET
@page(Permission.SEE_PLANS)
def listing(request: SignedIn) -> HttpResponseBase:
    """All bulletins that the account may see."""
    here = current(request)

    def fill(rows: list[dict[str, Any]]) -> None:
        for row in rows:
            row["period"] = period_words(row["kind"], row["year"], row["part"])
            row["standing"] = WORDS[row["state"]]

    table = Table(
        request,
        "bulletins",
        (
            Column("title", _("标题"), link=_address),
            Column("kind", _("种类"), codes={k: _(v) for k, v in KINDS.items()}, choices={k: _(v) for k, v in KINDS.items()}),
            Column("period", _("期次"), computed=True, sort="year"),
            Column("as_of", _("数据截止日期"), kind="date", text=lambda row: f"{row['as_of']:%Y-%m-%d}"),
            Column("number", _("发文字号"), text=lambda row: row["number"] or "–"),
            Column("standing", _("状态"), kind="verdict", computed=True, sort="state", lookup="state", choices={str(k): _(v) for k, v in WORDS.items()}),
            Column("plan__title", _("计划"), text=lambda row: row["plan__title"] or _("全部现行计划")),
            Column("drafted_by__display_name", _("起草人"), hidden=True),
            Column("issued_by__display_name", _("签发人"), text=lambda row: row["issued_by__display_name"] or "–"),
        ),
        queries.visible_bulletins(request.user, here.county_code),
        what=_("份"),
        search=("title", "number"),
        search_hint=_("标题、文号"),
        order="-as_of,-id",
        extra=("state", "year", "part"),
        row_link=_address,
        fill=fill,
        empty=_("还没有通报和报告。选好种类和期次，系统按数据起草，您再修改。"),
        caption=_("通报和报告"),
    )  # fmt: skip
    if table.wants_export:
        return export(request, table, title=_("通报和报告"), permission=Permission.SEE_PLANS)
    return show(
        request,
        "bulletins/list.html",
        title=_("通报和报告"),
        table=table,
        why_not_begin=why_not(request.user.role, Permission.WRITE_BULLETINS),
    )


@require_http_methods(["GET", "POST"])
@page(Permission.WRITE_BULLETINS)
def create(request: SignedIn) -> HttpResponse:
    """起草."""
    here, today = current(request), localdate()
    plans = list(current_plans(request.user, here.county_code))
    quarter = (today.month - 1) // 3 + 1
    begun = {
        "period": f"quarterly-{quarter}",
        "year": str(today.year),
        "plan": "",
        "as_of": today.isoformat(),
    }
    if request.method == "GET":
        return _form(request, begun, plans)
    asked = {name: request.POST.get(name, "").strip() for name in begun}
    kind, _dash, part = asked["period"].partition("-")
    plan = next((one for one in plans if str(one.pk) == asked["plan"]), None)
    chosen = {
        "kind": kind,
        "year": whole_number(asked["year"]),
        "part": whole_number(part),
        "as_of": as_day(asked["as_of"]),
        "plan": plan,
    }
    try:
        made = actions.draft(
            county_code=here.county_code,
            county_name=here.county_name,
            slips=slips_of_period(request.user, here.county_code, **chosen),  # type: ignore[arg-type]
            by=request.user,
            at=now(),
            today=today,
            address=client_address(request),
            **chosen,  # type: ignore[arg-type]
        )
    except Refused as refusal:
        return _form(request, asked, plans, str(refusal))
    messages.success(request, _("已按数据起草，请逐段核对；每个数点开可看来源"))
    return HttpResponseRedirect(reverse("bulletin", args=[made.pk]))


def as_day(typed: str) -> date | None:
    """2026-09-30 as a day; None for anything else."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _form(request: SignedIn, asked: dict[str, str], plans: list[Any], refusal: str = "") -> HttpResponse:
    groups = [
        (_(KINDS[kind]), [(key, _(words)) for key, words in PERIODS if key.startswith(f"{kind}-")])
        for kind in KINDS
    ]
    return show(
        request,
        "bulletins/new.html",
        title=_("起草通报或报告"),
        crumbs=[(_("通报和报告"), reverse("bulletins"))],
        status=422 if refusal else 200,
        asked=asked,
        plans=plans,
        groups=groups,
        refusal=refusal,
    )
