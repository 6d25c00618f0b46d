"""考核方案的表单: what was typed into the editor, as lines and bands; every number that is none is said at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import QueryDict

from bureau.performance import queries, scoring
from bureau.performance.drafting import Head, Line
from bureau.performance.models import Criterion, Scheme
from bureau.performance.score_sheet import decimal_of

FIELDS = (
    "pk", "order", "title", "weight", "source", "standard", "measure", "scope", "rule", "at_most", "floor", "target",
)  # fmt: skip
SPARE = 3
MOST_BANDS = 6


@dataclass(frozen=True, slots=True)
class Typed:
    """填的内容: what can be read of it, the rows as typed, and every problem."""

    lines: tuple[Line, ...]
    bands: tuple[tuple[str, str], ...]
    appeal_days: int | None
    rows: tuple[Mapping[str, str], ...]
    problems: tuple[str, ...]


def head_of(posted: QueryDict) -> tuple[Head, list[str]]:
    """基本信息 of a form."""
    problems: list[str] = []

    def day(name: str, words: str) -> date | None:
        typed = posted.get(name, "").strip()
        try:
            return date.fromisoformat(typed) if typed else None
        except ValueError:
            problems.append(f"{words}“{typed}”不是日期，请写成 2026-12-31")
            return None

    words = {field: posted.get(field, "").strip() for field in ("name", "period", "unit_kind", "basis")}
    for field, label, most in (("name", "方案名称", 120), ("period", "考核期", 40), ("basis", "依据", 300)):
        if len(words[field]) > most:
            problems.append(f"{label}有 {len(words[field])} 个字，最多 {most} 个，请缩短")
    starts, ends = day("starts", "考核期起"), day("ends", "考核期止")
    head = Head(words["name"], words["period"], starts, ends, words["unit_kind"], words["basis"])
    return head, problems


def typed(posted: QueryDict, scheme: Scheme) -> Typed:
    """Everything below the head."""
    lists = {name: posted.getlist(name) for name in FIELDS}
    size = min(len(lists["title"]), 200)
    rows: list[Mapping[str, str]] = [
        {name: (values[at] if at < len(values) else "").strip() for name, values in lists.items()}
        for at in range(size)
    ]
    rows = [
        row for row in rows if any(row[name] for name in ("title", "weight", "standard", "measure", "target"))
    ]
    rows.sort(
        key=lambda row: int(row["order"]) if row["order"].isdecimal() and len(row["order"]) < 5 else 9999
    )
    choices = queries.measure_choices(scheme.county_code)
    for one in scheme.criteria.all():
        label = queries.measure_label(one.measure, one.stage, one.subset)
        if label and label not in choices:
            choices[label] = queries.MeasureChoice(one.measure, one.stage, one.subset, label, "", True)
    problems: list[str] = []
    lines = [_line(row, choices, problems) for row in rows]
    names, floors = posted.getlist("band_name"), posted.getlist("band_from")
    bands = tuple(
        (name.strip(), least.strip())
        for name, least in zip(names, floors, strict=False)
        if name.strip() or least.strip()
    )
    problems += [f"等次“{name}”的名称最多 20 个字" for name, _least in bands if len(name) > 20]
    days = posted.get("appeal_days", "").strip()
    return Typed(
        tuple(lines),
        bands,
        int(days) if days.isdecimal() and len(days) < 5 else None,
        tuple(rows),
        tuple(problems),
    )


def _line(row: Mapping[str, str], choices: Mapping[str, queries.MeasureChoice], problems: list[str]) -> Line:
    name = row["title"] or "（没有名称）"

    def number(field: str, words: str) -> Decimal | None:
        found = decimal_of(row[field])
        if isinstance(found, str):
            problems.append(f"“{name}”的{words}“{row[field]}”不是数")
            return None
        return found

    source = row["source"] if row["source"] in Criterion.Source.values else "evidence"
    chosen = choices.get(row["measure"])
    if source == "measure" and row["measure"] and chosen is None:
        problems.append(f"“{name}”：数据指标“{row['measure']}”不在列表里，请从列表里选择")
    for field, words, most in (("title", "名称", 60), ("standard", "评分标准", 300)):
        if len(row[field]) > most:
            problems.append(f"“{name[:20]}”的{words}有 {len(row[field])} 个字，最多 {most} 个，请缩短")
    measured, computed = source == "measure" and chosen is not None, source in scoring.COMPUTED
    return Line(
        title=row["title"],
        weight=scoring.ZERO if source == "veto" else number("weight", "权重") or scoring.ZERO,
        source=source,
        standard=row["standard"],
        measure=chosen.code if measured and chosen else "",
        stage=chosen.stage if measured and chosen else "",
        subset=chosen.subset if measured and chosen else "",
        scope="county" if row["scope"] == "county" else "unit",
        rule=row["rule"] if computed and row["rule"] in Criterion.Rule.values else "",
        at_most=computed and row["at_most"] == "1",
        floor=number("floor", "底线") if computed else None,
        target=number("target", "目标") if computed else None,
        pk=int(row["pk"]) if row["pk"].isdecimal() and len(row["pk"]) < 15 else None,
    )


def rows_of(scheme: Scheme) -> list[dict[str, Any]]:
    """The criteria as the form shows them."""
    return [
        {
            "pk": one.pk, "order": one.position, "title": one.title, "weight": scoring.plain(one.weight), "source": one.source,
            "standard": one.standard, "measure": queries.measure_label(one.measure, one.stage, one.subset), "scope": one.scope,
            "rule": one.rule, "at_most": "1" if one.at_most else "0", "floor": scoring.plain(one.floor),
            "target": scoring.plain(one.target),
        }
        for one in scheme.criteria.all()
    ]  # fmt: skip


def spare_rows(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Empty rows at the end, to add criteria."""
    first = len(rows) + 1
    return [
        {"order": number, "source": "evidence", "scope": "unit", "at_most": "0"}
        for number in range(first, first + SPARE)
    ]


def criteria_of(lines: Sequence[Line], scheme: Scheme) -> list[Criterion]:
    """The lines as criteria that are not saved, for a preview."""
    return [
        Criterion(
            scheme=scheme, position=position, title=line.title, weight=line.weight, source=line.source, standard=line.standard,
            measure=line.measure, stage=line.stage, subset=line.subset, scope=line.scope, rule=line.rule, at_most=line.at_most,
            floor=line.floor, target=line.target,
        )
        for position, line in enumerate(lines, 1)
    ]  # fmt: skip
