"""名单里的个人信息: sealed values are opened only to be masked, for the rows of one page."""

from collections.abc import Callable, Mapping
from typing import Any

from bureau.pages.context import Page
from bureau.people.secret import UnreadableError, mask_id, mask_phone, unseal


def opened(value: bytes | memoryview | None) -> str:
    """A sealed value in clear; one that cannot be opened says so instead of failing the page."""
    if not value:
        return ""
    try:
        return unseal(value)
    except UnreadableError:
        return "？"


def masked(rows: list[dict[str, Any]], *, ids: tuple[str, ...] = (), phones: tuple[str, ...] = ()) -> None:
    """Replace sealed values by their masks, in place."""
    for row in rows:
        for name in ids:
            if name in row:
                row[name] = mask_id(opened(row[name])) or None
        for name in phones:
            if name in row:
                row[name] = mask_phone(opened(row[name])) or None


def school_names(here: Page) -> Mapping[str, str]:
    """{school code: name} of the schools in scope, in the order of their names."""
    return dict(here.schools().order_by("pinyin").values_list("school_code", "school_name"))


def with_school(names: Mapping[str, str]) -> Callable[[list[dict[str, Any]]], None]:
    """Fills `school_name` beside `school_code`."""

    def fill(rows: list[dict[str, Any]]) -> None:
        for row in rows:
            row["school_name"] = names.get(row["school_code"], row["school_code"])

    return fill
