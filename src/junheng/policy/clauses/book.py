"""条款汇编 (book): several packs as one, in order from the nation to the county, with confirmations applied."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from junheng.policy.clauses.conditions import Condition, facts_of
from junheng.policy.clauses.model import (
    NO_AMOUNT,
    STAGES,
    AidPack,
    AreaFact,
    Clause,
    Fact,
    Group,
    Lowering,
    Rate,
    cited,
)
from junheng.policy.clauses.rates import unpayable
from junheng.policy.clauses.reading import Known, parse_pack, raw_of
from junheng.policy.model import Document, PackError

_FOLDER = "packs_aid"


@dataclass(frozen=True)
class Book:
    """条款汇编: all clauses that may apply, with what they refer to; `version` is a hash of its whole content."""

    packs: tuple[AidPack, ...]
    documents: Mapping[str, Document]
    texts: Mapping[str, str]
    facts: Mapping[str, Fact]
    areas: Mapping[str, str]
    groups: Mapping[str, Group]
    clauses: tuple[Clause, ...]
    area_facts: tuple[AreaFact, ...]
    lowerings: tuple[Lowering, ...]
    version: str

    def clause(self, name: str) -> Clause:
        """The clause of that id. KeyError when there is none."""
        return self._by_id[name]

    @cached_property
    def _by_id(self) -> dict[str, Clause]:
        return {clause.id: clause for clause in self.clauses}

    def cite(self, rate: Rate) -> str:
        """The citation of a rate, in one phrase."""
        return cited(rate.cite, self.documents)

    def area_names(self) -> dict[str, str]:
        """{name as people write it: code}."""
        return {name: code for code, name in self.areas.items()}

    def facts_on(self, county: str, day: date, own: Mapping[str, bool | None]) -> dict[str, bool | None]:
        """A person's facts, completed by what documents say of the whole area."""
        facts = dict(own)
        for area_fact in self.area_facts:
            if facts.get(area_fact.fact) is None and area_fact.holds(county, day):
                facts[area_fact.fact] = area_fact.value
        return facts

    @cached_property
    def named_areas(self) -> frozenset[str]:
        """Every area that a clause or a fact of an area names."""
        named = {area for clause in self.clauses for area in clause.areas}
        named |= {area for clause in self.clauses for rate in clause.rates for area in rate.confirmed_in}
        return frozenset(named | {area for area_fact in self.area_facts for area in area_fact.areas})

    @cached_property
    def used(self) -> tuple[str, ...]:
        """The facts that any clause asks for, in the order of the packs' lists."""
        return self.asked_of(STAGES)

    @cached_property
    def by_list(self) -> frozenset[str]:
        """以名单为准的事实: those that no register says of everybody, but others' lists of some."""
        return frozenset(fact.name for fact in self.facts.values() if fact.list_of)

    def asked_of(self, stages: Iterable[str]) -> tuple[str, ...]:
        """The facts that clauses of these stages ask for."""
        wanted = set(stages)
        clauses = [clause for clause in self.clauses if wanted & set(clause.stages)]
        asked = {fact for clause in clauses for fact in facts_of(clause.condition)}
        return tuple(name for name in self.facts if name in asked)


def shipped() -> list[str]:
    """The ids of the aid packs that come with the program."""
    folder = files("junheng.policy").joinpath(_FOLDER)
    return sorted(item.name.removesuffix(".yaml") for item in folder.iterdir() if item.name.endswith(".yaml"))


def load_book(names: Iterable[str] | None = None, folders: tuple[Path, ...] = ()) -> Book:
    """条款汇编: the packs named (ids or paths of YAML files) after those they extend; None: all shipped. Raises PackError."""
    return book_of(load_raws(names, folders))


def load_raws(names: Iterable[str] | None = None, folders: tuple[Path, ...] = ()) -> list[dict[str, object]]:
    """The same packs as read from YAML, parents first: what `book_of` takes. Raises PackError."""
    wanted = shipped() if names is None else list(names)
    texts: dict[str, dict[str, object]] = {}
    problems: list[str] = []
    for name in wanted:
        _collect(name, folders, texts, problems, ())
    if problems:
        raise PackError(problems)
    return list(texts.values())


def _collect(
    name: str,
    folders: tuple[Path, ...],
    found: dict[str, dict[str, object]],
    problems: list[str],
    above: tuple[str, ...],
) -> None:
    """Add a pack after its parents; a circle is a problem."""
    try:
        raw = raw_of(_text(name, folders))
    except PackError as error:
        problems.extend(f"条款包“{name}”：{problem}" for problem in error.problems)
        return
    key = str(raw.get("id") or name)
    if key in above:
        problems.append(f"条款包“{key}”直接或间接地扩展了自己，请改正 extends")
        return
    parents = raw.get("extends") or []
    for parent in parents if isinstance(parents, list) else [parents]:
        if str(parent) not in found:
            _collect(str(parent), folders, found, problems, (*above, key))
    found.setdefault(key, raw)


