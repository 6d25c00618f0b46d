"""表格的行: what an address asks of the rows, for a queryset and for mappings at hand; the same answer from both."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet

from bureau.pages.cells import Row


@dataclass(frozen=True, slots=True)
class Wish:
    """要求: what is searched for, {field: chosen values}, the chosen order ("" = none) and the usual order after it."""

    query: str
    filters: Mapping[str, Sequence[str]]
    sort: str
    usual: tuple[str, ...]


def from_query(
    rows: QuerySet[Any, Any], wish: Wish, search: Callable[[str], Q] | Sequence[str] | None
) -> QuerySet[Any, Any]:
    """The rows of a queryset, in order; `search` is a condition or the names of text fields."""
    if wish.query and search is not None:
        rows = rows.filter(search(wish.query) if callable(search) else _in_any(search, wish.query))
    for field, values in wish.filters.items():
        rows = rows.filter(_one_of(field, values))
    never_blank = {field.attname for field in rows.model._meta.concrete_fields if not field.null}
    names = [name for name in (wish.sort, *wish.usual) if name]
    # An index gives the order only where the database is not asked to put blanks last that cannot be.
    order = [name if name.removeprefix("-") in never_blank else _ordered(name) for name in names]
    return rows.order_by(*order, *(() if names[-1:] == ["id"] else ("pk",)))


def from_list(
    rows: Sequence[Row], wish: Wish, names: Sequence[str], match: Callable[[str, Row], bool] | None
) -> Sequence[Row]:
    """The rows at hand, in order; `match` says what a search finds, else the text fields `names`."""
    found = list(rows)
    if wish.query and match:
        found = [row for row in found if match(wish.query, row)]
    elif wish.query and names:
        text = wish.query.casefold()
        found = [row for row in found if any(text in str(row.get(name) or "").casefold() for name in names)]
    for field, values in wish.filters.items():
        found = [row for row in found if str("" if row.get(field) is None else row[field]) in values]
    for order in (*reversed(wish.usual), wish.sort):
        if order:
            key = order.removeprefix("-")
            known = [row for row in found if row.get(key) is not None]
            known.sort(key=lambda row: row[key], reverse=order.startswith("-"))
            found = known + [row for row in found if row.get(key) is None]
    return found


def rows_between(
    found: QuerySet[Any, Any],
    fields: Sequence[str],
    start: int,
    stop: int | None,
    keys: Sequence[Any] | None = None,
) -> list[dict[str, Any]]:
    """Part of the rows as mappings; `keys` are those of all rows in order, where they are at hand."""
    if keys is not None:
        return _rows_with(found, fields, keys[start:stop])
    if not start:
        return list(found.values(*fields)[:stop])
    # Far down the list only keys are skipped, which an index alone can do, not whole rows.
    return _rows_with(found, fields, list(found.values_list("pk", flat=True)[start:stop]))


def all_rows(found: QuerySet[Any, Any], fields: Sequence[str], size: int) -> Iterator[list[dict[str, Any]]]:
    """All rows as mappings, in lists of at most `size`; found and put in order once."""
    keys = list(found.values_list("pk", flat=True))
    for start in range(0, len(keys), size):
        yield _rows_with(found, fields, keys[start : start + size])


def _rows_with(found: QuerySet[Any, Any], fields: Sequence[str], keys: Sequence[Any]) -> list[dict[str, Any]]:
    own = {field.attname for field in found.model._meta.concrete_fields}
    # Without the list's conditions the rows are fetched by key; annotations need them.
    base = found.model._default_manager.all() if own.issuperset(fields) else found.order_by()
    rows = {row["pk"]: row for row in base.filter(pk__in=keys).values("pk", *fields)}
    return [rows[key] for key in keys if key in rows]


def _in_any(names: Sequence[str], text: str) -> Q:
    condition = Q()
    for name in names:
        condition |= Q(**{f"{name}__icontains": text})
    return condition


def _one_of(field: str, values: Sequence[str]) -> Q:
    """Any of the chosen values; "" stands for 未报."""
    condition = Q(**{f"{field}__in": [value for value in values if value]})
    return condition | Q(**{f"{field}__isnull": True}) if "" in values else condition


def _ordered(order: str) -> Any:
    """Blanks last in both directions and on both databases."""
    field = F(order.removeprefix("-"))
    return field.desc(nulls_last=True) if order.startswith("-") else field.asc(nulls_last=True)
