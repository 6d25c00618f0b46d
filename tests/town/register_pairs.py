"""两份登记及其答案: a school register and another office's, line by line, with which line is which child.

`python -m town.register_pairs civil dirty 7 OUT` writes 学籍.csv, 名册.csv and 答案.csv.
"""

import csv
import sys
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from town.register_damage import COLUMNS, OFFICES, UNSEEN, Line, school_line
from town.register_people import households

HEADINGS = (
    "行号",
    "姓名",
    "身份证号",
    "性别",
    "出生日期",
    "县区",
    "乡镇",
    "村",
    "监护人姓名",
    "监护人身份证号",
    "联系电话",
)
RATES = {"clean": 0.3, "typical": 1.0, "dirty": 3.0}


@dataclass(slots=True)
class Pairs:
    """`left` and `right` lines without 行号; line n is number n + 1. `truth` is each right line's left position, −1 for none.

    `lone_twins` are the right positions of children whose twin is in school and who are not.
    """

    left: list[Line] = field(default_factory=list)
    right: list[Line] = field(default_factory=list)
    truth: list[int] = field(default_factory=list)
    lone_twins: list[int] = field(default_factory=list)

    def columns(self, side: str) -> dict[str, list[str | None]]:
        """As `junheng.matching` takes them."""
        lines = self.left if side == "left" else self.right
        return {name: [line[name] or None for line in lines] for name in COLUMNS}


def registers(
    office: str = "civil", level: str = "typical", seed: int = 1, *, pupils: int = 70_000, listed: int = 12_000, counties: int = 1,
    thin: bool = False, missing: float = 0.08, lone: float = 0.25, doubled: float = 0.002,
) -> Pairs:  # fmt: skip
    """Two registers of `counties` counties together `pupils` in school and `listed` on the other list, `missing` of which are not in school."""
    made = Pairs()
    chance = Random(f"{office}/{level}/{seed}")
    makers = OFFICES | UNSEEN
    desk = makers[office](chance, RATES[level])
    poor = listed / pupils * 1.02
    left: list[tuple[float, Line]] = []
    right: list[tuple[float, Line, int, bool]] = []
    for county in range(counties):
        for home in households(county + seed % 20, pupils // counties, seed):
            is_poor = chance.random() < poor
            for child in home.children:
                absent = is_poor and chance.random() < missing
                unlisted = not is_poor or chance.random() < 0.02
                if is_poor and child.twin and chance.random() < lone:
                    # One of the two is on the list and not in school, the other in school and not on the list.
                    absent = child is next(one for one in home.children if one.born == child.born)
                    unlisted = not absent
                place = -1
                if not absent:
                    place = len(left)
                    left.append((chance.random(), school_line(chance, child, RATES[level] ** 0.5)))
                if not unlisted:
                    alone = (
                        absent
                        and bool(child.twin)
                        and any(other.born == child.born and other is not child for other in home.children)
                    )
                    for _ in range(2 if chance.random() < doubled else 1):
                        right.append((chance.random(), desk.line(home, child), place, alone))
    order = sorted(range(len(left)), key=lambda at: left[at][0])
    new = {old: at for at, old in enumerate(order)}
    made.left = [left[old][1] for old in order]
    right.sort(key=lambda one: one[0])
    for at, (_, line, place, alone) in enumerate(right):
        made.right.append(line)
        made.truth.append(new.get(place, -1))
        if alone:
            made.lone_twins.append(at)
    if thin:
        for line in (*made.left, *made.right):
            line["guardians"] = line["guardian_ids"] = line["phone"] = ""
    return made


def write(made: Pairs, folder: Path) -> None:
    """学籍.csv, 名册.csv (as `junheng match` takes them) and 答案.csv (行号, 左行号)."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in (("学籍.csv", made.left), ("名册.csv", made.right)):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADINGS)
            writer.writerows(
                [at, *(line[column] for column in COLUMNS)] for at, line in enumerate(lines, start=1)
            )
    with (folder / "答案.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("行号", "左行号", "单列的双胞胎"))
        twins = set(made.lone_twins)
        writer.writerows(
            (at + 1, place + 1 if place >= 0 else "", int(at in twins)) for at, place in enumerate(made.truth)
        )


if __name__ == "__main__":
    write(registers(sys.argv[1], sys.argv[2], int(sys.argv[3])), Path(sys.argv[4]))
