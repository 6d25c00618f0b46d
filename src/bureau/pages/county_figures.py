"""县级数据: the figures and conclusions of the whole county."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.pages.access import SignedIn, page
from bureau.pages.cells import Row, said
from bureau.pages.context import current, show
from bureau.pages.export import export
from bureau.pages.schools import empty
from bureau.pages.table import Column, Table
from bureau.people.rules import Permission
from junheng.tables import codes


def figure_address(row: Row) -> str:
    """The figure's own page."""
    return reverse("county-figure", args=[row["id"]])


def table(request: SignedIn) -> Table:
    """Every item of the agreed list in its order; what the county has not reported stands there as 未报."""
    here = current(request)
    items = codes("county_item")
    reported = {
        row["item"]: row
        for row in here.rows("county").values("id", "item", "figure", "conclusion", "evidence", "valid_from")
    }
    rows: list[dict[str, Any]] = [
        {"position": place, "name": name, "id": "", "figure": None, "conclusion": None, "evidence": None, "valid_from": None}
        | reported.get(item, {})
        for place, (item, name) in enumerate(items.items(), start=1)
    ]  # fmt: skip
    for row in rows:
        row["kind"] = _kind(row)
    return Table(
        request,
        "county",
        (
            Column(
                "name", _("项目"), sort="position", link=lambda row: figure_address(row) if row["id"] else ""
            ),
            Column("figure", _("数值"), "number", text=_figure),
            Column("conclusion", _("结论"), choices=codes("conclusion"), text=_conclusion),
            Column("evidence", _("依据")),
            Column("valid_from", _("自何日起"), "date"),
            Column(
                "kind",
                _("填报"),
                choices={"reported": _("已报"), "blank": _("未报")},
                text=lambda row: _WORDS[row["kind"]](),
            ),
        ),
        rows if here.on and reported else [],
        what=_("个项目"),
        search=("name", "evidence"),
        search_hint=_("项目或依据"),
        order="position",
        row_link=lambda row: figure_address(row) if row["id"] else "",
        empty=empty(here, _("县级数据")),
        caption=_("县级数据"),
        page_size=200,
    )


@page(Permission.SEE_SCHOOLS, but=("school",))
def county_figures(request: SignedIn) -> HttpResponse:
    """The list of items."""
    found = table(request)
    if found.wants_export:
        return export(request, found, title=_("县级数据"))
    return show(request, "register.html", title=_("县级数据"), table=found, sheet="county")


_WORDS = {"reported": lambda: _("已报"), "blank": lambda: _("未报")}


def _kind(row: Row) -> str:
    return "blank" if row["figure"] is None and not row["conclusion"] else "reported"


def _figure(row: Row) -> str:
    """A figure; a dash where the item asks for a conclusion."""
    if row["figure"] is not None:
        return f"{row['figure']:,.4f}".rstrip("0").rstrip(".")
    return "" if _is_number(row) else "–"


def _conclusion(row: Row) -> str:
    """A conclusion; a dash where the item asks for a figure."""
    return said(row["conclusion"] or "") or ("–" if _is_number(row) else "")


def _is_number(row: Row) -> bool:
    """Items that ask for a figure have their unit in the name."""
    return "（" in row["name"]
