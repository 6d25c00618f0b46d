"""名册比对: which registers of other offices are in force, how much of each is settled, what waits, and every version."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from bureau.links import queries
from bureau.links.models import Link, OutsideRegister
from bureau.pages.access import SignedIn, page
from bureau.pages.cells import Row
from bureau.pages.context import Page, current, show
from bureau.pages.export import export
from bureau.pages.remember import remembered
from bureau.pages.table import Column, Table
from bureau.people.rules import Permission, may
from junheng.tables import OUTSIDE


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source as the overview draws it; `register` None: nothing uploaded yet."""

    code: str
    title: str
    register: OutsideRegister | None
    counts: Mapping[str, int]
    sample: Mapping[str, Any]

    @property
    def lines(self) -> int:
        """Lines of children."""
        return sum(n for state, n in self.counts.items() if state != "outside")

    @property
    def linked(self) -> int:
        """Lines that are a pupil."""
        return self.counts.get("automatic", 0) + self.counts.get("same", 0)

    @property
    def waiting(self) -> int:
        """Pairs that a person must look at."""
        return self.counts.get("to_check", 0) + self.counts.get("second", 0)

    @property
    def missing(self) -> int:
        """Lines without a pupil."""
        return sum(self.counts.get(state, 0) for state in ("unmatched", "different", "visit"))


def state_words() -> dict[str, str]:
    """The states of a comparison in words."""
    return {str(code): _(str(words)) for code, words in Link.State.choices}


def source_words() -> dict[str, str]:
    """The sources in words."""
    return {str(code): _(str(words)) for code, words in OutsideRegister.Source.choices}


def seen_links(request: SignedIn, registers: Mapping[str, OutsideRegister] | None = None) -> QuerySet[Link]:
    """What the account may see of the registers in force (or of `registers`)."""
    here = current(request)
    wanted = in_force(here) if registers is None else registers
    return queries.links_for(request.user, here.county_code, wanted)


def in_force(here: Page) -> dict[str, OutsideRegister]:
    """The registers in force today, or on the past day that the page shows."""
    return queries.registers_in_force(here.county_code, localdate() if here.latest else here.on)


def version_of(here: Page, registers: Mapping[str, OutsideRegister], links: QuerySet[Link]) -> str:
    """Changes with every comparison, decision and import: what `remembered` needs to know."""
    compared = [(one.pk, str(one.matched_at)) for one in registers.values()]
    decided = queries.newest_decision(here.county_code)
    return f"{here.version('schools', 'students')} {compared} {decided} {here.on} {here.scope} {links.model.__name__}"


@page(Permission.SEE_AID)
def registers(request: SignedIn) -> HttpResponse:
    """The overview of sources, and the versions of all of them."""
    here = current(request)
    whole = queries.in_county(request.user, here.county_code)
    table = Table(
        request,
        "registers",
        columns(),
        queries.visible(here.county_code),
        what=_("个版本"),
        order="-day,-id",
        extra=("counts",),
        row_link=lambda row: reverse("register", args=[row["id"]]),
        empty=_("还没有上传过名册。请点“上传名册”，选好来源和数据日期；其他部门怎么给，就怎么传。"),
        caption=_("全部版本"),
    )
    if table.wants_export:
        return export(request, table, title=_("外部名册版本"))
    rows = sources(request)
    return show(
        request,
        "links/registers.html",
        title=_("名册比对"),
        rows=rows,
        table=table,
        whole=whole,
        can_upload=may(request.user.role, Permission.MATCH_REGISTERS) and whole,
        can_check=may(request.user.role, Permission.CHECK_MATCHES) and whole,
        waiting=sum(row.counts.get("to_check", 0) for row in rows),
        second=sum(row.counts.get("second", 0) for row in rows),
        visits=sum(row.counts.get("visit", 0) for row in rows),
        unmatched=sum(row.counts.get("unmatched", 0) for row in rows),
        to_sample=sum(row.sample.get("drawn", 0) - row.sample.get("answered", 0) for row in rows),
    )


def sources(request: SignedIn) -> list[SourceRow]:
    """Every source with the version in force and what the account may see of it."""
    here = current(request)
    registers = in_force(here)
    counts: dict[int, dict[str, int]] = {one.pk: {} for one in registers.values()}
    links = seen_links(request, registers)

    def count() -> list[tuple[int, str, int]]:
        return list(links.values_list("of", "state").annotate(n=Count("pk")).order_by())

    for of, state, n in remembered(version_of(here, registers, links), "states", count):
        counts[of][state] = n
    samples = queries.samples_of(list(counts))
    answer = []
    for code, words in source_words().items():
        register = registers.get(code)
        key = register.pk if register else 0
        answer.append(SourceRow(code, words, register, counts.get(key, {}), samples.get(key, {})))
    return answer


def columns() -> tuple[Column, ...]:
    """The columns of the versions."""
    states = {str(code): _(str(words)) for code, words in OutsideRegister.State.choices}
    names = source_words()
    return (
        Column("source", _("来源"), "code", codes=names, choices=names, link=lambda row: reverse("register", args=[row["id"]])),
        Column("day", _("数据日期"), "date"),
        Column("state", _("状态"), "code", codes=states, choices=states),
        Column("files", _("文件"), sort=None, text=lambda row: _("、").join(file["name"] for file in row["files"])),
        Column("lines", _("行数"), "number", computed=True, text=lambda row: _count(row, "lines")),
        Column("flawed", _("有毛病的行"), "number", computed=True, text=lambda row: _count(row, "flawed")),
        Column("share", _("学龄孩子对上"), "text", computed=True, text=_share),
        Column("by__display_name", _("经办"), "code"),
        Column("at", _("上传时间"), "time"),
    )  # fmt: skip


def _count(row: Row, name: str) -> str:
    value = row["counts"].get(name)
    return "–" if value is None else f"{value:,}"


def _share(row: Row) -> str:
    value = row["counts"].get("share")
    return "–" if value is None else f"{value:.1%}"


def sheet_title(source: str) -> str:
    """The title of a source's sheet."""
    return _(OUTSIDE[source].title)
