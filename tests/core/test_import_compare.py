"""三方比对: the fast comparison beside a plain one, and differences that come back from their file as they were kept."""

from collections.abc import Sequence

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from bureau.registry import staged_file
from bureau.registry.compare import Change, Difference, Values, differences, three_way

cells = st.one_of(
    st.none(), st.booleans(), st.integers(0, 2), st.floats(0, 2), st.sampled_from(["", "甲", "乙"])
)
rows = st.lists(cells, min_size=4, max_size=4).map(tuple)


def plainly(base: Values, mine: Values, theirs: Values) -> tuple[Change, ...]:
    """Field by field: the file's value counts where it is neither what the clerk saw nor what stands there now."""
    changes = []
    for column in range(len(mine)):
        if mine[column] != base[column] and mine[column] != theirs[column]:
            changes.append(Change(column, base[column], mine[column], theirs[column]))
    return tuple(changes)


@given(rows, rows, rows)
def test_three_versions_of_a_row(base: Values, mine: Values, theirs: Values) -> None:
    assert three_way(base, mine, theirs) == plainly(base, mine, theirs)
    assert three_way(theirs, mine, theirs) == plainly(theirs, mine, theirs)


@given(
    st.dictionaries(st.sampled_from("abcde"), rows),
    st.dictionaries(st.sampled_from("abcde"), rows),
    st.booleans(),
)
def test_every_row_of_the_file_and_of_the_register_has_one_difference(
    file: dict[str, Values], register: dict[str, Values], complete: bool
) -> None:
    current = [(number, key, values) for number, (key, values) in enumerate(register.items())]
    found = list(differences(list(file), list(file.values()), current, bases={}, complete=complete))
    kinds = {one.key: one.kind for one in found}
    assert len(kinds) == len(found)
    for key in {*file, *register}:
        if key not in register:
            expected: str | None = "new"
        elif key not in file:
            expected = "missing" if complete else None
        else:
            expected = "unchanged" if file[key] == register[key] else "changed"
        assert kinds.get(key) == expected


def kept(found: Sequence[Difference]) -> list[tuple[object, ...]]:
    return [
        (one.kind, one.index, one.key, one.current, [(field.column, field.contested) for field in one.fields])
        for one in found
        if one.kind != "unchanged"
    ]


def test_differences_come_back_as_they_were_kept(
    tmp_path: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)
    staged_file.folder(1).mkdir(parents=True)
    changed = (Change(0, "甲", "乙", "甲"), Change(3, 1, 2, 1))
    found = [
        Difference("new", 0, "a", None),
        Difference("changed", 1, "b", 7, changed),
        Difference("changed", 2, "c", 8, changed),
        Difference("conflict", 3, "d", 9, (Change(3, 1, 2, 5),)),
        Difference("unchanged", 4, "e", 10),
        Difference("missing", None, "f", 11),
    ]
    staged_file.keep_differences(1, {"students": found})
    assert kept(staged_file.load_differences(1)["students"]) == kept(found)
