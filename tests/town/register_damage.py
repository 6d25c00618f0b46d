"""登记的走样: how a child's line in another office's register comes to differ from its papers. Several ways, independent of each other.

Each way is a class of its own with its own habits; `typical` and `dirty` say how often. `OFFICES` are used to fit the weights,
`UNSEEN` never are.
"""

from collections.abc import Callable
from datetime import date
from random import Random

from pypinyin import lazy_pinyin

from town.identity import check_digit
from town.register_anyhow import Anyhow
from town.register_corrected import Corrected
from town.register_people import LONG, Child, Household, given_name
from town.register_slipped import Slipped
from town.register_slips import (
    COLUMNS,
    TRADITIONAL,
    Line,
    Office,
    homophone,
    lookalike,
    lunar_of,
    one_digit,
    scientific,
    swapped,
    truth_line,
)  # fmt: skip
from town.register_unseen import Moved, Scanned

__all__ = ["COLUMNS", "OFFICES", "UNSEEN", "Line", "Office", "school_line", "scientific", "truth_line"]


class Civil(Office):
    """民政：a clerk types from paper: digits and characters go wrong, cells stay empty, the other parent is asked."""

    def line(self, home: Household, child: Child) -> Line:
        line, chance = truth_line(child), self.chance
        if self.hit(0.03):
            line["id"] = one_digit(chance, line["id"])
        elif self.hit(0.012):
            line["id"] = swapped(chance, line["id"])
        elif self.hit(0.006):
            at = chance.randrange(18)
            line["id"] = line["id"][:at] + line["id"][at + 1 :]
        elif self.hit(0.035):
            line["id"] = ""
        elif self.hit(0.008):
            line["id"] = chance.choice(child.guardian_ids)
        if self.hit(0.03):
            line["name"] = homophone(chance, line["name"])
        elif self.hit(0.01):
            line["name"] = lookalike(chance, line["name"])
        elif self.hit(0.004) and len(line["name"]) == 3:
            line["name"] = line["name"][0] + line["name"][chance.choice((1, 2))]
        line["name"] = line["name"].replace("·", chance.choice(("", "·", ".", "•")))
        if self.hit(0.02):
            line["born"] = chance.choice(
                (one_digit(chance, line["born"].replace("-", ""), 4), line["born"][:7], "")
            )
        one = chance.choice((0, 1))
        both = chance.random() < 0.3
        line["guardians"] = "；".join(child.guardians) if both else child.guardians[one]
        line["guardian_ids"] = "" if self.hit(0.3) else child.guardian_ids[one]
        line["phone"] = (
            ""
            if self.hit(0.15)
            else chance.choice(child.phones)
            if not self.hit(0.1)
            else f"100{chance.randrange(10**8):08d}"
        )
        if self.hit(0.1):
            line["village"] = ""
        if self.hit(0.008):
            line["sex"] = "男" if line["sex"] == "女" else "女"
        return line


class Spreadsheet(Office):
    """扶贫表格：whole townships pass through Excel: numbers lose their ends, dates become serials, blanks and brackets come in."""

    def line(self, home: Household, child: Child) -> Line:
        line, chance = truth_line(child), self.chance
        if self.area(child, "shown", 0.05):
            line["id"] = scientific(child.number, chance.choice((6, 6, 15)))
        elif self.area(child, "zeros", 0.05):
            line["id"] = child.number[:15] + "000"
        elif self.area(child, "empty", 0.02):
            line["id"] = ""
        elif self.hit(0.012):
            line["id"] = one_digit(chance, line["id"])
        style = chance.random()
        if self.area(child, "serial", 0.2):
            line["born"] = str((child.born - date(1899, 12, 30)).days)
        elif style < 0.3:
            line["born"] = (
                f"{child.born:%Y.%m.%d}"
                if style < 0.15
                else f"{child.born.year}年{child.born.month}月{child.born.day}日"
            )
        elif self.hit(0.05):
            line["born"] = str(child.born.year)
        if self.hit(0.05):
            line["name"] = (
                " ".join(line["name"])
                if chance.random() < 0.6
                else line["name"] + chance.choice(("（大）", "(小)", "1", "2"))
            )
        if self.hit(0.012):
            line["name"] = homophone(chance, line["name"])
        if self.hit(0.02):
            line["id"] = "'" + line["id"] if line["id"] else ""
        line["township"] = line["township"][:-1] if self.hit(0.3) else line["township"]
        line["village"] = line["village"] + "委会" if self.hit(0.3) else line["village"]
        if self.area(child, "head", 0.4):
            line["guardians"], line["guardian_ids"] = (
                home.grandfather if chance.random() < 0.25 else (child.guardians[0], child.guardian_ids[0])
            )
        if self.hit(0.12):
            line["guardian_ids"] = scientific(child.guardian_ids[0])
        if self.hit(0.12):
            line["phone"] = chance.choice(("", "无", child.phones[1]))
        return line


