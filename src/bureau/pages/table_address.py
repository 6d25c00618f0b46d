"""表格的地址: what the address of a page says of its table, and the addresses that say something else.

Columns shown and how close rows stand are remembered with the session; all else is in the address alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from bureau.pages.cells import Row, said
from bureau.pages.table_parts import Choice, Column, Heading


@dataclass
class Address:
    """地址 of one request as a table of these columns reads it; names in it begin with `prefix`."""

    request: HttpRequest
    name: str
    columns: Sequence[Column]
    search: Callable[[str], Q] | Sequence[str] | None = field(default=None, kw_only=True)
    match: Callable[[str, Row], bool] | None = field(default=None, kw_only=True)  # search in rows at hand
    prefix: str = field(default="", kw_only=True)
    can_export: bool = field(default=True, kw_only=True)

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