def _text(name: str, folders: tuple[Path, ...]) -> str:
    if name.endswith((".yaml", ".yml")):
        path = Path(name)
        if not path.is_file():
            raise PackError([f"没有找到文件“{name}”，请检查路径"])
        return _decoded(path.read_bytes())
    for folder in folders:
        path = folder / f"{name}.yaml"
        if path.is_file():
            return _decoded(path.read_bytes())
    if name in shipped():
        return files("junheng.policy").joinpath(_FOLDER, f"{name}.yaml").read_text(encoding="utf-8")
    raise PackError([f"没有这个条款包，现有：{'、'.join(shipped())}"])


def _decoded(data: bytes) -> str:
    """UTF-8, or what an editor in a Chinese Windows saves."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise PackError(["这不是文本文件；条款包应为 UTF-8 编码的 YAML，请另存后再试"])


def book_of(raws: Sequence[dict[str, object]]) -> Book:
    """Packs as read from YAML, parents first → Book. Raises PackError with all problems of all packs."""
    packs: list[AidPack] = []
    problems: list[str] = []
    documents: dict[str, Document] = {}
    texts: dict[str, str] = {}
    facts: dict[str, Fact] = {}
    definitions: dict[str, Condition] = {}
    areas: dict[str, str] = {}
    groups: dict[str, Group] = {}
    clauses: dict[str, Clause] = {}
    confirmed: dict[str, tuple[str, tuple[str, ...]]] = {}
    for raw in raws:
        known = Known(documents, facts, definitions, groups, frozenset(clauses))
        try:
            pack = parse_pack(raw, known)
        except PackError as error:
            problems.extend(f"条款包“{raw.get('id')}”：{problem}" for problem in error.problems)
            continue
        packs.append(pack)
        documents |= pack.documents
        texts |= pack.texts
        facts |= pack.facts
        definitions |= pack.definitions
        areas |= pack.areas
        groups |= pack.groups
        clauses |= {clause.id: clause for clause in pack.clauses}
        for tiered in pack.tiered:
            # What a pack above gave as a range or an average is given by its tiers from here on.
            clauses.pop(tiered, None)
        confirmed |= {of: (by, pack.scope) for of, by in pack.confirmations.items()}
        problems.extend(_too_wide(pack, clauses.values()))
    problems += _without_amount(clauses.values(), confirmed)
    if problems:
        raise PackError(problems)
    final = tuple(_confirm(clause, confirmed) for clause in clauses.values())
    groups = {
        key: replace(group, confirmed_by=confirmed[key][0]) if key in confirmed else group
        for key, group in groups.items()
    }
    area_facts = tuple(area_fact for pack in packs for area_fact in pack.area_facts)
    lowerings = tuple(lowering for pack in packs for lowering in pack.lowerings)
    content = repr((documents, facts, groups, final, area_facts, lowerings))
    version = hashlib.sha256(content.encode()).hexdigest()[:12]
    return Book(tuple(packs), documents, texts, facts, areas, groups, final, area_facts, lowerings, version)


def _confirm(clause: Clause, confirmed: Mapping[str, tuple[str, tuple[str, ...]]]) -> Clause:
    if clause.id not in confirmed:
        return clause
    by, areas = confirmed[clause.id]
    rates = tuple(replace(rate, confirmed_by=by, confirmed_in=areas) for rate in clause.rates)
    return replace(clause, rates=rates)


def _without_amount(clauses: Iterable[Clause], confirmed: Mapping[str, object]) -> list[str]:
    """Clauses that are confirmed although nothing says who gets how much."""
    found = []
    for clause in clauses:
        forms = [rate.form for rate in clause.rates if rate.assumption and rate.form in NO_AMOUNT]
        if clause.id in confirmed and forms:
            found.append(f"条款“{clause.id} {clause.name}”：{unpayable(forms[0])}")
    return found


def _too_wide(pack: AidPack, clauses: Iterable[Clause]) -> list[str]:
    """What a pack confirms without a scope, or for areas beyond its own."""
    found = []
    if pack.confirmations and not pack.scope:
        found.append(f"条款包“{pack.id}”：确认只在本包的 scope 内有效，请写明 scope")
    for clause in clauses:
        inside = all(any(area.startswith(own) for own in pack.scope) for area in clause.areas)
        if clause.group in pack.confirmations and pack.scope and not inside:
            found.append(f"条款包“{pack.id}”：互斥组“{clause.group}”涉及本包以外的地区，须由上级确认")
    return list(dict.fromkeys(found))
