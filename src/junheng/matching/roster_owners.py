"""这一列是谁的: of the names, numbers, telephones and births of a register, whose each column is, told by headings, order and birth years.

What the headings leave open is decided by the numbers (who was born later is the child) and said in a sentence, so that a person can choose otherwise.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import median
from typing import Final

from junheng.intake.cells import narrow, shown
from junheng.intake.raw import Cell
from junheng.intake.safety import column_letter
from junheng.matching.heading_rows import Head
from junheng.matching.whose import CHILD, FATHER, GUARDIAN, MOTHER, OTHER

GENERATION: Final = 13  # years between the middle of two columns of numbers that make one the parents'
GUESS: Final = "没有别的依据"
_SURELY: Final = 2
_CHILDLIKE = re.compile("学生|儿童|孩子|子女|幼儿|婴儿|新生儿|孤儿|未成年|残疾人|毕业生")
_LATEST: Final = "30"  # nobody in these registers is a hundred years old
_CHILD_UNTIL: Final = 22  # full years from which a column of numbers is no children's


def birth_years(rows: Sequence[Sequence[Cell]], place: int) -> list[int]:
    """Years of birth in the numbers of a column."""
    answer = []
    for row in rows:
        if place < len(row) and row[place] != "" and (year := year_in(row[place])):
            answer.append(year)
    return answer


def year_in(cell: Cell) -> int:
    """The year of birth in an ID number however it is written; 0 when there is none."""
    digits = re.sub(r"[^0-9Xx]", "", f"{cell:.0f}" if isinstance(cell, float) else narrow(shown(cell)))
    if len(digits) >= 17 and 1900 <= int(digits[6:10].replace("X", "0").replace("x", "0")) <= 2100:
        return int(digits[6:10])
    if len(digits) != 15 or not digits.isdecimal():
        return 0
    return (1900 if digits[6:8] > _LATEST else 2000) + int(digits[6:8])


def owners_of(
    heads: Sequence[Head],
    years: Mapping[int, list[int]],
    rows: Sequence[Sequence[Cell]],
    assumed: list[str],
    day_year: int,
) -> dict[int, str]:
    """{place: whose it is} of every name, number, telephone, sex and birth date."""
    names = [head for head in heads if head.told.what == "name"]
    owner = {head.place: head.who for head in names if head.who}
    after = _numbers_after(heads)
    _bare_names(names, owner, after, years, assumed)
    _bare_numbers(heads, names, owner, years, rows, assumed, day_year)
    own = {what for head in heads if owner.get(head.place, head.who) == CHILD for what in [head.told.what]}
    before = ""
    for head in heads:
        if head.told.what == "name":
            before = owner.get(head.place, "")
        elif head.told.what == "phone":
            owner[head.place] = head.who or (OTHER if before == OTHER else "")
        elif head.told.what in ("sex", "born"):
            # 性别 right behind 监护人姓名 is the guardian's where the child has its own elsewhere.
            bare = [one for one in heads if one.told.what == head.told.what and not one.who]
            theirs = before not in ("", CHILD) and (head.told.what in own or len(bare) > 1)
            owner[head.place] = head.who or (before if theirs else CHILD)
        elif (
            head.told.what == "relation" and "户" not in head.written and before in (GUARDIAN, FATHER, MOTHER)
        ):
            # 关系 behind 监护人姓名 is how the guardian stands to the child.
            owner[head.place] = OTHER
    return owner


def _numbers_after(heads: Sequence[Head]) -> dict[int, int]:
    """{place of a name: place of the first number between it and the next name}."""
    answer: dict[int, int] = {}
    name: int | None = None
    for head in heads:
        if head.told.what == "name":
            name = head.place
        elif head.told.what in ("id", "card") and name is not None:
            answer.setdefault(name, head.place)
    return answer


def _bare_names(
    names: Sequence[Head],
    owner: dict[int, str],
    after: Mapping[int, int],
    years: Mapping[int, list[int]],
    assumed: list[str],
) -> None:
    """Of names that do not say whose: the child's is the one whose numbers are the youngest."""
    bare = [head for head in names if head.place not in owner]
    told = [head for head in names if owner.get(head.place) == CHILD]
    if not bare:
        return
    if len(bare) == 1 and not told:
        owner[bare[0].place] = CHILD
        return
    middle: dict[int, float] = {
        head.place: median(found)
        for head in (*bare, *told)
        if (found := years.get(after.get(head.place, -1)))
    }
    candidates = [*told, *bare]
    child, how = candidates[0], "标题写明了哪一列是孩子的"
    if decided := _youngest(candidates, middle):
        child, how = decided, "按号码中的出生年份，年龄小的是孩子"
    elif not told:
        how = f"标题没有说是谁的，{GUESS}，暂把第一列当作孩子"
    for head in candidates:
        if head is child:
            owner[head.place] = CHILD
        elif head in bare or child in bare:
            owner[head.place] = GUARDIAN if decided or child in told else OTHER
    listed = "、".join(f"{column_letter(head.place)} 列“{full_heading(head)}”" for head in candidates)
    assumed.append(
        f"有 {len(candidates)} 列像孩子的姓名（{listed}），取了{column_letter(child.place)} 列：{how}；不对请改选，或在标题里写明是谁的"
    )


