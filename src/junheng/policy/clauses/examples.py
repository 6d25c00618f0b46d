"""读算例: worked examples beside a clause; they are run each time a pack is proved."""

from datetime import date

from junheng.policy.clauses.model import STAGES, Example


def read_examples(place: str, raw: object, problems: list[str]) -> tuple[Example, ...]:
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
        if not isinstance(on, date) or stage not in STAGES:
            problems.append(f"{where}：须写明 day（日期）和 stage（学段）")
            continue
        if pays is not None and (isinstance(pays, bool) or not isinstance(pays, int | float)):
            problems.append(f"{where}：pays 应为金额（元）")
            continue
        facts: dict[str, bool | None] = dict.fromkeys(map(str, row.get("has") or ()), True)
        facts |= dict.fromkeys(map(str, row.get("lacks") or ()), False)
        fen = None if pays is None else round(pays * 100)
        found.append(
            Example(on, stage, int(row.get("grade") or 0), str(row.get("county") or ""), facts, fen, str(row.get("state") or ""))
        )  # fmt: skip
    return tuple(found)
