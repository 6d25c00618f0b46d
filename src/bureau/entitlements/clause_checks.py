"""县级条款的检查: everything wrong with a county's pack at once: its words, its amounts, its dates, and the proof over all cases."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from time import perf_counter
from typing import Any

from bureau.entitlements import queries
from junheng.aid.proof import prove
from junheng.aid.reasons import money
from junheng.policy import PackError
from junheng.policy.clauses import ANY_GRADE, Book, Clause, Rate, raw_of
from junheng.policy.clauses.quotations import plain

_TIMES_TOO_MUCH = 10
_SUM = re.compile(r"(\d+(?:\.\d+)?)(万)?元")
_RANGE = re.compile(r"(\d+(?:\.\d+)?)[-—–~至](?=\d+(?:\.\d+)?万?元)")


@dataclass(frozen=True)
class Check:
    """检查结果: `problems` must be mended before anybody may confirm; `warnings` are for a person to look at.

    `unquoted`: clauses whose quotation could not be compared with its document (引文未核对). `proof` says how much was tried.
    """

    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    unquoted: tuple[str, ...] = ()
    proof: Mapping[str, int] = field(default_factory=dict)
    version: str = ""

    def stored(self) -> dict[str, Any]:
        """As it is kept beside the pack."""
        return asdict(self)


def check(text: str, *, county_code: str, texts: Mapping[str, str]) -> Check:
    """检查: a county's pack (YAML) on top of the shipped ones. `texts`: {number or title of a document: its words}."""
    problems: list[str] = []
    try:
        problems += foreign(raw_of(text), county_code)
        book = queries.book_with(text)
    except PackError as error:
        return Check(tuple(dict.fromkeys([*problems, *error.problems])))
    own = own_clauses(book, county_code)
    pack = book.packs[-1]
    quoted, unquoted = _quotations(book, own, texts)
    start = perf_counter()
    proof = prove(book)
    counts = {
        "days": proof.days,
        "cells": proof.cells,
        "profiles": proof.profiles,
        "patterns": proof.patterns,
        "examples": proof.examples,
        "milliseconds": round((perf_counter() - start) * 1000),
    }
    names = {f"“{clause.id} {clause.name}”" for clause in own}
    # What the shipped packs already say to one another is on the page of the proof.
    notes = [note for note in proof.notes if any(name in note for name in names)]
    amounts = [line for clause in own for line in _amounts(clause, queries.shipped_book())]
    return Check(
        tuple(dict.fromkeys([*problems, *quoted, *proof.problems])),
        tuple(dict.fromkeys([*_named(pack.warnings), *amounts, *notes])),
        tuple(unquoted),
        counts,
        book.version,
    )


def own_clauses(book: Book, county_code: str) -> list[Clause]:
    """The clauses that the county itself entered."""
    return [clause for clause in book.clauses if clause.pack == f"c{county_code}"]


def foreign(pack: Mapping[str, Any], county_code: str) -> list[str]:
    """What a county's pack may not say: other areas, another id, and confirmations that belong to two persons on the page."""
    found = []
    if pack.get("id") != f"c{county_code}":
        found.append(f"id 应为 c{county_code}（本县的县级条款包），发现“{pack.get('id')}”")
    scope = pack.get("scope")
    if (scope if isinstance(scope, list) else [scope]) != [county_code]:
        found.append(f"scope 应为 [“{county_code}”]，只写本县，发现“{scope}”")
    if pack.get("confirm"):
        found.append("县级条款包不能写 confirm：文件没有载明的事项，请在条款页面由两人确认")
    for number, row in enumerate(pack.get("clauses") or [], 1):
        if not isinstance(row, Mapping):
            continue
        place = f"clauses 第{number}项“{row.get('id') or row.get('name') or '？'}”"
        rates = [rate for rate in row.get("rates") or [] if isinstance(rate, Mapping)]
        if any("confirmed_by" in one for one in (row, *rates)):
            found.append(f"{place}：不能写 confirmed_by，请在条款页面由两人确认")
        areas = row.get("areas")
        if areas is not None and (areas if isinstance(areas, list) else [areas]) != [county_code]:
            found.append(f"{place}：areas 只能是本县 {county_code}，发现“{areas}”")
    return found


def _quotations(
    book: Book, clauses: Iterable[Clause], texts: Mapping[str, str]
) -> tuple[list[str], list[str]]:
    """(quotations that are not in their document, ids of clauses whose quotation nothing could be compared with)."""
    problems, unquoted = [], []
    ready: dict[str, str] = {}
    for clause in clauses:
        for rate in clause.rates:
            document = book.documents[rate.cite.document]
            name = next((one for one in (document.number, document.title) if one and one in texts), "")
            if not name:
                if rate.cite.document not in queries.shipped_book().documents:
                    unquoted.append(clause.id)
                continue
            if name not in ready:
                ready[name] = plain(texts[name])
            if not rate.cite.quote:
                problems.append(f"条款“{clause.name}”：所引文件{document.name}存有全文，请填写引文（原文）")
            elif plain(rate.cite.quote) not in ready[name]:
                problems.append(
                    f"条款“{clause.name}”：引文“{rate.cite.quote}”不在{document.name}的正文中，请照原文填写"
                )
    return problems, list(dict.fromkeys(unquoted))


def _named(warnings: Iterable[str]) -> list[str]:
    """“clauses 第1项“c640324.1”：金额…” is said of a file; the page names the clause already."""
    return [warning.removeprefix("clauses ") for warning in warnings]


def _amounts(clause: Clause, shipped: Book) -> list[str]:
    """金额的数量级: beside the period before, beside the clause it replaces, and beside the quotation's own figures."""
    found = []
    before = next((one for one in shipped.clauses if one.id == clause.id), None)
    for place, rate in enumerate(clause.rates):
        earlier = clause.rates[place - 1] if place else (before.rates[-1] if before else None)
        if earlier is not None:
            found += _beside(clause, rate, earlier)
        found += _beside_words(clause, rate)
    return found


def _beside(clause: Clause, rate: Rate, earlier: Rate) -> list[str]:
    for stage in clause.stages:
        now, then = rate.fen_for(stage, ANY_GRADE), earlier.fen_for(stage, ANY_GRADE)
        if now and then and not then / _TIMES_TOO_MUCH < now < then * _TIMES_TOO_MUCH:
            return [
                f"条款“{clause.name}”：{stage}由{money(then)}变为{money(now)}，相差十倍以上，请核对单位是否为元（不是万元）"
            ]
    return []


def _beside_words(clause: Clause, rate: Rate) -> list[str]:
    said = sums_in(rate.cite.quote)
    if not said or rate.form != "fixed":
        return []
    for fen in dict.fromkeys(rate.fen.values()):
        if not {fen, fen / rate.units, fen * rate.units} & said:
            words = "、".join(money(round(one)) for one in sorted(said))
            return [
                f"条款“{clause.name}”：引文中的金额是{words}，填写的是{money(round(fen / rate.units))}，请核对数额和单位"
            ]
    return []


def sums_in(words: str) -> set[float]:
    """The sums of money that a quotation names, in fen: “2000元”, “0.2万元”, “200-4000元”."""
    flat = plain(words).replace(",", "")
    found = {
        float(number) * (1_000_000 if ten_thousand else 100) for number, ten_thousand in _SUM.findall(flat)
    }
    return found | {float(number) * 100 for number in _RANGE.findall(flat)}
