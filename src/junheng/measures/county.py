"""县级指标: all lines of 政府保障, 教育质量, 一票否决 and 社会认可度 that the pack lists, from the registers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from junheng.measures import county_tables as tables
from junheng.measures.basics import county_basics
from junheng.measures.class_sizes import ClassSizes, class_sizes
from junheng.measures.county_line import CountyData, CountySchool
from junheng.measures.item_lines import ENTERED, evidence_line, veto_line
from junheng.measures.model import ClassFinding, CountyResult, FactRow, FailingRow, ReliefState
from junheng.measures.register_checks import VETO
from junheng.measures.registers import Registers
from junheng.measures.relief_states import relief_states
from junheng.measures.school_lines import (
    charter_line,
    class_line,
    funding_line,
    rooms_line,
    size_line,
    training_funds_line,
    zone_line,
)
from junheng.measures.teacher_lines import certificates, rotation_line, training
from junheng.policy import PackDay

_COMPUTED: dict[str, Callable[[CountyData], CountyResult]] = {
    "G3": rooms_line,
    "G4": size_line,
    "G5": class_line,
    "G6": funding_line,
    "G9": training,
    "G11": rotation_line,
    "G12": certificates,
    "G13": zone_line,
    "Q3": charter_line,
    "Q4": training_funds_line,
} | ENTERED


@dataclass(frozen=True)
class CountyPart:
    """县级部分: what an assessment of registers adds to the resource part."""

    lines: list[CountyResult]
    classes: list[ClassFinding]
    reliefs: list[ReliefState]
    basics: dict[str, float | None]
    oversized: list[FailingRow]


def county_part(held: Registers, facts: Sequence[FactRow], rules: PackDay, county: str) -> CountyPart:
    """县级指标、班额、特殊情形. A pack without county lines (2012) has none of them."""
    if not rules.pack.lines:
        return CountyPart([], [], [], {}, [])
    columns = tables.school_columns(held)
    names = {code: str(row["school_name"] or code) for code, row in columns.items()}
    sizes = class_sizes(tables.class_rows(held, rules), names, rules, county)
    schools = _schools(held, facts, sizes, rules, columns)
    states = relief_states(
        tables.relief_rows(held), {school.code: school for school in schools}, names, rules
    )
    in_force = {(state.school_code, state.relief) for state in states if state.state == "有效"}
    schools = [
        replace(school, reliefs=frozenset(relief for code, relief in in_force if code == school.code))
        for school in schools
    ]
    data = CountyData(
        county=county,
        rules=rules,
        schools=schools,
        sizes=sizes,
        teachers=tables.teacher_rows(held, rules),
        rotation=tables.rotation(held, rules),
        items=tables.items(held),
        given=held.given,
        names=names,
    )
    lines = []
    for line in rules.pack.lines:
        if line.code in _COMPUTED:
            lines.append(_COMPUTED[line.code](data))
        else:
            lines.append(veto_line(data, line) if line.group == VETO else evidence_line(data, line))
    basics = county_basics(held, schools, data.items, rules)
    return CountyPart(lines, list(sizes.findings), states, basics, _oversized(schools, rules))


def _oversized(schools: Sequence[CountySchool], rules: PackDay) -> list[FailingRow]:
    """大校额: schools above the size that reports call oversized, whatever their own limit; the largest first."""
    limit = rules.number("school.oversized")
    found = [
        FailingRow(
            school.code,
            school.name,
            "大校额",
            f"{school.total}人",
            f"不超过{limit:g}人",
            school.total - limit,
            "人",
        )
        for school in schools
        if school.total is not None and school.total > limit
    ]
    return sorted(found, key=lambda row: -(row.gap or 0))


def _schools(
    held: Registers,
    facts: Sequence[FactRow],
    sizes: ClassSizes,
    rules: PackDay,
    columns: dict[str, dict[str, object]],
) -> list[CountySchool]:
    """Schools with a 小学 or 初中 stage, special schools apart, in order of their code."""
    excluded = rules.names("scope.excluded_kinds")
    stages: dict[str, list[FactRow]] = {}
    for fact in facts:
        if fact.kind not in excluded:
            stages.setdefault(fact.school_code, []).append(fact)
    room_areas, migrants = tables.rooms(held), tables.migrant_shares(held, rules)
    answer = []
    for code, own in sorted(stages.items()):
        row = columns[code]
        music, art = room_areas.get(code, (None, None))
        counts = {fact.stage: sizes.counts.get((code, fact.stage)) for fact in own}
        answer.append(
            CountySchool(
                code=code,
                name=own[0].school,
                kind=own[0].kind or "",
                organizer=own[0].organizer or "",
                locale=own[0].locale or "",
                in_scope=any(fact.in_scope for fact in own),
                pupils={fact.stage: fact.students for fact in own},
                classes=counts,
                largest_class=sizes.largest.get(code),
                migrant_share=migrants.get(code),
                music=music,
                art=art,
                **{name: row[name] for name in _COLUMNS},  # type: ignore[arg-type]
            )
        )
    return answer


_COLUMNS = (
    "built_year", "boarding", "has_charter", "funded_pupils", "public_budget", "public_final", "training_spend",
    "intake_from_zone", "intake_total",
)  # fmt: skip
