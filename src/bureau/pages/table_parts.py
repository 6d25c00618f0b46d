"""表格的零件: columns as they are declared; headings, filter choices and lines as the template draws them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bureau.pages.cells import Cell, Kind, Row


@lru_cache(maxsize=4_096)
def _with_unit(heading: str, unit: str, _language: str | None) -> str:
    """Asked for every cell of a page."""
    return _("%(name)s（%(unit)s）") % {"name": heading, "unit": _(unit)}


@dataclass(frozen=True)
class Column:
    """一列. `field` is the key of the row (and, in a queryset, the field of the model).

    `sort` is the field to order by: "" means `field`, None means not sortable. `choices` makes a filter in the heading;
    it filters `lookup` (default `field`). `link` gives the address of the row's cell, `why` that of its explanation.
    `text` turns the value into words; `codes` is a code list as {code: name}. `digits` are those shown of a number.
    """

    field: str
    heading: str
    kind: Kind = "text"
    unit: str = ""
    sort: str | None = ""
    choices: Mapping[str, str] | None = None
    lookup: str = ""
    link: Callable[[Row], str] | None = None
    why: Callable[[Row], str] | None = None
    text: Callable[[Row], str] | None = None
    html: Callable[[Row], SafeString] | None = None  # how the page draws it; exports take `text`
    codes: Mapping[str, str] | None = None
    digits: int | None = None
    total: bool = False
    hidden: bool = False
    note: str = ""
    tint: Callable[[Row], str] | None = None  # a class for the cell: met, near, low, deep
    computed: bool = False  # not a field of the model: filled in after the page of rows is known

    @property
    def full_heading(self) -> str:
        """The heading with its unit, as it is exported."""
        return _with_unit(str(self.heading), self.unit, get_language()) if self.unit else str(self.heading)

    @property
    def sort_field(self) -> str | None:
        """What to order by, None when the column has no order."""
        return None if self.sort is None or (self.computed and not self.sort) else self.sort or self.field


@dataclass(frozen=True, slots=True)
class Bulk:
    """批量操作: a button for the selected rows; posts their ids as `ids` to the address."""

    label: str
    address: str
    danger: bool = False
    why_not: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter choice in a heading."""

    label: str
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as the template draws it."""

    column: Column
    direction: Literal["", "ascending", "descending"]
    sort_address: str
    up: str
    down: str
    choices: tuple[Choice, ...]
    clear: str

    @property
    def filtered(self) -> bool:
        """Whether a filter of this column is on."""
        return any(choice.chosen for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Line:
    """A row as the template draws it."""

    row: Row
    id: str
    address: str
    cells: tuple[Cell, ...]
