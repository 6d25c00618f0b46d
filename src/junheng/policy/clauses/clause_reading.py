"""读一条条款: one row of `clauses` → its clauses (one, or one a tier), with every problem found."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from junheng.policy.clauses.conditions import AllOf, Condition, parse
from junheng.policy.clauses.examples import read_examples
from junheng.policy.clauses.model import KINDS, STAGES, Clause, Group
from junheng.policy.clauses.rates import RateReader, yuan
from junheng.policy.model import Document

_CLAUSE = {
    "id", "name", "title_en", "kind", "areas", "stage", "grades", "when", "amount", "per", "units", "since", "until", "rates",
    "document", "item", "quote", "status", "assumed", "assumption", "confirmed_by", "group", "cap", "years", "shares",
    "evidence", "examples", "entered_by", "checked_by", "obligation", "note", "tiers",
}  # fmt: skip


class ClauseReader:
    """Reads the clauses of one pack. `made` are the groups that tiers need, `tiered` the clauses that have them."""

    def __init__(
        self,
        raw: dict[str, Any],
        names: Mapping[str, Condition],
        documents: Mapping[str, Document],
        texts: Mapping[str, str],
        groups: Mapping[str, Group],
        problems: list[str],
        warnings: list[str],
    ) -> None:
        self.raw, self.names = raw, names
        self.documents, self.texts = documents, texts
        self.groups: dict[str, Group] = dict(groups)
        self.problems, self.warnings = problems, warnings
        self.made: dict[str, Group] = {}
        self.tiered: tuple[str, ...] = ()

    def read(self, place: str, row: dict[str, Any]) -> list[Clause]:
        """The clause of a row, or one clause for each of its tiers; none when something is wrong with it."""
        for name in sorted(set(map(str, row)) - _CLAUSE):
            self.problems.append(f"{place}：不认识的“{name}”，请删除或改正")
        before = len(self.problems)
        stages = tuple(items(row.get("stage")))
        for stage in stages:
            if stage not in STAGES:
                self.problems.append(f"{place}：stage“{stage}”应为 {'、'.join(STAGES)} 之一")
        if not stages or not row.get("id") or not row.get("name"):
            self.problems.append(f"{place}：id、name、stage 都须填写")
        kind: Any = row.get("kind", "cash")
        if not isinstance(kind, str) or kind not in KINDS:
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
        wrong = len(self.problems) > before
        row = self._lapsing(row)
        tiers = row.get("tiers")
        if tiers is not None:
            return [] if wrong else self._tiers(place, row, tiers, stages, condition)
        known = tuple(stage for stage in stages if stage in STAGES)
        rates = RateReader(place, self.documents, self.problems, self.warnings).read(row, known)
        if any(rate.cite.document in self.texts and not rate.cite.quote for rate in rates):
            self.problems.append(f"{place}：所引文件存有全文，须有 quote（原文）")
        examples = read_examples(place, row.get("examples"), self.names, self.problems)
        if wrong:  # said above; the rest was read for what else is wrong
            return []
        years = row.get("years")
        clause = Clause(
            id=str(row["id"]),
            name=str(row["name"]),
            pack=str(self.raw.get("id") or ""),
            kind=kind,
            areas=tuple(items(areas)),
            stages=stages,
            condition=condition,
            rates=rates,
            group=group,
            cap=money(place, row.get("cap"), self.problems),
            years=years if isinstance(years, int) and years > 0 else None,
            shares=self._shares(place, row.get("shares")),
            evidence=tuple(items(row.get("evidence"))),
            examples=examples,
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
        self.tiered += (str(row["id"]),)
        key = str(row.get("group") or f"{row['id']}/分档")
        if key not in self.groups:
            self.made[key] = Group(key, f"{row['name']}各档", "highest", None)
            self.groups[key] = self.made[key]
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
            found += [replace(made, condition=AllOf((condition, inner))) for made in self.read(place, single)]
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


def items(raw: object) -> list[str]:
    """One text or a list of them, as a list."""
    if raw is None:
        return []
    return [str(item) for item in raw] if isinstance(raw, list) else [str(raw)]


def money(place: str, raw: object, problems: list[str]) -> int | None:
    """A limit in 元 → fen; None where there is none."""
    if raw is None:
        return None
    limit = yuan(raw)
    if limit is None:
        problems.append(f"{place}：cap（上限）应为大于 0 的数（元），发现“{raw}”")
        return None
    return round(limit * 100)
