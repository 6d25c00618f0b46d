"""年龄: school age as the school year counts it, and who on a list of households is past school. Pure."""

from datetime import date

GROWN = 22  # full years from which a line of a household list is nobody's pupil


def school_years_of_age(born: date | None, day: date) -> int | None:
    """学年年龄: full years on 31 August before (or on) which the school year of `day` begins."""
    if born is None:
        return None
    year = day.year if day.month >= 9 else day.year - 1
    return year - born.year - ((born.month, born.day) > (8, 31))


def full_years(born: date | None, day: date) -> int | None:
    """周岁 on the day."""
    return None if born is None else day.year - born.year - ((born.month, born.day) > (day.month, day.day))


_PARENTS = frozenset(("户主", "本人", "配偶", "妻", "丈夫", "夫", "父亲", "母亲", "父", "母", "祖父", "祖母", "岳父", "岳母", "公公", "婆婆", "儿媳", "女婿"))  # fmt: skip


def is_grown(
    *, given: date | None, inside: date | None, relation: str, mostly_grown: bool, day: date
) -> bool:
    """成年成员: whether a line is of somebody past school, and not of a child in whose place a parent's number was typed.

    `given` is the birth date column, `inside` the one in the number, `mostly_grown` whether a good part of the file is of adults (a list of whole
    households).
    """
    if given is not None:
        years = full_years(given, day)
        return years is not None and years >= GROWN
    years = full_years(inside, day)
    return years is not None and years >= GROWN and (mostly_grown or relation.strip() in _PARENTS)
