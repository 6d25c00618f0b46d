"""去向率: by school, class or township, of all graduates and beside them of those of registered families; each opens to its rows."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from django.views.decorators.http import require_GET

from bureau.graduates import figures, queries, rules
from bureau.graduates.figures import Rate
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.cells import Row
from bureau.pages.context import current, show
from bureau.pages.export import export
from bureau.pages.graduates import KINDS, chosen
from bureau.pages.people_columns import school_names
from bureau.pages.table import Column, Table
from bureau.pages.why import Why, answer
from bureau.people.queries import townships
from bureau.people.rules import Permission

BY = {"school": N("按学校"), "class": N("按班级"), "township": N("按乡镇")}
# Kind of a why → (what is counted, condition of the numerator, condition of the denominator).
FIGURES: dict[str, tuple[str, Q, Q]] = {
    "study": (N("升学率"), Q(current__kind="study"), Q()),
    "placed": (N("去向落实率"), Q(current__kind__in=rules.PLACED), Q()),
    "registered_study": (N("困难家庭升学率"), Q(current__kind="study"), Q(registered=True)),
    "unknown": (N("去向不详"), queries.UNKNOWN, Q()),
}


@require_GET
@page(Permission.SEE_AID)
def rates(request: SignedIn) -> HttpResponse:
    """The table of rates."""
    here = current(request)
    year, stage, years, stages = chosen(request, here)
    stage = stage or (stages[0] if stages else "")
    by = request.GET.get("by", "school")
    by = by if by in BY else "school"
    found = figures.rates(here.county_code, year or 0, stage, by, here.scope)
    names: dict[str, str] = dict(school_names(here))
    if by == "township":
        names = dict(townships(here.county_code).values_list("code", "name"))
    table = _table(request, [_row(one, names, by) for one in found], year, stage, by)
    if table.wants_export:
        return export(
            request, table, title=_("%(year)s年%(stage)s毕业生去向率") % {"year": year, "stage": _(stage)}
        )
    return show(
        request,
        "graduates/rates.html",
        title=_("去向率"),
        crumbs=[(_("毕业生去向"), reverse("graduates") + (f"?year={year}" if year else ""))],
        table=table,
        year=year,
        years=years,
        stage=stage,
        stages=stages,
        by=by,
        bys=[(key, _(words)) for key, words in BY.items()],
        finding=_finding(found),
    )


def _row(one: Rate, names: dict[str, str], by: str) -> dict[str, Any]:
    name = names.get(one.key, one.key or _("未报"))
    return {
        "id": f"{one.key}-{one.class_number or 0}",
        "key": one.key,
        "name": name if by != "class" else _("%(school)s %(n)s班") % {"school": name, "n": one.class_number},
        "graduates": one.graduates,
        "study": one.kinds["study"],
        "study_rate": one.share("study"),
        "work": one.kinds["work"],
        "army": one.kinds["army"],
        "idle": one.kinds["idle"],
        "unknown": one.kinds["none"] + one.kinds["unknown"] + one.kinds["other"],
        "placed_rate": one.share(*rules.PLACED),
        "registered": one.registered,
        "registered_study": one.registered_kinds["study"],
        "registered_rate": one.registered_share("study") if one.registered else "不适用",
    }


def _table(request: SignedIn, rows: list[dict[str, Any]], year: int | None, stage: str, by: str) -> Table:
    def rows_of(row: Row) -> str:
        query = {"year": year, "stage": stage}
        if by != "township":
            query["school_code"] = row["key"]
        return f"{reverse('graduates')}?{urlencode(query)}"

    def why(kind: str) -> Any:
        scope = {"school": "school", "class": "class", "township": "township"}[by]
        return lambda row: (
            reverse("graduates-why", args=[year, stage, kind])
            + "?"
            + urlencode({"by": scope, "of": row["id"]})
        )

    people = _("人")
    return Table(
        request,
        "graduate-rates",
        (
            Column(
                "name", {"school": _("学校"), "class": _("班级"), "township": _("乡镇")}[by], link=rows_of
            ),
            Column("graduates", _("毕业生"), "number", unit=people, total=True),
            Column("study", _("升学"), "number", unit=people, total=True),
            Column("study_rate", _("升学率"), "percent", why=why("study")),
            Column("work", _("就业"), "number", unit=people, total=True),
            Column("army", _("参军"), "number", unit=people, total=True, hidden=True),
            Column("idle", _("待业"), "number", unit=people, total=True),
            Column("unknown", _("不详和其他"), "number", unit=people, total=True),
            Column("placed_rate", _("去向落实率"), "percent", why=why("placed")),
            Column("registered", _("困难家庭毕业生"), "number", unit=people, total=True),
            Column("registered_study", _("困难家庭升学"), "number", unit=people, total=True),
            Column("registered_rate", _("困难家庭升学率"), "percent", why=why("registered_study")),
        ),
        rows,
        what=_("行"),
        search=("name",),
        search_hint=_("名称"),
        order="name",
        empty=_("这一年没有毕业生。先从登记册更新。"),
        caption=_("去向率"),
    )


def _finding(found: list[Rate]) -> str:
    every = sum(one.graduates for one in found)
    poor = sum(one.registered for one in found)
    if not every or not poor:
        return ""
    study = sum(one.kinds["study"] for one in found) / every
    poor_study = sum(one.registered_kinds["study"] for one in found) / poor
    gap = (study - poor_study) * 100
    if abs(gap) < 0.05:
        return _("困难家庭毕业生的升学率与全部毕业生相同")
    words = (
        _("困难家庭毕业生的升学率比全部毕业生低 %(n)s 个百分点")
        if gap > 0
        else _("困难家庭毕业生的升学率比全部毕业生高 %(n)s 个百分点")
    )
    return words % {"n": f"{abs(gap):.1f}"}


@require_GET
@page(Permission.SEE_AID)
def why(request: SignedIn, year: int, stage: str, kind: str) -> HttpResponse:
    """A rate of a school, class or township, or of all in scope: numerator, denominator and the rows behind it."""
    if kind not in FIGURES:
        raise not_found(_("没有这个数。"))
    here = current(request)
    words, numerator, denominator = FIGURES[kind]
    rows = queries.leavers(here.county_code, here.scope).filter(queries.GRADUATED, denominator, year=year)
    query: dict[str, str] = {"year": str(year)}
    if stage != "all":
        rows = rows.filter(stage=stage)
        query["stage"] = stage
    name = here.county_name
    of, by = request.GET.get("of", ""), request.GET.get("by", "")
    key, _mark, number = of.partition("-")
    if by == "township":
        rows = rows.filter(township_code=key)
        name = townships(here.county_code).filter(code=key).values_list("name", flat=True).first() or key
    elif by in ("school", "class"):
        rows = rows.filter(school_code=key)
        query["school_code"] = key
        name = school_names(here).get(key, key)
        if by == "class" and number.isdecimal():
            rows = rows.filter(class_number=int(number))
            name = _("%(school)s %(n)s班") % {"school": name, "n": number}
    every, found = rows.count(), rows.filter(numerator).count()
    counts = figures.counts(figures.standings(rows))
    view = {"registered_study": "registered", "unknown": "unknown"}.get(kind, "all")
    return answer(
        request,
        Why(
            title=_(words),
            of=f"{name} {year} {_(stage) if stage != 'all' else ''}".strip(),
            value=round(found / every * 100, 2) if every else None,
            unit="%",
            numerator=found,
            numerator_label=_("其中"),
            numerator_unit=_("人"),
            denominator=every,
            denominator_label=_("毕业生") if kind != "registered_study" else _("困难家庭毕业生"),
            denominator_unit=_("人"),
            notes=(
                (
                    _("怎样算"),
                    _("升学：在县内外任何学校继续就读；落实：升学、就业、参军；不详：没有登记或登记为不详"),
                ),
                (_("困难家庭"), _("建档立卡、低保、特困中有一项，按毕业时的名册和学籍")),
                (_("来源"), _("县内升学由前后两次学生登记册比较得出，其余为学校登记和外来名单")),
            ),
            rows=[
                *((_(KINDS[name]), counts[name]) for name in KINDS),
                (_("没有登记"), counts["none"]),
            ],
            day=rows.order_by("-taken_on").values_list("taken_on", flat=True).first(),
            rows_address=f"{reverse('graduates')}?{urlencode({**query, 'view': view})}",
        ),
    )
