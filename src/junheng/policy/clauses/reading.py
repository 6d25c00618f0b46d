"""读资助条款包: YAML text → AidPack, or every problem found as Chinese sentences. Nothing is guessed and nothing is dropped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from junheng.policy.clauses.clause_reading import ClauseReader, items, money
from junheng.policy.clauses.conditions import Condition, FactIs, Named, parse
from junheng.policy.clauses.model import (
    GROUP_RULES,
    AidPack,
    AreaFact,
    Cite,
    Clause,
    Fact,
    Group,
    Lowering,
)
from junheng.policy.clauses.rates import RateReader, two_persons
from junheng.policy.english import problems_of
from junheng.policy.ledgers.mistyped import unreadable
from junheng.policy.model import Document, PackError

KIND = "aid"
_TOP = {
    "kind", "id", "title", "title_en", "extends", "responsible", "entered_by", "checked_by", "documents", "facts", "definitions",
    "areas", "scope", "groups", "clauses", "area_facts", "lowerings", "confirm", "restates", "notes", "lapses",
}  # fmt: skip


# libyaml's loader, of the same safe kind, reads all packs in a tenth of the time.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Known:
    """What packs read before this one already name."""

    documents: Mapping[str, Document] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    definitions: Mapping[str, Condition] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    clauses: frozenset[str] = frozenset()


def raw_of(text: str) -> dict[str, Any]:
    """YAML text → its top level. PackError when it is no YAML or no pack of this kind."""
    try:
        raw = yaml.load(text, Loader=_LOADER)  # noqa: S506
    except yaml.YAMLError as error:
        found = [f"第{one.line}行不是有效的 YAML：{one.message}" for one in unreadable(text, error)]
        raise PackError(found) from error
    if not isinstance(raw, dict):
        raise PackError(["资助条款包应为“名称: 内容”的列表，请对照随附的条款包修改"])
    return raw


def parse_pack(raw: dict[str, Any], known: Known) -> AidPack:
    """YAML 内容 → AidPack. Raises PackError with all problems at once."""
    return _Reader(raw, known).read()


class _Reader:
    """Walks one pack once and collects problems on the way."""

    def __init__(self, raw: dict[str, Any], known: Known) -> None:
        self.raw = raw
        self.known = known
        self.problems: list[str] = []
        self.warnings: list[str] = []

    def read(self) -> AidPack:
        raw = self.raw
        for name in sorted(set(map(str, raw)) - _TOP):
            self.problems.append(f"不认识的项目“{name}”，请删除或改正")
        if raw.get("kind") != KIND:
            self.problems.append(f"kind 应为 {KIND}，发现“{raw.get('kind')}”")
        for name, title in (("id", "编号"), ("title", "名称")):
            if not isinstance(raw.get(name), str) or not raw[name].strip():
                self.problems.append(f"缺少 {name}（{title}），请填写")
        self.problems += problems_of(raw)
        own, self.texts = self._documents()
        self.documents = {**self.known.documents, **own}
        facts = self._facts()
        definitions = self._definitions({**self.known.facts, **facts})
        groups = self._groups()
        self.groups = {**self.known.groups, **groups}
        clauses = self._clauses()
        area_facts = self._area_facts()
        confirmations = self._confirmations(clauses)
        restatements = self._restatements(clauses)
        lowerings = tuple(
            Lowering(str(row.get("fact")), str(row.get("reason") or "")) for _, row in self._rows("lowerings")
        )
        areas = raw.get("areas") or {}
        if not isinstance(areas, dict):
            self.problems.append("areas 应为“代码: 名称”的形式")
        if self.problems:
            raise PackError(self.problems)
        return AidPack(
            id=raw["id"],
            title=raw["title"],
            extends=tuple(items(raw.get("extends"))),
            responsible=str(raw.get("responsible") or ""),
            documents=own,
            texts=self.texts,
            restatements=restatements,
            facts=facts,
            definitions=definitions,
            areas={str(code): str(name) for code, name in areas.items()},
            groups={**groups, **self.made},
            clauses=clauses,
            area_facts=area_facts,
            lowerings=lowerings,
            confirmations=confirmations,
            scope=tuple(items(raw.get("scope"))),
            notes=tuple(items(raw.get("notes"))),
            warnings=tuple(self.warnings),
            tiered=self.tiered,
        )

    def _rows(self, name: str) -> list[tuple[str, dict[str, Any]]]:
        rows = self.raw.get(name) or []
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.problems.append(f"{name} 应为列表，每项一行")
            return []
        return [(f"{name} 第{number}项", row) for number, row in enumerate(rows, 1)]

    def _documents(self) -> tuple[dict[str, Document], dict[str, str]]:
        found, texts = {}, {}
        for place, row in self._rows("documents"):
            key = str(row.get("key") or "")
            if not key or not (row.get("number") or row.get("title")):
                self.problems.append(f"{place}：文件须有 key，并至少有文号 number 或题名 title")
                continue
            found[key] = Document(key, str(row.get("number") or ""), str(row.get("title") or ""))
            if row.get("text"):
                texts[key] = str(row["text"])
        return found, texts

    def _facts(self) -> dict[str, Fact]:
        found = {}
        for place, row in self._rows("facts"):
            name, register = str(row.get("name") or ""), str(row.get("register") or "")
            if not name or not register:
                self.problems.append(f"{place}：事实须有 name 和 register（来源名册）")
                continue
            synonyms, positive, negative = (
                tuple(items(row.get(key))) for key in ("synonyms", "positive", "negative")
            )
            found[name] = Fact(
                name,
                str(row.get("meaning") or name),
                register,
                bool(row.get("helps")),
                synonyms,
                positive,
                negative,
                list_of=str(row.get("list_of") or ""),
            )
        return found

    def _definitions(self, facts: Mapping[str, Fact]) -> dict[str, Condition]:
        self.names: dict[str, Condition] = {name: FactIs(name) for name in facts}
        self.names |= dict(self.known.definitions)
        found: dict[str, Condition] = {}
        rows = self.raw.get("definitions") or {}
        if not isinstance(rows, dict):
            self.problems.append("definitions 应为“名称: 条件”的形式")
            return found
        for name, row in rows.items():
            if str(name) in facts:
                self.problems.append(f"定义“{name}”与事实同名，请改名")
            found[str(name)] = Named(str(name), parse(row, self.names, self.problems, f"定义“{name}”"))
            self.names[str(name)] = found[str(name)]
        return found

    def _groups(self) -> dict[str, Group]:
        found = {}
        for place, row in self._rows("groups"):
            key = str(row.get("id") or "")
            rule: Any = row.get("rule")
            if not key or not isinstance(rule, str) or rule not in GROUP_RULES:
                self.problems.append(
                    f"{place}：互斥组须有 id，rule 应为 {'、'.join(GROUP_RULES)} 之一，发现“{rule}”"
                )
                rule = "highest"  # so that its clauses do not miss it as well
            if not key:
                continue
            assumption = str(row.get("assumption") or "")
            if row.get("assumed") and not assumption:
                self.problems.append(f"{place}：assumed 的规则须用 assumption 写明文件没有载明什么")
            found[key] = Group(
                key, str(row.get("title") or key), rule, money(place, row.get("cap"), self.problems),
                assumption if row.get("assumed") else "", two_persons(place, row.get("confirmed_by"), self.problems),
                str(row.get("basis") or ""),
            )  # fmt: skip
        return found

    def _clauses(self) -> tuple[Clause, ...]:
        found: list[Clause] = []
        reader = ClauseReader(
            self.raw, self.names, self.documents, self.texts, self.groups, self.problems, self.warnings
        )
        rows = self._rows("clauses")
        for place, row in rows:
            found.extend(reader.read(f"{place}“{row.get('id') or row.get('name') or '？'}”", row))
        self.made = reader.made
        self.groups = reader.groups
        self.tiered = reader.tiered
        ids = [str(row["id"]) for _, row in rows if row.get("id")]
        for name in sorted({name for name in ids if ids.count(name) > 1}):
            self.problems.append(f"条款编号“{name}”重复，请改正")
        replaced = sorted(self.known.clauses & {*(clause.id for clause in found), *self.tiered})
        if replaced and not str(self.raw.get("responsible") or "").strip():
            self.problems.append(
                f"改定上级条款（{'、'.join(replaced)}）的包须写明 responsible（批准改定的责任人姓名）"
            )
        return tuple(found)

    def _area_facts(self) -> tuple[AreaFact, ...]:
        found = []
        for place, row in self._rows("area_facts"):
            fact = str(row.get("fact") or "")
            if fact not in self.names:
                self.problems.append(f"{place}：没有事实“{fact}”，请核对名称")
            reader = RateReader(place, self.documents, self.problems, self.warnings)
            cite, since, until = reader.cite(row), reader.day(row, "since"), reader.day(row, "until")
            areas = tuple(items(row.get("areas", self.raw.get("scope"))))
            found.append(AreaFact(fact, areas, row.get("value", True) is True, since, until, cite))
        return tuple(found)

    def _restatements(self, clauses: Sequence[Clause]) -> tuple[tuple[str, Cite], ...]:
        known = self.known.clauses | {clause.id for clause in clauses}
        found = []
        for place, row in self._rows("restates"):
            target = str(row.get("of") or "")
            if target not in known:
                self.problems.append(f"{place}：没有条款“{target}”，请核对编号")
            reader = RateReader(place, self.documents, self.problems, self.warnings)
            found.append((target, reader.cite({"status": "V", **row})))
        return tuple(found)

    def _confirmations(self, clauses: Sequence[Clause]) -> dict[str, str]:
        known = self.known.clauses | {clause.id for clause in clauses} | set(self.groups)
        found = {}
        for place, row in self._rows("confirm"):
            target = str(row.get("of") or "")
            if target not in known:
                self.problems.append(f"{place}：没有条款或互斥组“{target}”，无法确认")
            elif not (row.get("by") and row.get("checked_by")):
                self.problems.append(f"{place}：确认须写明 by（确认人姓名）和 checked_by（复核人姓名）")
            elif names := two_persons(place, [row["by"], row["checked_by"]], self.problems):
                found[target] = names
        return found
