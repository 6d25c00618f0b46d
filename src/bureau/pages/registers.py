"""名册比对: which registers of other offices are in force, how much of each is settled, what waits, and every version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from bureau.links import queries, receiving, rules
from bureau.links.models import Link, OutsideRegister
from bureau.pages.access import SignedIn, page
from bureau.pages.cells import Row
from bureau.pages.context import Page, current, show
from bureau.pages.export import export
from bureau.pages.remember import remembered
from bureau.pages.table import Column, Table
from bureau.people.queries import townships
from bureau.people.rules import Permission, may
from junheng.tables import OUTSIDE


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source as the overview draws it; no `registers`: nothing in force. `lapsed` is the last one whose day has passed."""

    code: str
    title: str
    registers: Sequence[tuple[OutsideRegister, str]]  # newest first, with what it covers in words
    counts: Mapping[str, int]
    sample: Mapping[str, Any]
    lapsed: OutsideRegister | None
    can_upload: bool

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


def covered_words(register: OutsideRegister, townships: Mapping[str, str], schools: Mapping[str, str]) -> str:
    """全县, or the townships or schools by name (the first three)."""
    if register.coverage == "county":
        return _("全县")
    names = townships if register.coverage == "townships" else schools
    shown = _("、").join(names.get(code, code) for code in register.places[:3])
    more = len(register.places) - 3
    return shown if more <= 0 else _("%(names)s等 %(n)s 个") % {"names": shown, "n": len(register.places)}


def township_names(county_code: str) -> dict[str, str]:
    """{township code: name}."""
    return dict(townships(county_code).order_by("code").values_list("code", "name"))


def seen_links(request: SignedIn, registers: Sequence[OutsideRegister] | None = None) -> QuerySet[Link]:
    """What the account may see of the registers in force (or of `registers`)."""
    here = current(request)
    wanted = in_force(here) if registers is None else registers
    return queries.links_for(request.user, here.county_code, wanted)


def in_force(here: Page) -> list[OutsideRegister]:
    """The registers in force today, or on the past day that the page shows."""
    return queries.registers_in_force(here.county_code, localdate() if here.latest else here.on)


def version_of(here: Page, registers: Sequence[OutsideRegister], links: QuerySet[Link]) -> str:
    """Changes with every comparison, decision and import: what `remembered` needs to know."""
    compared = [(one.pk, str(one.matched_at)) for one in registers]
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
        queries.visible(request.user, here.county_code),
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
        versions=whole or bool(queries.own_school(request.user)),
        can_upload=any(row.can_upload for row in rows),
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
    day = localdate() if here.latest else here.on
    links = seen_links(request, registers)

    def count() -> list[tuple[int, str, int]]:
        return list(links.values_list("of", "state").annotate(n=Count("*")).order_by())

    of_source = {one.pk: one.source for one in registers}
    counts: dict[str, dict[str, int]] = {}
    for of, state, n in remembered(version_of(here, registers, links), "states", count):
        told = counts.setdefault(of_source[of], {})
        told[state] = told.get(state, 0) + n
    samples = queries.samples_of(registers)
    lapsed = queries.lapsed(here.county_code, day) if day else {}
    places = any(one.coverage != "county" for one in registers)
    towns = township_names(here.county_code) if places else {}
    schools = queries.school_names(here.county_code) if places else {}
    own = receiving.may_upload_here(request.user, here.county_code)
    return [
        SourceRow(
            code,
            words,
            [(one, covered_words(one, towns, schools)) for one in registers if one.source == code],
            counts.get(code, {}),
            samples.get(code, {}),
            lapsed.get(code),
            rules.why_not_upload(request.user.role, in_county=own, source=code) is None,
        )
        for code, words in source_words().items()
    ]


def columns() -> tuple[Column, ...]:
    """The columns of the versions."""
    states = {str(code): _(str(words)) for code, words in OutsideRegister.State.choices}
    covers = {str(code): _(str(words)) for code, words in OutsideRegister.Coverage.choices}
    names = source_words()
    return (
        Column("source", _("来源"), "code", codes=names, choices=names, link=lambda row: reverse("register", args=[row["id"]])),
        Column("day", _("数据日期"), "date"),
        Column("coverage", _("覆盖范围"), "code", codes=covers, choices=covers),
        Column("until", _("有效至"), "date", hidden=True),
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
