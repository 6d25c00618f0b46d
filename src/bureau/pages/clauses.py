"""资助条款: the clauses by pack, stage and day; and the proof of all of them together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from time import perf_counter
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N

from bureau.entitlements.queries import county_book, open_pack, pack_in_force, why_not_read
from bureau.pages.access import SignedIn, page
from bureau.pages.cells import said
from bureau.pages.clauses_words import (
    ENDED,
    IN_FORCE,
    NOT_YET,
    WAITS,
    amount_words,
    condition_words,
    grade_words,
    reaches,
    standing,
)
from bureau.pages.context import current, show
from bureau.pages.export import export
from bureau.pages.table import Column, Table
from bureau.people.rules import Permission, why_not
from junheng.aid.proof import Proof, prove
from junheng.policy import STATUS_TITLES
from junheng.policy.clauses import KINDS, STAGES, Book, Clause

STATUS_WORDS = {"V": N("已核对"), "V3": N("转述"), "D": N("推算"), "assumed": N("约定")}


@dataclass(frozen=True, slots=True)
class Proved:
    """证明及用时."""

    proof: Proof
    seconds: float


_proofs: dict[str, Proved] = {}


def proved(book: Book) -> Proved:
    """The proof of a book, made once for each version: the same book gives the same proof."""
    if book.version not in _proofs:
        start = perf_counter()
        _proofs[book.version] = Proved(prove(book), perf_counter() - start)
    return _proofs[book.version]


# An ended clause is nobody's failure, so it is not red.
_SIGNS = {IN_FORCE: ("met", "✓"), WAITS: ("near", "!"), NOT_YET: ("blank", "○"), ENDED: ("none", "–")}


def standing_badge(word: str) -> SafeString:
    """The standing as word, sign and colour."""
    kind, sign = _SIGNS[word]
    return format_html(
        '<span class="verdict {}"><span class="sign" aria-hidden="true">{}</span>{}</span>',
        kind, sign, _(word),
    )  # fmt: skip


def _row(book: Book, clause: Clause, day: date, county: str) -> dict[str, Any]:
    rate = clause.near(day)
    title = {pack.id: pack.title for pack in book.packs}[clause.pack]
    return {
        "id": clause.id,
        "name": clause.name,
        "pack": clause.pack,
        "pack_title": title,
        "kind": clause.kind,
        "stages": grade_words(rate, clause.stages),
        "condition": condition_words(clause.condition),
        "amount": "；".join(amount_words(clause, rate)),
        "since": date_format(rate.since, "DATE_FORMAT") if rate.since else _("起初"),
        "since_day": rate.since or date.min,
        "until": date_format(rate.until, "DATE_FORMAT") if rate.until else _("未定"),
        "until_day": rate.until or date.max,
        "standing": standing(clause, day, county),
        "status": STATUS_WORDS[rate.cite.status],
        "cite": f"{book.documents[rate.cite.document].name}{rate.cite.item}",
        "quote": rate.cite.quote or "–",
    }


def _quoted(row: Mapping[str, Any]) -> SafeString:
    """The words of a document, which no language of the page changes."""
    return format_html('<span lang="zh">{}</span>', row["quote"])


@page(Permission.SEE_SCHOOLS)
def clauses(request: SignedIn) -> HttpResponseBase:
    """Which clauses there are for this county on this day, what each grants, and which wait for a person."""
    here, stage = current(request), request.GET.get("stage", "")
    day, everywhere = here.on or localdate(), "all" in request.GET
    book = county_book(here.county_code)
    of_county = [clause for clause in book.clauses if everywhere or reaches(clause, here.county_code)]
    rows = [
        _row(book, clause, day, here.county_code)
        for clause in of_county
        if stage not in STAGES or stage in clause.stages
    ]
    table = Table(
        request,
        "clauses",
        (
            Column("name", _("条款"), link=lambda row: reverse("clause", args=[row["id"]])),
            Column("pack", _("条款包"), choices=_packs(book, of_county), text=lambda row: row["pack_title"]),
            Column("kind", _("方式"), choices=KINDS, text=lambda row: said(KINDS[row["kind"]])),
            Column("stages", _("学段")),
            Column("condition", _("享受条件")),
            Column("amount", _("标准")),
            Column(
                "standing",
                _("效力"),
                choices={word: word for word in (IN_FORCE, WAITS, NOT_YET, ENDED)},
                html=lambda row: standing_badge(row["standing"]),
                text=lambda row: said(row["standing"]),
            ),
            Column("since", _("起用日期"), sort="since_day"),
            Column("until", _("截止日期"), sort="until_day", hidden=True),
            Column(
                "status", _("核对程度"), kind="verdict", choices={one: one for one in STATUS_WORDS.values()}
            ),
            Column("cite", _("出处"), hidden=True),
            Column("quote", _("原文"), hidden=True, text=lambda row: row["quote"], html=_quoted),
        ),
        rows,
        what=_("条条款"),
        search=("id", "name", "condition", "cite", "quote"),
        search_hint=_("名称、条件、出处、原文"),
        page_size=200,
        row_link=lambda row: reverse("clause", args=[row["id"]]),
        empty=_("这个学段没有适用的条款；可改选学段，或看所有地区的条款。"),
        caption=_("资助条款"),
    )
    if table.wants_export:
        return export(request, table, title=_("资助条款"))
    return show(
        request,
        "aid/clauses.html",
        title=_("资助条款"),
        table=table,
        day=day,
        stages=[(one, table.address({"stage": one})) for one in STAGES],
        every_stage=table.address({"stage": None}),
        stage=stage,
        everywhere=everywhere,
        everywhere_address=table.address({"all": "1"}),
        here_address=table.address({"all": None}),
        version=book.version,
        opened=open_pack(here.county_code),
        may_edit=why_not(request.user.role, Permission.CHANGE_PACKS) is None,
        trouble=why_not_read(pack_in_force(here.county_code)),
        in_force=sum(row["standing"] == IN_FORCE for row in rows),
        waiting=[row for row in rows if row["standing"] == WAITS],
        elsewhere=len(book.clauses) - len(of_county),
    )


def _packs(book: Book, found: list[Clause]) -> dict[str, str]:
    held = {clause.pack for clause in found}
    return {pack.id: pack.title for pack in book.packs if pack.id in held}


@page(Permission.SEE_SCHOOLS)
def proof(request: SignedIn) -> HttpResponse:
    """What is proved of the packs over every person they could ever meet, and what waits for a named person."""
    made = county_book(current(request).county_code)
    found = proved(made)
    return show(
        request,
        "aid/proof.html",
        title=_("条款证明"),
        crumbs=[(_("资助条款"), reverse("clauses"))],
        book=made,
        proof=found.proof,
        milliseconds=round(found.seconds * 1000),
        warnings=[(pack, text) for pack in made.packs for text in pack.warnings],
        notes=[(pack, text) for pack in made.packs for text in pack.notes],
        waiting=[
            (clause, assumption)
            for clause in made.clauses
            for assumption in dict.fromkeys(
                rate.assumption for rate in clause.rates if rate.assumption and not rate.confirmed_by
            )
        ],
        open_groups=[group for group in made.groups.values() if not group.settled],
        statuses=[(_(STATUS_WORDS[key]), words) for key, words in STATUS_TITLES.items()],
    )
