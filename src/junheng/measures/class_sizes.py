"""班额: classes above the limit of their stage, and the bands 偏大, 大班额, 超大班额 of reports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from junheng.measures.county_tables import ClassRow
from junheng.measures.model import ClassFinding
from junheng.policy import PackDay


@dataclass(frozen=True)
class ClassSizes:
    """班额汇总: `checked` classes have a size, `unreported` have none; `findings` are over the limit or in a band."""

    checked: int
    unreported: tuple[ClassRow, ...]
    findings: tuple[ClassFinding, ...]
    largest: Mapping[str, int]
    counts: Mapping[tuple[str, str], int]


def class_sizes(
    classes: Sequence[ClassRow], names: Mapping[str, str], rules: PackDay, county: str
) -> ClassSizes:
    """班额: every class against the pack's limit (G5) and bands. `names` gives school names by code."""
    limits = rules.by_stage("G5")
    bands = sorted(rules.by_stage("class.bands").items(), key=lambda band: band[1])
    findings: list[ClassFinding] = []
    largest: dict[str, int] = {}
    counts: dict[tuple[str, str], int] = {}
    unreported = []
    for row in classes:
        counts[row.school_code, row.stage] = counts.get((row.school_code, row.stage), 0) + 1
        if row.students is None:
            unreported.append(row)
            continue
        largest[row.school_code] = max(largest.get(row.school_code, 0), row.students)
        limit = int(limits[row.stage])
        band = next((name for name, start in reversed(bands) if row.students >= start), "")
        if row.students > limit or band:
            findings.append(
                ClassFinding(
                    county=county,
                    school_code=row.school_code,
                    school=names.get(row.school_code, ""),
                    stage=row.stage,
                    grade=row.grade,
                    class_number=row.class_number,
                    students=row.students,
                    limit=limit,
                    over=max(0, row.students - limit),
                    band=band,
                )
            )
    findings.sort(key=lambda found: (-found.students, found.school_code, found.grade, found.class_number))
    return ClassSizes(len(classes) - len(unreported), tuple(unreported), tuple(findings), largest, counts)
