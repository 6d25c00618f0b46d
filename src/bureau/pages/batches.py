"""发放批次: the batches of a county, and a new one from what passed its publication or failed before."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Count, Sum
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from django.views.decorators.http import require_GET

from bureau.pages.access import SignedIn, page
from bureau.pages.awards_jobs import to_worker
from bureau.pages.awards_shared import BUREAU_ONLY, amount, in_yuan
from bureau.pages.cells import Row
from bureau.pages.context import current, show
from bureau.pages.export import export
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.payments import batch_queries as queries
from bureau.payments import drafting, job_rules, jobs, money, publication
from bureau.payments.models import Job
from bureau.payments.states import BATCH_WORDS
from bureau.people.rules import Permission, Refused, why_not

VIEWS = {
    "open": (N("办理中"), ("draft", "submitted", "approved", "sent")),
    "submitted": (N("待审批"), ("submitted",)),
    "sent": (N("待回盘"), ("sent",)),
    "settled": (N("已办结"), ("settled",)),
    "all": (N("全部"), tuple(BATCH_WORDS)),
}


def batch_address(row: Row) -> str:
    """The page of one batch."""
    return reverse("batch", args=[row["id"]])


@require_GET
@page(Permission.SEE_AID, but=BUREAU_ONLY)
def listing(request: SignedIn) -> HttpResponseBase:
    """发放批次."""
    here = current(request)
    every = queries.batches(here.county_code)
    asked = request.GET.get("view", "open")
    view = asked if asked in VIEWS else "open"
    rows = in_yuan(every.filter(state__in=VIEWS[view][1]))

    def fill(lines: list[dict[str, Any]]) -> None:
        for line in lines:
            line["number"] = f"发〔{line['year']}〕{line['serial']}号" if line["serial"] else _("未编号")
            line["standing"] = BATCH_WORDS[line["state"]]

    table = Table(
        request,
        "batches",
        (
            Column("number", _("批次号"), computed=True, sort="serial", link=batch_address),
            Column("title", _("名称"), link=batch_address),
            Column("fund__name", _("基金")),
            Column("lines_count", _("笔数"), kind="number", unit=_("笔"), total=True),
            amount(),
            Column(
                "standing",
                _("状态"),
                kind="verdict",
                computed=True,
                sort="state",
                lookup="state",
                choices=BATCH_WORDS,
            ),
            Column("drafted_by__display_name", _("制单人")),
            Column(
                "approved_by__display_name",
                _("审批人"),
                text=lambda row: row["approved_by__display_name"] or "–",
            ),
            Column(
                "sent_at",
                _("送银行"),
                kind="time",
                text=lambda row: f"{row['sent_at']:%Y-%m-%d}" if row["sent_at"] else "–",
            ),
        ),
        rows,
        what=_("批"),
        search=("title", "fund__name"),
        search_hint=_("名称、基金"),
        order="-id",
        extra=("year", "serial", "state"),
        row_link=batch_address,
        fill=fill,
        empty=_("没有批次。公示期满的名单可以制成批次，由另一人审批后送银行。"),
        caption=_("发放批次"),
    )
    if table.wants_export:
        return export(request, table, title=_("发放批次"))
    counts = dict(every.order_by().values_list("state").annotate(n=Count("id")))
    drawable = queries.drawable(here.county_code).aggregate(n=Count("id"), fen=Sum("fen", default=0))
    return show(
        request,
        "payments/batches.html",
        title=_("发放批次"),
        table=table,
        tabs=[
            (
                f"{request.path}?view={name}",
                _(words),
                sum(counts.get(state, 0) for state in states),
                name == view,
            )
            for name, (words, states) in VIEWS.items()
        ],
        drawable=drawable["n"],
        drawable_yuan=money.yuan(drawable["fen"]),
        waiting=queries.waiting_for(here.county_code),
        drafts=why_not(request.user.role, Permission.REVIEW_AWARDS),
        jobs=list(jobs.under_way(here.county_code, kind=Job.Kind.DRAFT)),
    )


@page(Permission.REVIEW_AWARDS)
def create(request: SignedIn) -> HttpResponse:
    """制批次: which rounds and how many of each; failed ones to be issued again stand apart."""
    here, today = current(request), localdate()
    publication.keep_up(county_code=here.county_code, today=today, at=now())
    templates = list(queries.templates(here.county_code))
    asked = {
        "title": request.POST.get("title", "").strip(),
        "template": request.POST.get("template", ""),
        "rounds": request.POST.getlist("rounds"),
    }
    refusal = ""
    if request.method == "POST":
        rounds = _rounds(asked["rounds"])
        wanted = queries.drawn_from(here.county_code, rounds)
        template = next((one for one in templates if str(one.pk) == asked["template"]), None)
        try:
            if (rows := wanted.count()) > job_rules.AT_ONCE:
                return to_worker(
                    request,
                    kind=Job.Kind.DRAFT,
                    title=str(asked["title"]),
                    rows=rows,
                    arguments={"rounds": rounds, "template": template.pk if template else None},
                )
            batch = drafting.draft(
                county_code=here.county_code,
                title=str(asked["title"]),
                awards=wanted,
                template=template,
                by=request.user,
                at=now(),
                address=client_address(request),
            )
        except Refused as wrong:
            refusal = str(wrong)
        else:
            messages.success(request, _("已制批次，核对后报审"))
            return HttpResponseRedirect(reverse("batch", args=[batch.pk]))
    without = queries.without_account(here.county_code)
    return show(
        request,
        "payments/batch_new.html",
        title=_("制发放批次"),
        crumbs=[(_("发放批次"), reverse("batches"))],
        groups=[
            {**one, "key": f"{one['group']}-{one['round']}", "yuan": money.yuan(one["fen"]), "again": one["state"] == "failed", "without": without.get((one["round"], one["group"]), 0)}
            for one in queries.groups(here.county_code)
        ],
        templates=templates,
        asked=asked,
        refusal=refusal,
        status=422 if refusal else 200,
    )  # fmt: skip


def _rounds(keys: Sequence[str]) -> dict[str, list[int]]:
    """{group: rounds} of the boxes that were ticked."""
    pairs = [one.split("-", 1) for one in keys if one.count("-") == 1]
    return {
        group: [int(key) for of, key in pairs if of == group and key.isdecimal() and len(key) < 12]
        for group in queries.GROUPS
    }