class Household_(Office):
    """户籍：late registration, lunar birthdays, other names: what the family said and what was written down at another time."""

    def line(self, home: Household, child: Child) -> Line:
        line, chance = truth_line(child), self.chance
        born = child.born
        if self.hit(0.02):
            born = lunar_of(born) or born
            line["born"] = born.isoformat()
            if chance.random() < 0.3:
                line["id"] = self._number(child, born)
        elif self.hit(0.01):
            year = born.year + chance.choice((-2, -1, 1, 1))
            born = date(year, born.month, min(born.day, 28))
            line["born"] = born.isoformat()
            line["id"] = self._number(child, born)
        elif self.hit(0.004):
            line["id"] = self._number(child, born)
        elif self.hit(0.04):
            line["id"] = ""
        elif self.hit(0.012):
            line["id"] = one_digit(chance, line["id"])
        if len(home.children) > 1 and self.hit(0.012):
            line["id"] = chance.choice([other.number for other in home.children if other is not child])
        elif self.hit(0.012):
            line["id"] = child.guardian_ids[0]
        if self.hit(0.008):
            line["name"] = child.name[0] + given_name(chance, child.sex == "女")
        elif self.hit(0.004):
            line["name"] = child.guardians[1][0] + child.name[1:]
        elif self.hit(0.01):
            line["name"] = (
                child.name[0] + chance.choice(LONG)
                if home.hui
                else "".join(TRADITIONAL.get(s, s) for s in child.name)
            )
        elif self.hit(0.008):
            line["name"] = "".join(part.capitalize() for part in lazy_pinyin(child.name))
        elif self.hit(0.012):
            at = chance.randrange(1, len(child.name))
            line["name"] = child.name[:at] + chance.choice("?□\ue123*") + child.name[at + 1 :]
        if self.hit(0.03):
            line["township"], line["village"] = f"{chance.choice('沙石河西东南北上下马红')}家镇", ""
        if chance.random() < 0.5:
            line["guardians"], line["guardian_ids"] = child.guardians[0], child.guardian_ids[0]
        if self.hit(0.06):
            line["guardians"], line["guardian_ids"] = home.grandfather
        line["phone"] = "" if self.hit(0.25) else line["phone"]
        if self.hit(0.15):
            line["born"] = ""
        return line

    def _number(self, child: Child, born: date) -> str:
        head = f"{child.number[:6]}{born:%Y%m%d}{self.chance.randrange(1, 500) * 2 - (child.sex == '男'):03d}"
        return head + check_digit(head)


class Disabled(Office):
    """残联、低保：old cards: fifteen digits, placeholders, masked digits, a household's head in place of the parents, places long merged."""

    def line(self, home: Household, child: Child) -> Line:
        line, chance = truth_line(child), self.chance
        if self.hit(0.012):
            line["id"] = child.number[:6] + child.number[8:17]
        elif self.hit(0.02):
            line["id"] = chance.choice(
                (
                    "000000000000000000",
                    "111111111111111111",
                    "无",
                    "123456789012345678",
                    child.number[:6] + "000000000000",
                )
            )
        elif self.hit(0.02):
            line["id"] = child.number[:6] + "********" + child.number[14:]
        elif self.hit(0.02):
            line["id"] = child.number[:14] + "0000"
        elif self.hit(0.025):
            line["id"] = (
                one_digit(chance, swapped(chance, line["id"]))
                if chance.random() < 0.3
                else one_digit(chance, line["id"], 6, 17)
            )
        elif self.hit(0.01):
            line["id"] = "G" + line["id"]
        if self.area(child, "heads", 0.15):
            line["guardians"], line["guardian_ids"] = home.grandfather
            if chance.random() < 0.1:
                line["id"] = home.grandfather[1]
        elif self.hit(0.1):
            line["guardians"], line["guardian_ids"] = home.uncle
        elif chance.random() < 0.5:
            line["guardian_ids"] = ""
        if self.area(child, "merged", 0.1):
            line["township"] = line["township"][0] + "阳镇"
        if self.hit(0.05):
            line["born"] = f"{child.born.year}-01-01" if chance.random() < 0.5 else f"{child.born:%Y%m}"
        if self.hit(0.03):
            line["sex"] = chance.choice(("", "男", "女"))
        if self.hit(0.02):
            line["name"] = (
                lookalike(chance, line["name"]) if chance.random() < 0.5 else homophone(chance, line["name"])
            )
        if self.hit(0.006) and len(child.name) == 3:
            line["name"] = child.name[0] + child.name[2] + child.name[1]
        line["phone"] = "" if self.hit(0.3) else chance.choice(child.phones)
        return line


def school_line(chance: Random, child: Child, rate: float) -> Line:
    """学籍: close to the papers, with a few errors of its own."""
    line = truth_line(child)
    luck = chance.random() / rate
    if luck < 0.004:
        line["id"] = one_digit(chance, line["id"])
    elif luck < 0.006:
        line["id"] = ""
    elif luck < 0.010:
        line["name"] = homophone(chance, line["name"])
    elif luck < 0.012:
        line["name"] = lookalike(chance, line["name"])
    elif luck < 0.013:
        line["id"] = child.guardian_ids[0]
    elif luck < 0.03:
        line["guardians"] = child.guardians[0]
    elif luck < 0.04:
        line["guardian_ids"] = ""
    elif luck < 0.05:
        line["village"] = ""
    line["phone"] = "；".join(child.phones) if chance.random() < 0.3 else child.phones[chance.random() < 0.3]
    if chance.random() < 0.25:
        one = chance.random() < 0.3
        line["guardians"], line["guardian_ids"] = child.guardians[one], child.guardian_ids[one]
    return line


OFFICES: dict[str, Callable[[Random, float], Office]] = {
    "civil": Civil, "spreadsheet": Spreadsheet, "household": Household_, "disabled": Disabled, "anyhow": Anyhow,
    "corrected": Corrected,
}  # fmt: skip
UNSEEN: dict[str, Callable[[Random, float], Office]] = {
    "scanned": Scanned,
    "moved": Moved,
    "slipped": Slipped,
}
