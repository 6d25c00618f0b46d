"""指标计算: one measure of the catalogue for a county, a scope, each township or each school, on the day of the rules."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Literal

from junheng.measures import rates_cohorts as cohorts
from junheng.measures import rates_ledgers as ledgers
from junheng.measures import rates_people as people
from junheng.measures import rates_registers as registered
from junheng.measures import rates_results as results
from junheng.measures import rates_teachers as teachers
from junheng.measures.catalogue import Catalogue, Measure, catalogue, expand
from junheng.measures.model import Assessment
from junheng.measures.rates_model import (
    LOCALES,
    NO_TOWNSHIP,
    WHOLE,
    Asked,
    History,
    Part,
    Parts,
    SchoolLine,
    Scope,
    Tables,
    Value,
)
from junheng.measures.registers import REGISTERS, Registers, registers
from junheng.measures.rows import rows
from junheng.policy import PackDay, PackError

COMPUTED: Mapping[str, Callable[[Asked], Parts]] = {
    "student_count": registered.student_count,
    "vocational_share": registered.vocational_share,
    "public_share": registered.public_share,
    "migrant_public": registered.migrant_public,
    "class_share": registered.class_share,
    "class_count": registered.class_count,
    "class_standard": registered.class_standard,
    "class_average": registered.class_average,
    "class_all": registered.class_all,
    "school_large": registered.school_large,
    "school_count": registered.school_count,
    "premises_share": registered.premises_share,
    "premises_per_pupil": registered.premises_per_pupil,
    "teacher_count": teachers.teacher_count,
    "pupils_per_teacher": teachers.pupils_per_teacher,
    "teacher_share": teachers.teacher_share,
    "teacher_flag": teachers.teacher_flag,
    "teacher_qualified": teachers.teacher_qualified,
    "teacher_number": teachers.teacher_number,
    "gross_enrolment": people.gross_enrolment,
    "net_enrolment": people.net_enrolment,
    "disabled_enrolment": people.disabled_enrolment,
    "retention_adjusted": cohorts.retention_adjusted,
    "retention_unadjusted": cohorts.retention_unadjusted,
    "dropout_rate": cohorts.dropout_rate,
    "care_coverage": ledgers.care_coverage,
    "dropout_returned": ledgers.dropout_returned,
    "dropout_standing": ledgers.dropout_standing,
    "safety_coverage": ledgers.safety_coverage,
    "resource_mean": results.resource_mean,
    "resource_share": results.resource_share,
    "resource_cv": results.resource_cv,
    "school_met": results.school_met,
    "items_met": results.items_met,
    "county_line": results.county_line,
}
"""The computations by the name that the catalogue gives them."""

_NO_DATA = "登记表中没有可以计算的行，请核对学段、范围和该日的导入"


def measure_value(
    code: str,
    tables: Tables,
    rules: PackDay,
    *,
    stage: str | None = None,
    scope: Scope = WHOLE,
    history: History | None = None,
    assessment: Assessment | None = None,
) -> Value:
    """指标值 of the whole county, or of the schools in `scope`, on `rules.day`.

    `tables` as for `assess`, with the `key` of each student, and `population` where there is one. `history` holds the
    tables of earlier days (see `earlier_days`), `assessment` the results of the same day for measures that come from
    them. `stage` None is the measure's usual one. Without data: `value` None and the reasons in `missing`. KeyError for
    an unknown code, ValueError with a Chinese sentence for a stage that the measure has not.
    """
    asked, measure = _asked(code, tables, rules, stage, scope, history, assessment)
    found = parts_of(asked)
    return value_of(asked, measure, found, inside(asked, found.parts), "", scope.words or "全县")


def measure_values(
    code: str,
    tables: Tables,
    rules: PackDay,
    *,
    by: Literal["township", "school"],
    stage: str | None = None,
    scope: Scope = WHOLE,
    history: History | None = None,
    assessment: Assessment | None = None,
) -> list[Value]:
    """指标值 of each township or school that has rows, ordered by name or code; [] where the measure has no such areas."""
    asked, measure = _asked(code, tables, rules, stage, scope, history, assessment)
    return by_area(asked, parts_of(asked), by) if by in measure.areas else []


def by_area(asked: Asked, found: Parts, by: Literal["township", "school"]) -> list[Value]:
    """The parts of a measure, grouped by township or school."""
    measure = asked.measure
    groups: dict[str, list[Part]] = {}
    for part in inside(asked, found.parts):
        school = asked.schools.get(part.school_code)
        township = part.township or (school.township if school else "") or NO_TOWNSHIP
        groups.setdefault(part.school_code if by == "school" else township, []).append(part)
    answer = []
    for area, parts in sorted(groups.items()):
        school = asked.schools.get(area)
        name = (school.name if school else area) if by == "school" else area
        answer.append(value_of(asked, measure, found, parts, area, name, whole=False))
    return answer


def earlier_days(code: str, stage: str | None, day: date) -> tuple[date, ...]:
    """回溯日: the days about which `history` is needed for this measure; the nearest register of that school year will do."""
    measure = catalogue()[code]
    by = str(measure.how.get("by", ""))
    return cohorts.earlier_days(by, _stage(measure, stage), day)


def _stage(measure: Measure, stage: str | None) -> str:
    if stage is None:
        return measure.stages[0]
    if stage not in measure.stages:
        usable = "、".join(one or "各学段合计" for one in measure.stages)
        raise ValueError(f"“{measure.title}”没有学段“{stage or '各学段合计'}”，可用：{usable}")
    return stage


def _asked(
    code: str,
    tables: Tables,
    rules: PackDay,
    stage: str | None,
    scope: Scope,
    history: History | None,
    assessment: Assessment | None,
) -> tuple[Asked, Measure]:
    book: Catalogue = catalogue()
    measure = book[code]
    chosen = _stage(measure, stage)
    held = registers(tables) if frozenset(tables) & frozenset(REGISTERS) else None
    schools = school_lines(held, book) if held and "schools" in held.given else {}
    asked = Asked(
        measure=measure,
        stage=chosen,
        stages=expand(chosen),
        scope=scope,
        rules=rules,
        registers=held,
        tables=tables,
        history=history or {},
        assessment=assessment,
        catalogue=book,
        schools=schools,
    )
    return asked, measure


def school_lines(held: Registers, book: Catalogue) -> dict[str, SchoolLine]:
    """{school code: what measures ask of a school}."""
    private = book.settings["private"].values
    table = held.schools.select(
        "school_code", "school_name", "school_kind", "organizer", "locale", "township"
    )
    return {
        row["school_code"]: SchoolLine(
            name=row["school_name"] or row["school_code"],
            kind=row["school_kind"] or "",
            public=None if row["organizer"] is None else row["organizer"] not in private,
            locale=row["locale"] or "",
            township=row["township"] or "",
        )
        for row in rows(table)
    }


def parts_of(asked: Asked) -> Parts:
    """What the schools add; a measure that no register holds, or lacks its registers or standards, says so."""
    measure = asked.measure
    if measure.source == "reported":
        return Parts([], "", missing=(measure.note,))
    needed = [name for name in measure.needs if name in REGISTERS]
    if needed and asked.registers is None:
        return Parts([], "", missing=asked.missing(*needed))
    compute = results.county_line if "line" in measure.how else COMPUTED[_name(measure)]
    try:
        return compute(asked)
    except PackError as error:
        return Parts([], "", missing=tuple(error.problems))


def _name(measure: Measure) -> str:
    return str(measure.how.get("by") or measure.how["result"])


def inside(asked: Asked, parts: Iterable[Part]) -> list[Part]:
    """The parts of the schools in scope; a part of a township or of the whole county has been chosen already."""
    scope = asked.scope
    if not scope.words:
        return list(parts)
    starts = tuple(start for locale in scope.locales for start in LOCALES[locale])
    answer = []
    for part in parts:
        school = asked.schools.get(part.school_code)
        fits = school is not None and (
            (not starts or school.locale.startswith(starts))
            and (not scope.organizers or _organizer(school) in scope.organizers)
            and scope.township in ("", school.township)
            and scope.school_code in ("", part.school_code)
        )
        if fits or not part.school_code:
            answer.append(part)
    return answer


def value_of(
    asked: Asked,
    measure: Measure,
    found: Parts,
    parts: list[Part],
    area: str,
    name: str,
    *,
    whole: bool = True,
) -> Value:
    told = [part for part in parts if part.numerator is not None]
    top = float(sum(part.numerator or 0 for part in told)) if told else None
    quotient = any(part.denominator is not None for part in told)
    below = float(sum(part.denominator or 0 for part in told)) if quotient else None
    value, missing = None, found.missing
    if top is not None and not missing:
        if not quotient:
            value = top
        elif below:
            value = top * _factor(asked) / below
        else:
            missing = (f"{measure.title}的分母为0，没有可以计算的对象",)
    elif not missing:
        blank = sum(part.unreported for part in parts)
        missing = (f"{blank}{found.unreported_unit}未报，没有可以计算的行" if blank else _NO_DATA,)
    notes = [measure.formula, found.note if whole and not asked.scope.words else ""]
    return Value(
        code=measure.code,
        title=measure.title,
        stage=asked.stage,
        scope=asked.scope,
        area=area,
        area_name=name,
        value=value,
        unit=measure.unit,
        numerator=top,
        denominator=below,
        unreported=sum(int(part.unreported) for part in parts),
        unreported_unit=found.unreported_unit,
        rows=found.rows,
        note="；".join(note for note in notes if note),
        missing=missing,
    )


def _factor(asked: Asked) -> float:
    """What the quotient is multiplied by: 100 for percent, the pack's factors for a resource indicator."""
    how = asked.measure.how
    if how.get("result") == "resource_mean":
        resource = asked.rules.pack.resource(how["resource"])
        return resource.scale * resource.per
    return 100.0 if asked.measure.unit == "%" else float(how.get("factor", 1))


def _organizer(school: SchoolLine) -> str:
    return "" if school.public is None else "公办" if school.public else "民办"
