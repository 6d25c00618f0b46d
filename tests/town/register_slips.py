"""登记的毛病 one by one: a digit, a character, a number that passed through Excel; and an office that has habits.

Used by the offices in `register_damage` (which weights are fitted to), `register_anyhow` and `register_unseen` (never fitted to).
"""

from collections import defaultdict
from datetime import date
from functools import cache
from random import Random

from pypinyin import lazy_pinyin

from junheng.matching.births import lunar_days
from town.register_people import BOYS, GIRLS, RARE, Child, Household

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
