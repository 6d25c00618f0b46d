"""读算例: worked examples beside a clause; they are run each time a pack is proved."""

from collections.abc import Mapping
from datetime import date

from junheng.policy.clauses.conditions import Condition, FactIs
from junheng.policy.clauses.model import STAGES, Example
from junheng.policy.clauses.rates import yuan


def read_examples(
    place: str, raw: object, names: Mapping[str, Condition], problems: list[str]
) -> tuple[Example, ...]:
    """Each: {day, stage, grade, county, has: [facts], lacks: [facts], pays: 元, or state: word}; other facts are not known."""
    if raw is None:
        return ()
    if not isinstance(raw, list) or not all(isinstance(row, dict) for row in raw):
        problems.append(f"{place}：examples 应为列表")
        return ()
    found = []
    for number, row in enumerate(raw, 1):
        where = f"{place}算例{number}"
        on, stage, pays = row.get("day"), row.get("stage"), row.get("pays")
        if not isinstance(on, date) or not isinstance(stage, str) or stage not in STAGES:
            problems.append(f"{where}：须写明 day（日期）和 stage（学段）")
            continue
        if pays is not None and pays != 0 and yuan(pays) is None:
            problems.append(f"{where}：pays 应为金额（元）")
            continue
        grade = row.get("grade") or 0
        if isinstance(grade, bool) or not isinstance(grade, int):
            problems.append(f"{where}：grade 应为年级（整数），发现“{grade}”")
            continue
        has, lacks = _names(row.get("has")), _names(row.get("lacks"))
        strange = [name for name in (*has, *lacks) if not isinstance(names.get(name), FactIs)]
        if strange:
            problems.append(f"{where}：没有事实“{'、'.join(strange)}”，请核对名称")
            continue
        facts: dict[str, bool | None] = {**dict.fromkeys(has, True), **dict.fromkeys(lacks, False)}
        fen = None if pays is None else round(pays * 100)
        found.append(
            Example(on, stage, grade, str(row.get("county") or ""), facts, fen, str(row.get("state") or ""))
        )  # fmt: skip
    return tuple(found)


def _names(raw: object) -> list[str]:
    if raw is None:
        return []
    return [str(item) for item in raw] if isinstance(raw, list) else [str(raw)]
