"""小数隐去: which groups and figures of a count are not shown, so that neither a cell nor a difference of cells names a few people. Pure."""

from collections.abc import Collection, Mapping


def suppressed(counts: Mapping[str, int], small: int) -> dict[str, int | None]:
    """隐去 of one table beside its total: counts above 0 and below `small` are None, and others until the total tells nothing of them."""
    hidden = hidden_groups(counts, small)
    return {key: None if key in hidden else count for key, count in counts.items()}


def hidden_groups(
    counts: Mapping[str, int], small: int, parents: Mapping[str, str] | None = None
) -> frozenset[str]:
    """不显示的分组. With `parents` (school → township) the table of the parents may be looked at as well.

    A hidden parent hides all its groups, and within a parent that is shown its own groups are hidden as beside a total.
    """
    if small <= 1:
        return frozenset()
    if parents is None:
        return _beside_total(counts, small)
    above: dict[str, dict[str, int]] = {}
    for key, count in counts.items():
        above.setdefault(parents.get(key, ""), {})[key] = count
    closed = _beside_total({parent: sum(part.values()) for parent, part in above.items()}, small)
    hidden: set[str] = set()
    for parent, part in above.items():
        filled = {key for key, count in part.items() if count > 0}
        hidden |= filled if parent in closed else _beside_total(part, small)
    return frozenset(hidden)


def telling(numbers: Collection[float | None], small: int) -> bool:
    """是否有小数: whether any of a row's numbers is above 0 and below `small`; then only its stand is shown."""
    return small > 1 and any(number is not None and 0 < number < small for number in numbers)


def _beside_total(counts: Mapping[str, int], small: int) -> frozenset[str]:
    """Those below `small`, and the next smallest while the hidden ones are a single one or together too few."""
    hidden = {key for key, count in counts.items() if 0 < count < small}
    others = sorted((count, key) for key, count in counts.items() if count > 0 and key not in hidden)
    for _count, key in others:
        if not hidden or (len(hidden) > 1 and sum(counts[one] for one in hidden) >= small):
            break
        hidden.add(key)
    return frozenset(hidden)
