"""通报留存的数据: facts as rows that stay with the bulletin, for its charts, tables and documents. Pure but for the model's rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from bureau.bulletins.fact_rows import Facts, printed
from bureau.bulletins.figures import VERDICT_WORDS, FigureFact
from bureau.bulletins.models import Bulletin, Figure
from bureau.bulletins.ranking import Score, shown


def kept_data(facts: Facts, scores: Sequence[Score], rule: str, codes: Mapping[str, str]) -> dict[str, Any]:
    """What `Bulletin.data` holds: plans, targets, overdue duties, units with their arithmetic, the rule in words."""
    return {
        "plans": list(facts.plans),
        "rule": rule,
        "targets": [
            {
                "id": one.key, "name": one.name, "verdict": VERDICT_WORDS[one.verdict],
                "value": printed(one.value, one.unit) if one.value is not None else "", "goal": f"{one.goal_words}{one.goal}",
                "start": printed(one.start, one.unit) if one.start is not None else "", "forecast": one.forecast,
                "due": one.due.isoformat() if one.due else "", "lead": "、".join(unit.name for unit in one.leads),
                "code": codes.get(f"target.{one.key}.value", ""),
                "share": round(100 * one.value / one.goal_value, 1)
                if one.value is not None and one.goal_value > 0 and one.at_least else None,
            }
            for one in facts.targets
        ],
        "overdue": [
            {
                "id": one.key, "title": one.title, "lead": "、".join(unit.name for unit in one.leads), "late": one.late,
                "due": one.due.isoformat() if one.due else "", "state": one.state,
            }
            for one in sorted(facts.duties, key=lambda duty: -duty.late)
            if one.late
        ],
        "units": [
            {
                "id": one.facts.key, "rank": one.rank, "unit": one.facts.unit, "total": one.facts.total, "due": one.facts.due,
                "done": one.facts.done, "late": one.facts.counts["late"], "score": shown(one.total) if one.rank else "",
                "words": one.words,
            }
            for one in scores
        ],
    }  # fmt: skip


def figure_rows(one: Bulletin, figures: Mapping[str, FigureFact], codes: Mapping[str, str]) -> list[Figure]:
    """The figures as rows, in the order of their codes."""
    return [
        Figure(
            bulletin=one, code=codes[key], key=key, name=fact.name[:200], value=fact.value[:60], numerator=fact.numerator[:200],
            denominator=fact.denominator[:200], basis=fact.basis, brief=fact.brief[:200], as_of=fact.as_of, opens=fact.opens, opens_key=fact.opens_key,
            opens_query=fact.opens_query, listed=list(fact.listed), run_id=fact.run,
        )
        for key, fact in sorted(figures.items(), key=lambda pair: int(codes[pair[0]][1:]))
    ]  # fmt: skip