def _youngest(heads: Sequence[Head], middle: Mapping[int, float]) -> Head | None:
    """The one column a generation younger than all others; None when the numbers tell no such."""
    if len(middle) < len(heads):
        return None
    one, *others = sorted(heads, key=lambda head: -middle[head.place])
    return one if all(middle[one.place] - middle[head.place] > GENERATION for head in others) else None


def by_rank(heads: Sequence[Head]) -> list[Head]:
    """学生姓名 beside 家庭成员姓名 is the child and the members are kin; beside 低保对象姓名 the members are who the list is about."""
    ranks = {_rank(head) for head in heads if head.told.what == "name" and head.who == CHILD}
    if len(ranks) < 2:
        return list(heads)
    best = max(ranks)
    return [replace(head, who="") if head.who == CHILD and _rank(head) < best else head for head in heads]


def _rank(head: Head) -> int:
    text = head.group + head.written
    return _SURELY if _CHILDLIKE.search(text) else 1 if "成员" in text else 0


def _bare_numbers(
    heads: Sequence[Head],
    names: Sequence[Head],
    owner: dict[int, str],
    years: Mapping[int, list[int]],
    rows: Sequence[Sequence[Cell]],
    assumed: list[str],
    day_year: int,
) -> None:
    """A number that does not say whose belongs to the name before it; where that leaves the child without one, the birth years decide."""
    bare: list[tuple[Head, str]] = []
    numbered = {head.who for head in heads if head.told.what == "id" and head.who}
    before = owner.get(names[0].place, "") if names else CHILD
    for head in heads:
        if head.told.what == "name":
            before = owner.get(head.place, "")
        elif head.told.what in ("id", "card"):
            if head.who:
                owner[head.place] = head.who
            elif head.told.what == "card":
                owner[head.place] = CHILD
            else:
                bare.append((head, before))
    if not bare:
        return
    childs = [head for head, who in bare if who == CHILD]
    free = [head for head, who in bare if who not in numbered]
    for head, who in bare:
        owner[head.place] = who
    if childs or CHILD in numbered:
        return
    # 姓名 | 监护人姓名 | 身份证号: the child's own number or the guardian's; the child's where the guardian's stands elsewhere.
    head = max(
        free or [head for head, _ in bare],
        key=lambda one: median(years[one.place]) if years.get(one.place) else 0,
    )
    whose = _by_years(head, heads, owner, years, rows, day_year)
    spot = f"{column_letter(head.place)} 列“{full_heading(head)}”写在监护人（户主）后面，没有说是谁的"
    if whose == CHILD:
        owner[head.place] = CHILD
        assumed.append(
            f"{spot}；号码中的出生年份是孩子的年纪，当作孩子的号码；不对请改选，或在标题里写明是谁的"
        )
    elif whose:
        assumed.append(
            f"{spot}；号码中的出生年份是大人的年纪，当作监护人的号码，名单上没有孩子的身份证号；不对请改选，或在标题里写明是谁的"
        )
    else:
        owner[head.place] = CHILD
        if not free:
            return
        assumed.append(f"{spot}，{GUESS}，暂当作孩子的号码；不对请改选，或在标题里写明是谁的")


def _by_years(
    head: Head,
    heads: Sequence[Head],
    owner: Mapping[int, str],
    years: Mapping[int, list[int]],
    rows: Sequence[Sequence[Cell]],
    day_year: int,
) -> str:
    """CHILD, GUARDIAN, or "" when the numbers do not tell."""
    found = years.get(head.place)
    if not found:
        return ""
    inside = median(found)
    births = next((one for one in heads if one.told.what == "born" and one.who in ("", CHILD)), None)
    written = [year for row in rows if births and births.place < len(row) and (year := _birth_year(row[births.place]))]  # fmt: skip
    if written:
        return GUARDIAN if median(written) - inside > GENERATION else CHILD
    if day_year:
        return GUARDIAN if day_year - inside >= _CHILD_UNTIL else CHILD
    return ""


def _birth_year(cell: Cell) -> int:
    text = narrow(shown(cell))
    found = re.match(r"(19|20)\d\d", text)
    if not found and (serial := re.fullmatch(r"(\d{5})(\.0)?", text)):
        return 1900 + int(int(serial[1]) / 365.25)
    return int(found[0]) if found else 0


def full_heading(head: Head) -> str:
    """With the group above it."""
    return f"{head.group} {head.written}".strip()
