"""约定的表 (the agreed sheets): column name, Excel heading, type, may it be blank, what it means.

`SHEETS` are the registers of a county, in the order in which they depend on each other. `FACTS` is the flat table of
`junheng assess --facts`. `codes(name)` gives a code list as {code: name}.
"""

from junheng.tables.codes import code_names, codes
from junheng.tables.county_sheets import COUNTY, FACTS
from junheng.tables.model import Column, Kind, Sheet
from junheng.tables.outside_sheets import OUTSIDE
from junheng.tables.premises_sheet import PREMISES
from junheng.tables.school_sheets import CLASSES, RELIEFS, SCHOOLS
from junheng.tables.student_sheet import STUDENTS
from junheng.tables.teacher_sheet import TEACHERS

SHEETS: dict[str, Sheet] = {
    sheet.name: sheet for sheet in (SCHOOLS, PREMISES, CLASSES, STUDENTS, TEACHERS, RELIEFS, COUNTY)
}
BY_TITLE: dict[str, Sheet] = {sheet.title: sheet for sheet in (*SHEETS.values(), FACTS)}

__all__ = [
    "BY_TITLE",
    "CLASSES",
    "COUNTY",
    "FACTS",
    "OUTSIDE",
    "PREMISES",
    "RELIEFS",
    "SCHOOLS",
    "SHEETS",
    "STUDENTS",
    "TEACHERS",
    "Column",
    "Kind",
    "Sheet",
    "code_names",
    "codes",
]
