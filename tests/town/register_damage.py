"""登记的走样: how a child's line in another office's register comes to differ from its papers. Several ways, independent of each other.

Each way is a class of its own with its own habits; `typical` and `dirty` say how often. `OFFICES` are used to fit the weights,
`UNSEEN` never are.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from random import Random

from pypinyin import lazy_pinyin

from junheng.matching.births import lunar_days
from town.identity import check_digit
from town.register_people import BOYS, GIRLS, LONG, RARE, Child, Household, given_name

Line = dict[str, str]
COLUMNS = ("name", "id", "sex", "born", "county", "township", "village", "guardians", "guardian_ids", "phone")
SHAPES = ("燕雁", "梅海", "玲铃", "琳淋", "洁结", "婷停", "晴睛", "伟炜", "杨扬", "明朋", "月用", "未末", "己已", "辉挥", "强张", "丽而", "涛铸", "俊峻", "浩洁",
          "静净", "娟捐", "慧彗", "泽择", "睿容", "博搏", "瑞端", "莲连", "红虹", "清情", "青清", "颖颜", "磊垒", "宇字", "子于", "晓烧", "军车", "虎虚", "倩情",
          "佳住", "欣掀", "怡恰", "彤丹", "悦税", "航肮", "凯铠", "帆机", "豪毫", "祥详", "霞震", "雪雷", "雯零", "兰三", "英莫", "芳芬", "萍苹", "秀季", "珍诊")  # fmt: skip
TRADITIONAL = dict(
    zip(
        "马龙东军伟飞国杰贵红丽玉兰凤云宝华学晓义强张陈刘杨赵吴孙罗梁谢刚涛泽鸿兴馨语诗",
        "馬龍東軍偉飛國傑貴紅麗玉蘭鳳雲寶華學曉義強張陳劉楊趙吳孫羅梁謝剛濤澤鴻興馨語詩",
        strict=True,
    )
)


def truth_line(child: Child) -> Line:
    """As the papers have it."""
    return {
        "name": child.name, "id": child.number, "sex": child.sex, "born": child.born.isoformat(), "county": child.county,
        "township": child.township, "village": child.village, "guardians": "；".join(child.guardians),
        "guardian_ids": "；".join(child.guardian_ids), "phone": "；".join(child.phones[:1]),
    }  # fmt: skip


@cache
def sounds() -> dict[str, str]:
    groups: dict[str, str] = defaultdict(str)
    for sign in dict.fromkeys(
        BOYS + GIRLS + RARE + "".join(SHAPES) + "彦佩铭皎妍纤侠鹃玮维瑛嫣胜升圣仪宜函寒韩骏君珺惠会卉贺合赫"
    ):
        groups[lazy_pinyin(sign)[0]] += sign
    return dict(groups)


def homophone(chance: Random, name: str) -> str:
    place = chance.randrange(1, len(name))
    same = sounds().get(lazy_pinyin(name[place])[0], name[place]).replace(name[place], "") or name[place]
    return name[:place] + chance.choice(same) + name[place + 1 :]


def lookalike(chance: Random, name: str) -> str:
    places = [(at, pair) for at, sign in enumerate(name) for pair in SHAPES if sign in pair and at]
    if not places:
        return homophone(chance, name)
    at, pair = chance.choice(places)
    return name[:at] + pair.replace(name[at], "")[:1] + name[at + 1 :]


def one_digit(chance: Random, number: str, first: int = 0, last: int = 18) -> str:
    at = chance.randrange(first, min(last, len(number)))
    return number[:at] + chance.choice("0123456789".replace(number[at], "")) + number[at + 1 :]


def swapped(chance: Random, number: str) -> str:
    places = [at for at in range(len(number) - 1) if number[at] != number[at + 1]]
    at = chance.choice(places)
    return number[:at] + number[at + 1] + number[at] + number[at + 2 :]


def lunar_of(born: date) -> date | None:
    place = (born - date(1985, 1, 1)).days
    number = int(lunar_days()[place])
    try:
        return date(number // 10_000, number // 100 % 100, number % 100)
    except ValueError:
        return None


def scientific(number: str, shown: int = 6) -> str:
    return f"{float(number[:17].replace('X', '0') + '0'):.{shown - 1}E}".replace("E+17", "E+17")


class Office:
    """An office with its habits; `rate` multiplies how often each goes wrong (1 typical, 3 dirty)."""

    def __init__(self, chance: Random, rate: float) -> None:
        self.chance, self.rate = chance, rate
        self._areas: dict[str, float] = {}

    def hit(self, share: float) -> bool:
        return self.chance.random() < min(share * self.rate, 0.6)

    def area(self, child: Child, what: str, share: float) -> bool:
        """The same for a whole township (or school): damage that comes in one piece."""
        key = f"{what}/{child.county}/{child.township}"
        if key not in self._areas:
            self._areas[key] = self.chance.random()
        return self._areas[key] < min(share * self.rate, 0.6)

    def line(self, home: Household, child: Child) -> Line:
        raise NotImplementedError


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


class Scanned(Office):
    """从未用于拟合：a scanned list read by machine: digits and characters that look alike, cells slipped, columns cut."""

    _CONFUSED = {"0": "68", "1": "74", "2": "7", "3": "8", "5": "6", "6": "80", "7": "1", "8": "36", "9": "0"}

    def line(self, home: Household, child: Child) -> Line:
        line, chance = truth_line(child), self.chance
        if self.hit(0.05):
            line["id"] = self._misread(line["id"], 1)
        elif self.hit(0.015):
            line["id"] = self._misread(line["id"], 2)
        elif self.hit(0.03):
            line["id"] = line["id"][: chance.choice((14, 15, 16, 17))]
        elif self.hit(0.01):
            line["id"] = line["id"] + chance.choice("01")
        if self.hit(0.04):
            line["name"] = lookalike(chance, line["name"])
        elif self.hit(0.01):
            line["name"] = line["name"][1:] + line["name"][0]
        elif self.hit(0.01):
            line["name"] = line["name"][:-1] + "□"
        elif self.hit(0.006):
            line["name"] = line["name"] + chance.choice("之一二小")
        if self.hit(0.03):
            line["born"] = self._misread(line["born"].replace("-", ""), 1)
        if self.hit(0.02):
            line["township"], line["village"] = line["village"], ""
        if self.hit(0.05):
            line["guardians"] = "；".join(
                lookalike(chance, name) if len(name) > 1 else name for name in child.guardians
            )
        if self.hit(0.03):
            line["guardians"], line["phone"] = line["phone"], line["guardians"]
        if self.hit(0.1):
            line["guardian_ids"] = self._misread(child.guardian_ids[0], 1)
        if self.hit(0.2):
            line["phone"] = self._misread(line["phone"], 1) if line["phone"].isdecimal() else ""
        return line

    def _misread(self, text: str, times: int) -> str:
        for _ in range(times):
            places = [at for at, sign in enumerate(text) if sign in self._CONFUSED]
            if places:
                at = self.chance.choice(places)
                text = text[:at] + self.chance.choice(self._CONFUSED[text[at]]) + text[at + 1 :]
        return text


class Moved(Office):
    """从未用于拟合：families that left: other county, stepfathers, numbers issued anew, months rounded, one phone for a village."""

    def line(self, home: Household, child: Child) -> Line:
        line, chance = truth_line(child), self.chance
        if self.hit(0.04):
            line["county"], line["township"], line["village"] = "演示县", "演示镇", "演示村"
        if self.hit(0.02):
            line["guardians"] = chance.choice("王李张刘陈") + given_name(chance, False)
            line["guardian_ids"] = ""
            if chance.random() < 0.3:
                line["name"] = line["guardians"][0] + child.name[1:]
        if self.hit(0.01):
            born = child.born + timedelta(days=chance.choice((-30, 30, 31, 365, -365, 1, -1)))
            head = f"{child.number[:6]}{born:%Y%m%d}{child.number[14:17]}"
            line["id"], line["born"] = head + check_digit(head), born.isoformat()
        elif self.hit(0.006):
            head = "640399" + child.number[6:17]
            line["id"] = head + check_digit(head)
        elif self.hit(0.05):
            line["id"] = chance.choice(("", "待补", "J" + child.number))
        if self.hit(0.05):
            line["born"] = f"{child.born.year}年{child.born.month}月"
        if self.hit(0.01):
            line["name"] = child.name[0] + child.name[-1] * 2
        elif self.hit(0.02):
            line["name"] = homophone(chance, homophone(chance, child.name))
        if self.area(child, "phone", 0.1):
            line["phone"] = f"100{sum(map(ord, child.village)):08d}"
        line["guardians"] = line["guardians"] if self.chance.random() < 0.7 else ""
        line["guardian_ids"] = "" if self.chance.random() < 0.6 else line["guardian_ids"]
        return line


class Anyhow(Office):
    """任意一处：every cell goes wrong by itself, in no particular way: what the other offices' habits leave out."""

    def line(self, home: Household, child: Child) -> Line:
        line, chance = truth_line(child), self.chance
        other = chance.choice(home.children)
        if self.hit(0.06):
            number = line["id"]
            line["id"] = chance.choice(
                ("", one_digit(chance, number), one_digit(chance, one_digit(chance, number)), swapped(chance, number), number[: chance.randrange(18)],
                 number[:15] + "000", scientific(number, chance.choice((3, 6, 10, 15))), other.number, chance.choice(child.guardian_ids), number[4:] + number[:4],
                 number[:14] + chance.choice(home.children).number[14:], self._again(child))
            )  # fmt: skip
        if self.hit(0.04):
            name = line["name"]
            at = chance.randrange(len(name))
            anyone = chance.choice(BOYS + GIRLS)
            line["name"] = chance.choice(
                ("", homophone(chance, name), lookalike(chance, name), name[:at] + anyone + name[at + 1 :], name[:at] + name[at + 1 :], name[:at] + anyone + name[at:],
                 name[:at] + "?" + name[at + 1 :], name[::-1], child.guardians[1][0] + name[1:], name[0] + given_name(chance, child.sex == "女"), other.name,
                 name + name[-1], "".join(lazy_pinyin(name)))
            )  # fmt: skip
        if self.hit(0.06):
            born = child.born + timedelta(days=int(chance.gauss(0, 200)))
            line["born"] = chance.choice(
                ("", line["born"][:7], line["born"][:4], born.isoformat(), one_digit(chance, child.born.strftime("%Y%m%d"), 2), f"{child.born:%Y-%d-%m}",
                 (lunar_of(child.born) or born).isoformat(), other.born.isoformat())
            )  # fmt: skip
        if self.hit(0.05):
            line["township"], line["village"] = chance.choice(
                (
                    (line["township"], ""),
                    ("", ""),
                    ("演示镇", "演示村"),
                    (line["village"], line["village"]),
                    ("演示镇", line["village"]),
                )
            )
        if self.hit(0.02):
            line["county"], line["township"], line["village"] = (
                "演示县",
                "演示镇",
                chance.choice(("", "演示村")),
            )
        if self.hit(0.02):
            line["sex"] = chance.choice("男女")
        if self.hit(0.12):
            adult = chance.choice(
                (
                    home.grandfather,
                    home.uncle,
                    (child.guardians[1], child.guardian_ids[1]),
                    ("", ""),
                    (child.guardians[0], ""),
                )
            )
            line["guardians"], line["guardian_ids"] = adult
        elif self.hit(0.05):
            line["guardians"], line["guardian_ids"] = (
                homophone(chance, child.guardians[0]) if len(child.guardians[0]) > 1 else "",
                "",
            )
        elif self.hit(0.03):
            line["guardians"], line["guardian_ids"] = (
                chance.choice("王李张刘陈") + given_name(chance, False),
                "",
            )
        if self.hit(0.2):
            line["guardian_ids"] = chance.choice(
                ("", one_digit(chance, child.guardian_ids[0]), scientific(child.guardian_ids[0]))
            )
        if self.hit(0.25):
            line["phone"] = chance.choice(
                (
                    "",
                    child.phones[1],
                    f"100{chance.randrange(10**8):08d}",
                    f"100{sum(map(ord, child.village)):08d}",
                )
            )
        return line

    def _again(self, child: Child) -> str:
        """The same birth date, another serial number: registered twice."""
        head = child.number[:14] + f"{self.chance.randrange(1, 500) * 2 - (child.sex == '男'):03d}"
        return head + check_digit(head)


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
}  # fmt: skip
UNSEEN: dict[str, Callable[[Random, float], Office]] = {"scanned": Scanned, "moved": Moved}
