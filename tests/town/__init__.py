"""示范县 (the demo county): one made-up county and its cast, used by tests, benchmarks and `make demo`.

Only geography is real (names and codes of townships and villages) and, for Tongxin, how many schools of each kind its
plan of 2018 names. No school, child, teacher or figure is. What marks them, so that nothing here can be taken
for a person or a school, stands in `identity`: ID numbers of a region code that does not exist, telephone numbers
of a prefix nobody has, school codes of a block set apart, and 演示 in every school's name.

    town = build("640324")              # rows in memory, the same for the same seed
    books = write(town, folder)         # Excel workbooks in the order in which they are imported
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from town.cast import cast as demo_cast
from town.cast import organisations as demo_organisations
from town.divisions import county as division
from town.excel import write_book
from town.exercises import write_exercises as exercise_books
from town.model import Row, Table, Town, Value, Workbook, Year
from town.outlines import outlines as drawn_outlines
from town.small import small as small_town
from town.years import tell, tell_each

COUNTIES = ("640324", "640106", "640221", "640422", "640424")

# Whose plan is whose; see plans/README.md.
_PLANS = {
    "640324": "tongxin",
    "640106": "jinfeng",
    "640221": "pingluo",
    "640422": "xiji",
    "640424": "jingyuan",
}

_BOOKS = {
    "学校与办学条件": ("schools", "premises", "classes", "reliefs", "county"),
    "教师": ("teachers",),
    "学生": ("students",),
}

__all__ = [
    "COUNTIES",
    "Row",
    "Table",
    "Town",
    "Value",
    "Workbook",
    "Year",
    "build",
    "cast",
    "organisations",
    "outlines",
    "plan_files",
    "small",
    "stream",
    "write",
    "write_exercises",
]


def build(county: str = "640324", *, seed: int = 2026, scale: float = 1.0) -> Town:
    """Three school years of one county. The same arguments give the same rows. KeyError: not one of COUNTIES."""
    return tell(county, seed, scale)


def small() -> Town:
    """Ten schools and 458 students in one school year, with answers worked out by hand in `known`."""
    return small_town()


def write(town: Town, folder: Path, progress: Callable[[str], None] | None = None) -> list[Workbook]:
    """One folder of workbooks, in the order in which they are imported, each on its `day`.

    `progress` is told, in Chinese, of each file about to be written.
    """
    return list(_write_each(town.years, folder, progress))


def stream(
    county: str,
    folder: Path,
    *,
    seed: int = 2026,
    scale: float = 1.0,
    progress: Callable[[str], None] | None = None,
    exercises: Path | None = None,
) -> Iterator[Workbook]:
    """The same files as `write(build(county))`, each given out as soon as it is written: a year is made when it is needed.

    At the end the folder `exercises`, if named, is filled as by `write_exercises`, without making the county twice.
    """
    last: list[Year] = []

    def told() -> Iterator[Year]:
        for year in tell_each(county, seed, scale):
            last[:] = [year]
            yield year

    yield from _write_each(told(), folder, progress)
    if exercises is not None:
        write_exercises(Town(county, division(county).name, seed, tuple(last)), exercises)


def _write_each(
    years: Iterable[Year], folder: Path, progress: Callable[[str], None] | None
) -> Iterator[Workbook]:
    for year in years:
        for number, (title, sheets) in enumerate(_BOOKS.items(), start=1):
            path = folder / f"{year.day:%Y-%m-%d}-{number}-{title}.xlsx"
            if progress:
                progress(f"{year.label} {title}")
            write_book(path, {name: year.tables[name] for name in sheets})
            yield Workbook(path, year.day, f"{year.label} {title}")


def write_exercises(town: Town, folder: Path) -> list[Workbook]:
    """练习: one correct update of a later day, and files with every mistake, for a clerk to try."""
    return exercise_books(town, folder)


def outlines(county: str = "640324") -> dict[str, object]:
    """示意 township outlines as GeoJSON, drawn around approximate centres. Not a map of record."""
    return drawn_outlines(county)


def cast(county: str = "640324") -> list[dict[str, str]]:
    """演示账号: username, display_name, role, office, area_code, school_code (blank where it does not apply)."""
    return demo_cast(county)


def organisations(county: str = "640324") -> list[dict[str, Any]]:
    """演示县的责任单位: name, kind, aliases, parent and area, as `people.organisations.load_organisations` takes them."""
    return demo_organisations(county)


def plan_files(county: str = "640324") -> list[tuple[str, bytes]]:
    """计划文件: (file name, content) of the plan that this county has published; names of persons are replaced by 某."""
    name = f"{_PLANS[county]}.txt"
    return [(name, (Path(__file__).parent / "plans" / name).read_bytes())]
