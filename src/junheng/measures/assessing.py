"""评估: all measures of one set of tables, against one pack, on one day."""

from collections.abc import Mapping
from datetime import date

from junheng.measures.county import CountyPart, county_part
from junheng.measures.exact import exact, exact_coefficients
from junheng.measures.fact_table import fact_rows, flat_facts
from junheng.measures.model import Assessment, Problem
from junheng.measures.register_checks import register_problems
from junheng.measures.registers import REGISTERS, registers
from junheng.measures.results import coefficient_results, school_results
from junheng.measures.rows import Frame, Keep, as_planned, rows
from junheng.measures.school_facts import school_facts
from junheng.policy import Pack
from junheng.tables import SCHOOLS


def assess(
    tables: Mapping[str, Frame],
    pack: Pack,
    *,
    day: date,
    county: str = "",
    keep: Keep = as_planned,
) -> Assessment:
    """评估: everything that `tables` allow to be said about a county on `day`.

    `tables` holds either `facts` (校表, one row per school and stage, with 县区) or the registers `schools`, `premises`,
    `classes`, `students`, `teachers`, `reliefs`, `county` (those that are there), with the agreed columns of `tables`.
    `county` names the county of the registers. `keep` may be the engine's `keep`, so that small tables on the way are
    computed once; answers are the same without it.
    """
    rules = pack.on(day)
    problems: list[Problem] = []
    if "facts" in tables:
        facts = fact_rows(rows(flat_facts(tables["facts"], pack)), pack)
        part = CountyPart([], [], [], {}, [])
    elif not frozenset(tables) & frozenset(REGISTERS):
        facts, part = [], CountyPart([], [], [], {}, [])
        problems = [Problem(SCHOOLS.title, None, "", "", "没有可评估的表，请给出学校表等登记表")]
    else:
        held = registers(tables)
        facts = fact_rows(rows(school_facts(held, rules, county, keep)), pack)
        part = county_part(held, facts, rules, county)
        problems = register_problems(held, facts, part.reliefs, rules)
    schools, indicators = school_results(facts, exact(facts, rules), rules)
    singles, composites = coefficient_results(exact_coefficients(facts, rules), rules)
    return Assessment(
        pack=pack.id,
        version=pack.version,
        day=day,
        schools=schools,
        indicators=indicators,
        coefficients=singles,
        composites=composites,
        county=part.lines,
        classes=part.classes,
        reliefs=part.reliefs,
        problems=problems,
        facts=facts,
        basics=part.basics,
        oversized=part.oversized,
    )
