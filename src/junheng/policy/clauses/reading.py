"""读资助条款包: YAML text → AidPack, or every problem found as Chinese sentences. Nothing is guessed and nothing is dropped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import yaml

from junheng.policy.clauses.conditions import AllOf, Condition, FactIs, Named, parse
from junheng.policy.clauses.examples import read_examples
from junheng.policy.clauses.model import (
    GROUP_RULES,
    KINDS,
    STAGES,
    AidPack,
    AreaFact,
    Cite,
    Clause,
    Fact,
    Group,
    Lowering,
)
from junheng.policy.clauses.rates import RateReader
from junheng.policy.model import Document, PackError

KIND = "aid"
_TOP = {
    "kind", "id", "title", "extends", "responsible", "entered_by", "checked_by", "documents", "facts", "definitions",
    "areas", "scope", "groups", "clauses", "area_facts", "lowerings", "confirm", "restates", "notes", "lapses",
}  # fmt: skip
_CLAUSE = {
    "id", "name", "kind", "areas", "stage", "grades", "when", "amount", "per", "units", "since", "until", "rates",
    "document", "item", "quote", "status", "assumed", "assumption", "confirmed_by", "group", "cap", "years", "shares",
    "evidence", "examples", "entered_by", "checked_by", "obligation", "note", "tiers",
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
        mark = getattr(error, "problem_mark", None)
        place = f"第{mark.line + 1}行" if mark else "文件"
        raise PackError([f"{place}不是有效的 YAML，请检查缩进、冒号和引号"]) from error
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
        self.made: dict[str, Group] = {}

    def read(self) -> AidPack:
        raw = self.raw
        for name in sorted(set(map(str, raw)) - _TOP):
            self.problems.append(f"不认识的项目“{name}”，请删除或改正")
        if raw.get("kind") != KIND:
            self.problems.append(f"kind 应为 {KIND}，发现“{raw.get('kind')}”")
        for name, title in (("id", "编号"), ("title", "名称")):
            if not isinstance(raw.get(name), str) or not raw[name].strip():
                self.problems.append(f"缺少 {name}（{title}），请填写")
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
        if self.problems:
            raise PackError(self.problems)
        return AidPack(
            id=raw["id"],
            title=raw["title"],
            extends=tuple(_list(raw.get("extends"))),
            responsible=str(raw.get("responsible") or ""),
            documents=own,
            texts=self.texts,
            restatements=restatements,
            facts=facts,
            definitions=definitions,
            areas={str(code): str(name) for code, name in (raw.get("areas") or {}).items()},
            groups={**groups, **self.made},
            clauses=clauses,
            area_facts=area_facts,
            lowerings=lowerings,
            confirmations=confirmations,
            notes=tuple(map(str, raw.get("notes") or ())),
            warnings=tuple(self.warnings),
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
            words = [tuple(_list(row.get(key))) for key in ("synonyms", "positive", "negative")]
            found[name] = Fact(
                name, str(row.get("meaning") or name), register, bool(row.get("helps")), *words
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
            key, rule = str(row.get("id") or ""), row.get("rule")
            if not key or rule not in GROUP_RULES:
                self.problems.append(f"{place}：互斥组须有 id，rule 应为 {'、'.join(GROUP_RULES)} 之一")
                continue
            assumption = str(row.get("assumption") or "")
            if row.get("assumed") and not assumption:
                self.problems.append(f"{place}：assumed 的规则须用 assumption 写明文件没有载明什么")
            found[key] = Group(
                key, str(row.get("title") or key), rule, self._money(place, row.get("cap")),
                assumption if row.get("assumed") else "", str(row.get("confirmed_by") or ""), str(row.get("basis") or ""),
            )  # fmt: skip
        return found

    def _clauses(self) -> tuple[Clause, ...]:
        found: list[Clause] = []
        for place, row in self._rows("clauses"):
            found.extend(self._clause(f"{place}“{row.get('id') or row.get('name') or '？'}”", row))
        ids = [clause.id for clause in found]
        for name in sorted({name for name in ids if ids.count(name) > 1}):
            self.problems.append(f"条款编号“{name}”重复，请改正")
        replaced = sorted(self.known.clauses & set(ids))
        if replaced and not str(self.raw.get("responsible") or "").strip():
            self.problems.append(
                f"改定上级条款（{'、'.join(replaced)}）的包须写明 responsible（批准改定的责任人姓名）"
            )
        return tuple(found)

    def _clause(self, place: str, row: dict[str, Any]) -> list[Clause]:
        for name in sorted(set(map(str, row)) - _CLAUSE):
            self.problems.append(f"{place}：不认识的“{name}”，请删除或改正")
        before = len(self.problems)
        stages = tuple(_list(row.get("stage")))
        for stage in stages:
            if stage not in STAGES:
                self.problems.append(f"{place}：stage“{stage}”应为 {'、'.join(STAGES)} 之一")
        if not stages or not row.get("id") or not row.get("name"):
            self.problems.append(f"{place}：id、name、stage 都须填写")
        kind: Any = row.get("kind", "cash")
        if kind not in KINDS:
            self.problems.append(f"{place}：kind 应为 {'、'.join(KINDS)} 之一，发现“{kind}”")
        areas = row.get("areas", self.raw.get("scope"))
        if areas is None:
            self.problems.append(
                f'{place}：没有适用地区，请在包的 scope 或条款的 areas 中写明（全国写 [""]）'
            )
        entered = str(row.get("entered_by") or self.raw.get("entered_by") or "").strip()
        if not entered:
            self.problems.append(f"{place}：缺少 entered_by（录入人）")
        group = str(row.get("group") or "")
        if group and group not in self.groups:
            self.problems.append(f"{place}：没有互斥组“{group}”，请在 groups 中写明")
        condition = parse(row.get("when"), self.names, self.problems, place)
        if len(self.problems) > before:
            return []
        row = self._lapsing(row)
        tiers = row.get("tiers")
        if tiers is not None:
            return self._tiers(place, row, tiers, stages, condition)
        rates = RateReader(place, self.documents, self.problems, self.warnings).read(row, stages)
        if any(rate.cite.document in self.texts and not rate.cite.quote for rate in rates):
            self.problems.append(f"{place}：所引文件存有全文，须有 quote（原文）")
        years = row.get("years")
        clause = Clause(
            id=str(row["id"]),
            name=str(row["name"]),
            pack=str(self.raw.get("id") or ""),
            kind=kind,
            areas=tuple(_list(areas)),
            stages=stages,
            condition=condition,
            rates=rates,
            group=group,
            cap=self._money(place, row.get("cap")),
            years=years if isinstance(years, int) and years > 0 else None,
            shares=self._shares(place, row.get("shares")),
            evidence=tuple(_list(row.get("evidence"))),
            examples=read_examples(place, row.get("examples"), self.problems),
            entered_by=entered,
            checked_by=str(row.get("checked_by", self.raw.get("checked_by")) or ""),
            obligation=str(row.get("obligation") or ""),
            note=str(row.get("note") or ""),
        )
        return [clause]

    def _lapsing(self, row: dict[str, Any]) -> dict[str, Any]:
        """A plan that ends without saying what follows: its clauses go on, but as an assumption to be confirmed."""
        lapse = self.raw.get("lapses")
        if not isinstance(lapse, dict) or "rates" in row or row.get("until") is not None:
            return row
        since = lapse.get("since")
        if not isinstance(since, date) or not lapse.get("assumption"):
            self.problems.append("lapses 须有 since（日期）和 assumption（文件没有载明什么）")
            return row
        later = {"since": since, "assumed": True, "assumption": str(lapse["assumption"])}
        return {**row, "rates": [{}, later]}

    def _tiers(
        self, place: str, row: dict[str, Any], tiers: object, stages: tuple[str, ...], condition: Condition
    ) -> list[Clause]:
        """分档: one clause a tier, of which the highest that fits is paid."""
        if not isinstance(tiers, list) or not all(isinstance(tier, dict) for tier in tiers):
            self.problems.append(f"{place}：tiers 应为列表，每档写明 name、when、amount")
            return []
        key = str(row.get("group") or f"{row['id']}/分档")
        if key not in self.groups:
            self.made[key] = Group(key, f"{row['name']}各档", "highest", None)
            self.groups = {**self.groups, key: self.made[key]}
        found = []
        for number, tier in enumerate(tiers, 1):
            single = {name: value for name, value in row.items() if name != "tiers"}
            single |= {
                "id": f"{row['id']}/{number}",
                "name": f"{row['name']}（{tier.get('name') or f'第{number}档'}）",
                "amount": tier.get("amount"),
                "group": key,
                "when": None,
                "examples": tier.get("examples"),
            }
            inner = parse(tier.get("when"), self.names, self.problems, f"{place}第{number}档")
            found += [
                replace(made, condition=AllOf((condition, inner))) for made in self._clause(place, single)
            ]
        return found

    def _shares(self, place: str, raw: object) -> dict[str, int]:
        if raw is None:
            return {}
        if (
            not isinstance(raw, dict)
            or set(raw) - {"centre", "region", "county"}
            or not all(isinstance(part, int) for part in raw.values())
            or sum(raw.values()) != 100
        ):
            self.problems.append(f"{place}：shares 应写明 centre、region、county 各占百分之几，合计 100")
            return {}
        return {str(name): int(part) for name, part in raw.items()}

    def _money(self, place: str, raw: object) -> int | None:
        if raw is None:
            return None
        if isinstance(raw, bool) or not isinstance(raw, int | float) or raw <= 0:
            self.problems.append(f"{place}：cap（上限）应为大于 0 的数（元），发现“{raw}”")
            return None
        return round(raw * 100)

    def _area_facts(self) -> tuple[AreaFact, ...]:
        found = []
        for place, row in self._rows("area_facts"):
            fact = str(row.get("fact") or "")
            if fact not in self.names:
                self.problems.append(f"{place}：没有事实“{fact}”，请核对名称")
            cite = RateReader(place, self.documents, self.problems, self.warnings).cite(row)
            areas = tuple(_list(row.get("areas", self.raw.get("scope"))))
            found.append(
                AreaFact(
                    fact, areas, row.get("value", True) is True, row.get("since"), row.get("until"), cite
                )
            )
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
            target, by = str(row.get("of") or ""), str(row.get("by") or "").strip()
            if target not in known:
                self.problems.append(f"{place}：没有条款或互斥组“{target}”，无法确认")
            elif not by:
                self.problems.append(f"{place}：确认须写明 by（确认人姓名）")
            else:
                found[target] = by
        return found


def _list(raw: object) -> list[str]:
    if raw is None:
        return []
    return [str(item) for item in raw] if isinstance(raw, list) else [str(raw)]
