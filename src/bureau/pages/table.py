"""表格: the one table of the site. Columns are declared; sort, filter, search and paging come from the address.

    COLUMNS = (Column("school_name", "学校", link=…), Column("students", "在校生", kind="number", unit="人", total=True))
    table = Table(request, "schools", COLUMNS, rows, search=by_name, order="pinyin", what="所学校")
    if table.wants_export: return export(request, table, …)

`rows` is a queryset (asked with `values()`) or a list of mappings; either way the address means the same.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import EmptyResultSet
from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest
from django.utils.translation import gettext as _

from bureau.pages.cells import Cell, Row, cell, said
from bureau.pages.remember import remembered
from bureau.pages.table_parts import Bulk, Choice, Column, Heading, Line
from bureau.pages.table_rows import Wish, all_rows, from_list, from_query, rows_between

__all__ = ["Bulk", "Column", "Line", "Table"]

PAGE_SIZE = 50
Rows = QuerySet[Any, Any] | Sequence[Row]


@dataclass
class Table:
    """表格 for one request. `what` counts the rows (所学校); `empty` says why there are none and what to do."""

    request: HttpRequest
    name: str
    columns: Sequence[Column]
    rows: Rows
    what: str = ""
    search: Callable[[str], Q] | Sequence[str] | None = None
    match: Callable[[str, Row], bool] | None = None  # search in rows at hand
    search_hint: str = ""
    order: str = ""  # the usual order: fields joined by commas
    prefix: str = ""
    row_link: Callable[[Row], str] | None = None
    row_id: str = "id"
    extra: Sequence[str] = ()  # fields fetched but not shown
    fill: Callable[[list[dict[str, Any]]], None] | None = None  # completes the rows of one page, in place
    empty: str = ""
    bulk: Sequence[Bulk] = ()
    can_export: bool = True
    page_size: int = PAGE_SIZE
    caption: str = ""
    version: str = ""  # of the register: counts are remembered until it changes; "" counts each time

    # --- what the address says -------------------------------------------------------------------------------

    def _key(self, name: str) -> str:
        return f"{self.prefix}{name}"

    def get(self, name: str) -> str:
        """A value of the address that belongs to this table."""
        return self.request.GET.get(self._key(name), "").strip()

    @property
    def can_search(self) -> bool:
        """Whether the table has a search box."""
        return self.search is not None or self.match is not None

    @property
    def query(self) -> str:
        """What is searched for."""
        return self.get("q")

    @cached_property
    def sort(self) -> str:
        """The chosen order: a column's field, with "-" for descending; "" when none is chosen."""
        asked = self.get("sort")
        known = {column.field for column in self.columns if column.sort_field}
        return asked if asked.removeprefix("-") in known else ""

    @cached_property
    def chosen(self) -> dict[str, list[str]]:
        """{column field: chosen values} of the filters that are on."""
        found = {}
        for column in self.columns:
            values = self.request.GET.getlist(self._key(column.field))
            if column.choices is not None and (values := [v for v in values if v in column.choices]):
                found[column.field] = values
        return found

    @cached_property
    def shown(self) -> tuple[Column, ...]:
        """The columns to show: those of the address, else the remembered ones, else all that are not hidden."""
        names = self._remembered("columns", self.request.GET.getlist(self._key("columns")))
        wanted = [column for column in self.columns if column.field in names]
        return tuple(wanted or [column for column in self.columns if not column.hidden])

    @cached_property
    def dense(self) -> bool:
        """Whether rows are drawn close together."""
        asked = self.get("density")
        return "compact" in self._remembered("density", [asked] if asked in ("compact", "normal") else [])

    def _remembered(self, what: str, asked: Sequence[str]) -> Sequence[str]:
        session = getattr(self.request, "session", None)
        kept: dict[str, list[str]] = session.get("tables", {}) if session is not None else {}
        key = what if what == "density" else f"{self.name}.{what}"
        if asked and session is not None and list(asked) != kept.get(key):
            session["tables"] = {**kept, key: list(asked)}
        return list(asked) or kept.get(key, [])

    @property
    def wants_export(self) -> bool:
        """Whether the address asks for the Excel file."""
        return self.can_export and self.get("format") == "xlsx"

    # --- addresses -------------------------------------------------------------------------------------------

    def address(self, changes: Mapping[str, Sequence[str] | str | None], *, keep_page: bool = False) -> str:
        """This page with parts of its query changed; None removes. Paging starts again unless kept."""
        gone = {self._key("format")} | {self._key(name) for name in changes}
        if not keep_page:
            gone.add(self._key("page"))
        query = [(key, value) for key, value in self._asked if key not in gone]
        for name, value in changes.items():
            if isinstance(value, str):
                query.append((self._key(name), value))
            elif value is not None:
                query += [(self._key(name), one) for one in value]
        return f"{self.request.path}?{urlencode(query)}" if query else self.request.path

    @cached_property
    def _asked(self) -> list[tuple[str, str]]:
        return [(key, value) for key, values in self.request.GET.lists() for value in values]

    @property
    def export_address(self) -> str:
        """The Excel file of exactly what is shown."""
        return self.address({"format": "xlsx"})

    @property
    def clear_address(self) -> str:
        """Without filters and search."""
        return self.address({"q": None, **dict.fromkeys(self.chosen)})

    @property
    def is_filtered(self) -> bool:
        """Whether a filter or a search is on."""
        return bool(self.chosen or self.query)

    @cached_property
    def hidden_inputs(self) -> list[tuple[str, str]]:
        """What the search form must carry along."""
        gone = {self._key(name) for name in ("q", "page", "format")}
        return [
            (key, value) for key, values in self.request.GET.lists() if key not in gone for value in values
        ]

    @cached_property
    def column_inputs(self) -> list[tuple[str, str]]:
        """What the column chooser must carry along."""
        gone = {self._key(name) for name in ("columns", "density", "page", "format")}
        return [
            (key, value) for key, values in self.request.GET.lists() if key not in gone for value in values
        ]

    @cached_property
    def headings(self) -> list[Heading]:
        """The headings of the shown columns."""
        return [self._heading(column) for column in self.shown]

    def _heading(self, column: Column) -> Heading:
        on = self.sort.removeprefix("-") == column.field
        descending = on and self.sort.startswith("-")
        first = f"-{column.field}" if column.kind == "number" else column.field
        other = column.field if self.sort == f"-{column.field}" else f"-{column.field}"
        chosen = self.chosen.get(column.field, [])
        choices = tuple(
            Choice(
                said(label),
                self.address({column.field: [v for v in [*chosen, code] if v != code or code not in chosen]}),
                code in chosen,
            )
            for code, label in (column.choices or {}).items()
        )
        sortable = column.sort_field is not None
        return Heading(
            column,
            "" if not on else "descending" if descending else "ascending",
            self.address({"sort": other if on else first}) if sortable else "",
            self.address({"sort": column.field}) if sortable else "",
            self.address({"sort": f"-{column.field}"}) if sortable else "",
            choices,
            self.address({column.field: None}),
        )

    @cached_property
    def active(self) -> list[tuple[str, str]]:
        """The filters that are on as (sentence, address without it)."""
        found = [
            (
                _("%(name)s：%(values)s")
                % {
                    "name": column.heading,
                    "values": _("、").join(said((column.choices or {})[v]) for v in values),
                },
                self.address({name: None}),
            )
            for name, values in self.chosen.items()
            for column in self.columns
            if column.field == name
        ]
        if self.query:
            found.insert(0, (_("搜索“%(text)s”") % {"text": self.query}, self.address({"q": None})))
        return found

    # --- rows ------------------------------------------------------------------------------------------------

    @cached_property
    def found(self) -> Rows:
        """All rows after search and filters, in order."""
        if isinstance(self.rows, QuerySet):
            return from_query(self.rows, self._wish, self.search)
        names = () if self.search is None or callable(self.search) else self.search
        return from_list(self.rows, self._wish, names, self.match)

    @cached_property
    def _wish(self) -> Wish:
        fields = {column.field: column for column in self.columns}
        sort = ""
        if self.sort:
            sign = "-" if self.sort.startswith("-") else ""
            sort = f"{sign}{fields[self.sort.removeprefix('-')].sort_field}"
        filters = {fields[name].lookup or name: values for name, values in self.chosen.items()}
        return Wish(self.query, filters, sort, tuple(name for name in self.order.split(",") if name))

    @cached_property
    def count(self) -> int:
        """How many rows there are after search and filters."""
        if isinstance(self.found, QuerySet):
            rows = self.found.order_by()
            try:
                return int(remembered(self.version, f"count {rows.values('pk').query}", rows.count))
            except EmptyResultSet:
                # Conditions that nothing can meet have no query to remember the count by.
                return 0
        return len(self.found)

    @cached_property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.count // self.page_size))

    @cached_property
    def number(self) -> int:
        """The page shown, from 1."""
        asked = self.get("page")
        return min(self.pages, max(1, int(asked))) if asked.isdigit() and len(asked) < 9 else 1

    @property
    def first(self) -> int:
        """The number of the first row shown."""
        return (self.number - 1) * self.page_size + 1 if self.count else 0

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return min(self.count, self.number * self.page_size)

    @property
    def previous(self) -> str:
        """The address of the page before, or ""."""
        return self.address({"page": str(self.number - 1)}) if self.number > 1 else ""

    @property
    def next(self) -> str:
        """The address of the page after, or ""."""
        return self.address({"page": str(self.number + 1)}) if self.number < self.pages else ""

    @cached_property
    def page_links(self) -> list[tuple[int, str]]:
        """A few page numbers around the one shown; 0 stands for a gap."""
        near = sorted(
            {1, self.pages, *range(self.number - 2, self.number + 3)} & set(range(1, self.pages + 1))
        )
        links: list[tuple[int, str]] = []
        for number in near:
            if links and number - links[-1][0] > 1:
                links.append((0, ""))
            links.append((number, self.address({"page": str(number)})))
        return links

    def fetch(self, start: int = 0, stop: int | None = None) -> list[dict[str, Any]]:
        """Rows of the result as mappings, completed by `fill`."""
        if isinstance(self.found, QuerySet):
            rows = rows_between(self.found, self._fields(), start, stop)
        else:
            rows = [dict(row) for row in self.found[start:stop]]
        if self.fill:
            self.fill(rows)
        return rows

    def parts(self, size: int) -> Iterator[list[dict[str, Any]]]:
        """All rows of the result, as `fetch` gives them, in lists of at most `size`."""
        if isinstance(self.found, QuerySet):
            parts: Iterable[list[dict[str, Any]]] = all_rows(self.found, self._fields(), size)
        else:
            rows = [dict(row) for row in self.found]
            parts = (rows[start : start + size] for start in range(0, len(rows), size))
        for part in parts:
            if self.fill:
                self.fill(part)
            yield part

    def _fields(self) -> list[str]:
        names = [self.row_id, *self.extra, *(column.field for column in self.shown if not column.computed)]
        return list(dict.fromkeys(names))

    @cached_property
    def lines(self) -> list[Line]:
        """The rows of the page shown."""
        start = (self.number - 1) * self.page_size
        rows = self.fetch(start, start + self.page_size)
        return [
            Line(
                row,
                str(row.get(self.row_id, "")),
                self.row_link(row) if self.row_link else "",
                tuple(cell(column, row) for column in self.shown),
            )
            for row in rows
        ]

    @cached_property
    def totals(self) -> tuple[Cell, ...]:
        """合计 over all rows found, not only the page; () when no shown column adds up."""
        names = [column.field for column in self.shown if column.total]
        if not names or not self.count:
            return ()
        if isinstance(self.found, QuerySet):
            sums: dict[str, Any] = self.found.order_by().aggregate(
                **{f"sum_{name}": Sum(name) for name in names}
            )
            row = {name: sums[f"sum_{name}"] for name in names}
        else:
            reported = {name: [r[name] for r in self.found if r.get(name) is not None] for name in names}
            row = {name: sum(values) if values else None for name, values in reported.items()}
        return tuple(
            cell(column, row, plain=True) if column.total else Cell("", "text", column)
            for column in self.shown
        )

    @property
    def describe(self) -> str:
        """What is shown, as a sentence for the export and the log."""
        return "；".join(sentence for sentence, _address in self.active)
