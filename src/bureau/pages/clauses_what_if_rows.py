"""条款推演的结果: cost and heads before and after by stage, clause, township and school; as table, figures and chart."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.entitlements.clause_children import Children
from bureau.pages.access import SignedIn
from bureau.pages.cells import said
from bureau.pages.clauses_compare import bill_lines
from bureau.pages.clauses_words import amount_words, condition_words, grade_words
from bureau.pages.context import Page
from bureau.pages.table import Column, Table
from bureau.people.queries import townships
from junheng.aid.plan import Plan, compile_plan
from junheng.aid.whatif import Bill, bill, by_school
from junheng.policy.clauses import STAGES, Book, Clause


@dataclass(frozen=True)
class Ground:
    """推演的起点: the county's book on a day, compiled, and what it costs for the children."""

    plan: Plan
    bill: Bill
    schools: Mapping[str, tuple[int, int]]


_grounds: dict[tuple[str, str, date], Ground] = {}


def ground_of(book: Book, children: Children, day: date) -> Ground:
    """Made once for each book, day and set of children; the few newest are kept."""
    key = (book.version, children.version, day)
    if key not in _grounds:
        while len(_grounds) >= 8:
            _grounds.pop(next(iter(_grounds)))
        plan = compile_plan(book, day)
        _grounds[key] = Ground(plan, bill(children.cube, plan), by_school(children.cube, plan))
    return _grounds[key]


def now_paid(clause: Clause | None, stage: str, day: date) -> str:
    if clause is None:
        return ""
    rate = clause.near(day)
    fens = sorted({fen for (place, _grade), fen in rate.fen.items() if place == stage})
    return "—".join(
        f"{fen / rate.units / 100:g}" for fen in (fens[:1] + fens[-1:] if len(fens) > 1 else fens)
    )


def words_of(clause: Clause, book: Book, day: date) -> dict[str, str]:
    rate = clause.near(day)
    group = book.groups.get(clause.group)
    return {
        "name": clause.name,
        "stages": grade_words(rate, clause.stages),
        "condition": condition_words(clause.condition),
        "amount": "；".join(amount_words(clause, rate)),
        "group": group.title if group else "",
    }


def rows_of(
    here: Page, view: str, ground: Ground, after: Bill, schools: Mapping[str, tuple[int, int]]
) -> list[dict[str, Any]]:
    match view:
        case "clause":
            lines, _totals = bill_lines(ground.bill, after)
            return [
                {**line, "link": reverse("clause", args=[line["id"]])}
                for line in lines
                if line["before"] or line["after"] or line["heads"] or line["heads_before"]
            ]
        case "stage":
            return _by_stage(ground.bill, after)
        case _:
            return _by_place(here, view, ground.schools, schools)


def _by_stage(before: Bill, after: Bill) -> list[dict[str, Any]]:
    rows = []
    given = [[clause.kind != "loan" for clause in one.plan.clauses] for one in (before, after)]
    for place, stage in enumerate(STAGES):
        fen = [int(one.fen[:, place, keep].sum()) for one, keep in zip((before, after), given, strict=True)]
        heads = [
            int(one.heads[:, place, keep].sum()) for one, keep in zip((before, after), given, strict=True)
        ]
        if any(fen) or any(heads):
            rows.append(_line(stage, said(stage), fen, heads))
    return rows


def _by_place(
    here: Page, view: str, before: Mapping[str, tuple[int, int]], after: Mapping[str, tuple[int, int]]
) -> list[dict[str, Any]]:
    places = {
        code: (name, township)
        for code, name, township in here.schools().values_list("school_code", "school_name", "township_code")
    }
    if view == "school":
        return [
            _line(code, places.get(code, (_("县外就读"), ""))[0], [before[code][0], after[code][0]], [before[code][1], after[code][1]])
            for code in before
        ]  # fmt: skip
    names = dict(townships(here.county_code).values_list("code", "name"))
    found: dict[str, list[int]] = {}
    for code in before:
        sums = found.setdefault(places.get(code, ("", ""))[1], [0, 0, 0, 0])
        for place, value in enumerate((before[code][0], after[code][0], before[code][1], after[code][1])):
            sums[place] += value
    return [_line(code, names.get(code, _("县外就读")), sums[:2], sums[2:]) for code, sums in found.items()]


def _line(key: str, name: str, fen: list[int], heads: list[int]) -> dict[str, Any]:
    return {
        "id": key,
        "name": name,
        "heads_before": heads[0],
        "heads": heads[1],
        "before": fen[0] / 100,
        "after": fen[1] / 100,
        "difference": (fen[1] - fen[0]) / 100,
    }


def table_of(request: SignedIn, view: str, rows: list[dict[str, Any]]) -> Table:
    heads = _("人次") if view in ("stage", "clause") else _("受助学生")
    link = (lambda row: str(row["link"])) if view == "clause" else None
    return Table(
        request,
        f"clauses-what-if-{view}",
        (
            Column("name", {"stage": _("学段"), "clause": _("条款"), "township": _("乡镇"), "school": _("学校")}[view], link=link),
            Column("heads_before", _("原%(what)s") % {"what": heads}, "number", total=view != "clause"),
            Column("heads", _("现%(what)s") % {"what": heads}, "number", total=view != "clause"),
            Column("before", _("原金额"), "number", unit=_("元/年"), digits=2, total=view != "clause"),
            Column("after", _("现金额"), "number", unit=_("元/年"), digits=2, total=view != "clause"),
            Column("difference", _("相差"), "number", unit=_("元/年"), digits=2, total=view != "clause"),
        ),
        rows,
        what=_("行"),
        search=("name",) if view in ("school", "clause") else None,
        search_hint=_("名称"),
        page_size=200,
        caption=_("推演结果"),
        empty=_("没有涉及的学生。"),
    )  # fmt: skip


def sums_of(ground: Ground, after: Bill, clause: str) -> dict[str, Any]:
    _lines, (before, now_) = bill_lines(ground.bill, after)
    found = {"before": before, "after": now_, "difference": now_ - before}
    if clause:
        old, new = (one.by_clause().get(clause, (0, 0)) for one in (ground.bill, after))
        found |= {
            "clause_before": old[0] / 100,
            "clause_after": new[0] / 100,
            "heads_before": old[1],
            "heads_after": new[1],
        }
    return {"sums": found}


def chart_of(before: Bill, after: Bill, clause: str) -> dict[str, Any]:
    """Cost by stage before and after: of the clause, when one is chosen and counts, and of all together."""
    rows = [row for row in _by_stage(before, after) if row["id"] != "教职工"]
    return {
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}, "valueFormatter": "number"},
        "legend": {"top": 0, "right": 0},
        "grid": {"left": 12, "right": 24, "top": 36, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "category", "data": [row["name"] for row in rows]},
        "yAxis": {"type": "value", "axisLabel": {"formatter": "number"}},
        "series": [
            {
                "name": words,
                "type": "bar",
                "barMaxWidth": 64,
                "barGap": "8%",
                "labelLayout": {"hideOverlap": True},
                "label": {"show": True, "position": "top", "formatter": "number"},
                "itemStyle": {"color": colour, **({"decal": {"symbol": "rect", "rotation": 0.8}} if key == "before" else {})},
                "data": [row[key] for row in rows],
            }
            for words, key, colour in ((_("原来"), "before", "#8592a0"), (_("推演后"), "after", "#14538f"))
        ],
    }  # fmt: skip
