"""绩效考核: the schemes of a county that the account may see, and the published results of its own units."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.context import current, show
from bureau.pages.export import export
from bureau.pages.table import Column, Table
from bureau.people.rules import Permission
from bureau.performance import queries, rules
from bureau.performance.models import Result, Scheme, Score
from bureau.performance.states import WORDS
from bureau.plans.task_queries import acts_for

KINDS = {str(value): str(label) for value, label in Scheme.Kind.choices}
EXTRA = ("state", "unit_kind")


def found_scheme(request: SignedIn, pk: int) -> Scheme:
    """The scheme, if the account may see it."""
    here = current(request)
    one = queries.visible_schemes(request.user, here.county_code).filter(pk=pk).first()
    if one is None:
        raise not_found(_("没有这个考核方案，或者它不在您能看到的范围内。"))
    return one


def crumbs(scheme: Scheme) -> list[tuple[str, str]]:
    """From the room down to the scheme."""
    return [
        (_("绩效考核"), reverse("performance")),
        (scheme.title, reverse("performance-scheme", args=[scheme.pk])),
    ]


def _address(row: Mapping[str, Any]) -> str:
    return reverse("performance-scheme", args=[row["id"]])


@require_GET
@page(Permission.SEE_PLANS)
def schemes(request: SignedIn) -> HttpResponseBase:
    """考核方案."""
    here, by = current(request), request.user
    every = queries.visible_schemes(by, here.county_code)
    all_seen = queries.sees_all(by)

    def fill(rows: list[dict[str, Any]]) -> None:
        for row in rows:
            one = Scheme.objects.get(pk=row["id"])
            scores = Score.objects.filter(criterion__scheme=one)
            total = scores.count()
            left = scores.filter(points=None, exempt=False).count()
            row["standing"] = WORDS[row["state"]]
            row["n_units"] = one.units.count()
            row["n_criteria"] = one.criteria.count()
            row["progress"] = f"{total - left}/{total}" if total else "–"
            row["open"] = one.appeals.filter(upheld=None).count()

    columns = [
        Column("title", _("方案"), link=_address),
        Column("period", _("考核期")),
        Column("unit_kind", _("考核对象"), codes=KINDS, choices=KINDS),
        Column("n_units", _("单位"), kind="number", unit=_("个"), computed=True),
        Column("n_criteria", _("指标"), kind="number", unit=_("项"), computed=True),
        Column("standing", _("状态"), kind="verdict", computed=True, sort="state", lookup="state", choices=dict(WORDS)),
    ]  # fmt: skip
    if all_seen:
        columns += [
            Column("progress", _("已评分"), computed=True, note=_("已有得分的格数和全部格数")),
            Column("open", _("待答复申诉"), kind="number", unit=_("份"), computed=True),
        ]
    table = Table(
        request,
        "performance",
        tuple(columns),
        every,
        what=_("个方案"),
        search=("title", "period"),
        search_hint=_("方案、考核期"),
        order="-starts,unit_kind,id",
        extra=EXTRA,
        row_link=_address,
        fill=fill,
        empty=_("还没有考核方案。新建方案后设指标和权重，下达、评分、复核、公布。")
        if all_seen
        else _("还没有涉及本单位的考核方案。方案下达后会出现在这里。"),
        caption=_("考核方案"),
    )
    if table.wants_export:
        return export(request, table, title=_("考核方案"), permission=Permission.SEE_PLANS)
    own = Result.objects.filter(scheme__in=every, organisation__in=acts_for(by)).select_related(
        "scheme", "organisation"
    )
    return show(
        request,
        "performance/schemes.html",
        title=_("绩效考核"),
        table=table,
        why_not_new=rules.why_not_write(by=by),
        own=[] if all_seen else own.filter(scheme__state__in=("published", "closed")),
    )
