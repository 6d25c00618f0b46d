"""现在不在校的孩子: every child of the three dropout ledgers in one list, each with days and owner, the longest first."""

from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from bureau.cases import packs, queries
from bureau.cases.counting import kept_since
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, page
from bureau.pages.case_parts import LISTS, case_page, days_words, owner_words, standing
from bureau.pages.context import current, show
from bureau.pages.export import export
from bureau.pages.ledger_list import search
from bureau.pages.people_columns import school_names
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.people.queries import townships


@page(roles=LISTS)
def listing(request: SignedIn) -> HttpResponseBase:
    """The list; looking is logged."""
    here = current(request)
    today = localdate()
    ledgers = {of.code: of for of in packs.ledgers(here.county_code) if of.code in queries.AWAY}
    titles = {code: of.title for code, of in ledgers.items()}
    towns = dict(townships(here.county_code).order_by("code").values_list("code", "name"))
    schools = school_names(here)

    def fill(rows: list[dict[str, Any]]) -> None:
        for row in rows:
            row["days"] = (today - row["opened_on"]).days
            row["standing"] = standing(ledgers[row["ledger"]], row)
            row["when"] = days_words(row["due"], today)

    columns = (
        Column("label", _("孩子"), sort="pinyin", link=lambda row: case_page(row["id"])),
        Column("days", _("已经"), "number", unit=_("天"), computed=True, sort="-opened_on"),
        Column("opened_on", _("自"), "date"),
        Column("ledger", _("台账"), "code", codes=titles, choices=titles),
        Column("standing", _("状态"), computed=True, sort="state"),
        Column("owner__display_name", _("责任人"), text=lambda row: owner_words(row["owner__display_name"], row["level"])),
        Column("when", _("期限"), computed=True, sort="due"),
        Column("school", _("学校"), lookup="school_code", choices=schools, text=lambda row: row["school"] or "–"),
        Column("class_name", _("班级"), text=lambda row: row["class_name"] or "–", hidden=True),
        Column("township_code", _("乡镇"), codes=towns, choices=towns, text=lambda row: towns.get(row["township_code"], "–")),
        Column("village", _("村"), text=lambda row: row["village"] or "–"),
    )  # fmt: skip
    table = Table(
        request,
        "out-of-school",
        columns,
        queries.out_of_school(request.user, here.county_code),
        what=_("件个案"),
        search=search,
        search_hint=_("姓名、拼音、学校、村或编号"),
        order="opened_on,id",
        row_link=lambda row: case_page(row["id"]),
        extra=("level", "state", "phase", "contradiction", "due", "pinyin"),
        fill=fill,
        empty=_("现在没有应在校而不在校的孩子。")
        if kept_since(here.county_code, *queries.AWAY)
        else _(
            "还没有比对过登记册，不知道有没有应在校而不在校的孩子。请先导入学生名册和户籍人口名册，夜里会自动比对。"
        ),
        caption=_("现在不在校的孩子"),
    )
    if table.wants_export:
        return export(request, table, title=_("现在不在校的孩子"), searched="")
    read_access(
        by=request.user, verb=Verb.VIEW, obj=("listing", "out-of-school"), detail={"rows": table.count, "page": table.number, "filters": table.chosen},
        at=now(), address=client_address(request),
    )  # fmt: skip
    return show(
        request,
        "care/out_of_school.html",
        title=_("现在不在校的孩子：每人多少天、谁负责"),
        crumbs=[(_("台账"), reverse("ledgers"))],
        table=table,
    )
