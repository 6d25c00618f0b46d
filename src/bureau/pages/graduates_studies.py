"""就读信息库: where each child of a registered family studies now, from kindergarten to university, or what it does instead."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from django.views.decorators.http import require_GET

from bureau.graduates import figures, queries
from bureau.pages.access import SignedIn, page
from bureau.pages.cells import Row
from bureau.pages.context import Page, current, show
from bureau.pages.export import export
from bureau.pages.graduates import KINDS, leaver_table, log_children
from bureau.pages.people_columns import school_names, with_school
from bureau.pages.remember import remembered
from bureau.pages.table import Column, Table
from bureau.people.rules import Permission
from bureau.registry import finding
from junheng.tables import codes

VIEWS = {"here": N("县内就读"), "away": N("县外和毕业后")}
_FLAGS = {"建档立卡": "registered_household", "低保": "minimum_living", "特困": "destitute"}
STAGE_ORDER = ("学前", "小学", "初中", "高中", "中职", "特教", "普高", "专科", "本科", "其他")


@require_GET
@page(Permission.SEE_AID)
def studies(request: SignedIn) -> HttpResponse:
    """The two lists, with the count of each stage."""
    here = current(request)
    day = here.on or localdate()
    pupils = here.rows("students")
    known = here.version("students")
    last = queries.derivations(here.county_code).order_by("-pk").values_list("pk", "state").first()
    away = remembered(
        f"{known} {last}" if known else "", f"away {day}", lambda: figures.away_ids(here.county_code, day)
    )
    gone = figures.away(here.county_code, here.scope, day, away)
    names, told = school_names(here), figures.judged(here.county_code, day)
    view = request.GET.get("view", "here")
    view = view if view in VIEWS else "here"
    if view == "here":
        table = _pupils(request, here, names, told)
    else:
        table = leaver_table(
            request, "studies-away", gone, names, empty=_("没有县外就读或毕业离校的困难家庭学生。")
        )
    if table.wants_export:
        return export(request, table, title=_("就读信息库（%(view)s）") % {"view": _(VIEWS[view])})
    inside = remembered(
        f"{known} {told.version if told else ''}" if known else "",
        f"studies {here.scope} {day}",
        lambda: figures.in_county(pupils, told),
    )
    found = figures.studies(inside, gone)
    answer = show(
        request,
        "graduates/studies.html",
        title=_("就读信息库"),
        crumbs=[(_("毕业生去向"), reverse("graduates"))],
        table=table,
        view=view,
        views=[
            ("here", _(VIEWS["here"]), sum(found.in_county.values())),
            ("away", _(VIEWS["away"]), found.all - sum(found.in_county.values())),
        ],
        found=found,
        stages=_stages(found),
        chart=_chart(found) if found.all else None,
        day=day,
        told=told.evaluation if told else None,
    )
    log_children(request, table, "studies", {"view": view, "day": here.on})
    return answer


def _stages(found: figures.Studies) -> list[tuple[str, str, int]]:
    """(what, where, how many) in the order of school years."""

    def place(stage: str) -> int:
        return STAGE_ORDER.index(stage) if stage in STAGE_ORDER else 99

    rows = [
        (_(stage), _("县内"), n)
        for stage, n in sorted(found.in_county.items(), key=lambda one: place(one[0]))
    ]
    rows += [
        (_(stage), _("县外"), n)
        for stage, n in sorted(found.elsewhere.items(), key=lambda one: place(one[0]))
    ]
    rows += [(_(KINDS[kind]), "–", n) for kind, n in found.placed.items()]
    return [*rows, (_("去向不详"), "–", found.unknown)]


def _chart(found: figures.Studies) -> dict[str, Any]:
    rows = _stages(found)
    return {
        "grid": {"left": 8, "right": 64, "top": 6, "bottom": 6},
        "tooltip": {"trigger": "item", "formatter": "tooltip"},
        "xAxis": {"type": "value", "show": False},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [what if where == "–" else f"{what}（{where}）" for what, where, _n in rows],
        },
        "series": [
            {
                "name": _("人数"), "type": "bar", "barMaxWidth": 16, "data": [n for _what, _where, n in rows],
                "label": {"show": True, "position": "right", "formatter": "number"},
            }
        ],
    }  # fmt: skip


def _pupils(request: SignedIn, here: Page, names: Mapping[str, str], told: figures.Judged | None) -> Table:
    beside = with_school(names)
    yes_no = {"1": _("是"), "0": _("否"), "": _("未报")}

    def fill(rows: list[dict[str, Any]]) -> None:
        beside(rows)
        known = figures.hardships(told, [row["key"] for row in rows]) if told else {}
        for row in rows:
            facts = known.get(row["key"])
            for name, field in _FLAGS.items():
                row[f"told_{field}"] = facts[name] if facts else row[field]

    def address(row: Row) -> str:
        return reverse("student", args=[row["id"]])

    def flag(field: str, heading: str) -> Column:
        if told is None:
            return Column(field, heading, "flag", choices=yes_no)
        return Column(f"told_{field}", heading, "flag", computed=True)

    return Table(
        request,
        "studies",
        (
            Column("person_name", _("姓名"), sort="pinyin", link=address),
            Column("school_name", _("就读学校"), computed=True, sort="school_code"),
            Column("school_code", _("学校标识码"), "code", choices=names, hidden=True),
            Column("stage", _("学段"), "code", codes=codes("stage"), choices=codes("stage")),
            Column(
                "grade", _("年级"), "code", codes=codes("grade"), choices=codes("grade"), sort="grade_order"
            ),
            Column("class_number", _("班号"), "number"),
            flag("registered_household", _("建档立卡户")),
            flag("minimum_living", _("低保")),
            flag("destitute", _("特困供养")),
            Column("home_township", _("现住乡镇"), hidden=True),
            Column("enrolment_status", _("学籍状态"), "code", codes=codes("enrolment_status"), hidden=True),
        ),
        finding.in_grade_order(figures.registered_pupils(here.rows("students"), told)),
        what=_("名学生"),
        search=finding.students,
        search_hint=_("姓名、拼音、身份证号或后四位、学籍号"),
        order="pinyin",
        extra=("school_code", "key", *_FLAGS.values()),
        fill=fill,
        row_link=address,
        empty=_("登记册里没有建档立卡、低保或特困家庭的学生。"),
        caption=_("县内就读名单"),
        version=f"{here.version('schools', 'students')} {told.version if told else ''}",
    )
