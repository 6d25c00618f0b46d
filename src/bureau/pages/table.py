"""表格: the one table of the site. Columns are declared; sort, filter, search and paging come from the address.

    COLUMNS = (Column("school_name", "学校", link=…), Column("students", "在校生", kind="number", unit="人", total=True))
    table = Table(request, "schools", COLUMNS, rows, search=by_name, order="pinyin", what="所学校")
    if table.wants_export: return export(request, table, …)

`rows` is a queryset (asked with `values()`) or a list of mappings; either way the address means the same.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet, Sum

from bureau.pages.cells import Cell, Row, cell
from bureau.pages.remember import remembered
from bureau.pages.table_address import Address
from bureau.pages.table_parts import Bulk, Column, Line
from bureau.pages.table_rows import Wish, all_rows, from_list, from_query, rows_between

__all__ = ["Bulk", "Column", "Line", "Table"]

PAGE_SIZE = 50
FEW = 500
Rows = QuerySet[Any, Any] | Sequence[Row]


@dataclass
class Table(Address):
    """表格 for one request. `what` counts the rows (所学校); `empty` says why there are none and what to do."""

    rows: Rows
    what: str = ""
    search_hint: str = ""
    order: str = ""  # the usual order: fields joined by commas
    row_link: Callable[[Row], str] | None = None
    row_id: str = "id"
    extra: Sequence[str] = ()  # fields fetched but not shown
    fill: Callable[[list[dict[str, Any]]], None] | None = None  # completes the rows of one page, in place
    empty: str = ""
    bulk: Sequence[Bulk] = ()
    page_size: int = PAGE_SIZE
    caption: str = ""
    version: str = ""  # of the register: counts are remembered until it changes; "" counts each time

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
        if self._first_keys is not None and len(self._first_keys) <= FEW:
            return len(self._first_keys)
        if isinstance(self.found, QuerySet):
            rows = self.found.order_by()
            try:
                return int(remembered(self.version, f"count {rows.values('pk').query}", rows.count))
            except EmptyResultSet:
                # Conditions that nothing can meet have no query to remember the count by.
                return 0
        return len(self.found)

    @cached_property
    def _first_keys(self) -> Sequence[Any] | None:
        """The first keys, in order, of what a filter, a search or another order makes of a register: its index is read once, and where
        few are found they are counted by it. One key more than `FEW` says that there are others.
        """
        asked = self.chosen or self.query or self.sort
        if not (self.version and asked) or not isinstance(self.found, QuerySet):
            return None
        rows = self.found.values_list("pk", flat=True)[: FEW + 1]
        try:
            return remembered(self.version, f"keys {rows.query}", lambda: list(rows))
        except EmptyResultSet:
            return ()

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
            keys = self._first_keys
            if keys is not None and len(keys) > FEW and (stop is None or stop > FEW):
                keys = None
            rows = rows_between(self.found, self._fields(), start, stop, keys)
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
