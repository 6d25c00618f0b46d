"""编造的户: households with their children, for two registers of the same county that never saw each other.

Everybody is made up. Region codes are ones GB/T 2260 never gave to a county. Names are drawn so that, as in a real county of the
region, about a third of the children share their exact name with another; brothers and sisters share a character, cousins in
a village a surname and often a character, and one birth in ninety is of twins.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from town.identity import check_digit

HUI = "马杨白丁金李锁买周苏田罗余黑王张撒哈海顾虎妥穆兰纳冶喇摆者洪"
HUI_WEIGHTS = (
    26,
    8,
    5,
    4,
    4,
    5,
    3,
    3,
    4,
    4,
    4,
    4,
    2,
    2,
    4,
    3,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    0.5,
    0.4,
    0.3,
    0.3,
    0.2,
    0.3,
)
HAN = "王李张刘陈杨赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤单解翟仇"
BOYS = "浩宇轩子龙强军伟鹏飞杰涛博文明亮志国平安福贵海山峰林虎天成小东晓建思源嘉俊辉磊斌超勇刚毅恒瑞泽睿阳晨昊皓羽禹鑫旭凯帆航佳家豪梓宏洪鸿玉金学德忠兴旺祥红兵武生义仁正光有少云兆永世耀振启立利力新欣"
GIRLS = "梅兰英霞燕萍娟婷静雪芳丽红玉花秀珍月娜晓小文雅思梦佳欣怡雨彤子涵嘉琪雯慧敏倩洁颖莹瑶瑾媛婉蓉莲菊香艳琴琳玲灵岚馨心悦乐诗语宁凤凰春秋巧云霄彩银金海清青紫梓晗菡可依一伊伶舒淑贤娥"
LONG = (
    "苏莱曼",
    "尔撒",
    "依布拉欣",
    "海迪彻",
    "法图麦",
    "阿依莎",
    "穆罕默德",
    "阿卜杜拉",
    "优素福",
    "尔利",
    "哈桑",
    "麦尔燕",
    "索菲娅",
    "伊斯玛仪",
)
RARE = "囡堃喆淼鑫垚焱珺玥婳祎翀瑢騋旸昇赟晛頔彧燊昱"


@dataclass(slots=True)
class Child:
    """一个孩子, as its own papers have it."""

    name: str
    sex: str
    born: date
    number: str
    county: str
    township: str
    village: str
    guardians: tuple[str, ...]
    guardian_ids: tuple[str, ...]
    phones: tuple[str, ...]
    twin: int = 0  # how many were born with it


@dataclass(slots=True)
class Household:
    """一户."""

    children: list[Child] = field(default_factory=list)
    grandfather: tuple[str, str] = ("", "")
    uncle: tuple[str, str] = ("", "")
    hui: bool = False


class Region:
    """一个县: places, and numbers that nobody has."""

    def __init__(self, code: int, seed: int, pupils: int = 70_000) -> None:
        self.chance = Random(f"{seed}/{code}")
        draw = self.chance
        self.prefix = f"64{39 + code % 3}{70 + code:02d}"[:6]
        signs = (
            "清沙石河西东南北上下马红白黄大小金银丁王张韦田兴新安同中山水泉塘营堡湾沟岔塬坪台梁岭关城桥庄店"
        )
        self.name = f"{signs[code % len(signs)]}{signs[(code * 7 + 3) % len(signs)]}县"
        count = max(4, min(22, pupils // 5_000 + 5))
        stems = [a + b for a in signs for b in "水塘河营堡湾沟岔塬坪台梁"]
        draw.shuffle(stems)
        self.townships = [stem + draw.choice(("镇", "乡", "镇")) for stem in stems[:count]]
        self.villages = {
            township: [
                draw.choice(stems) + draw.choice(("村", "村", "社区")) for _ in range(draw.randrange(6, 20))
            ]
            for township in self.townships
        }
        self.hui = 0.2 + 0.65 * draw.random()
        self._taken: set[str] = set()
        self._phone = draw.randrange(10**7)

    def number(self, born: date, female: bool) -> str:
        while True:
            serial = self.chance.randrange(1, 500) * 2 - (0 if female else 1)
            head = f"{self.prefix}{born:%Y%m%d}{serial:03d}"
            if head not in self._taken:
                self._taken.add(head)
                return head + check_digit(head)

    def next_number(self, number: str) -> str:
        """A twin's: registered at the same counter, so a few serial numbers on."""
        serial = int(number[14:17])
        while True:
            serial = (serial + 2 * self.chance.choice((1, 1, 1, 2, 3))) % 1000
            head = f"{number[:14]}{serial:03d}"
            if head not in self._taken:
                self._taken.add(head)
                return head + check_digit(head)

    def phone(self) -> str:
        self._phone = (self._phone + 7_368_787) % 10**8
        return f"100{self._phone:08d}"


def given_name(chance: Random, female: bool, generation: str = "", *, adult: bool = False) -> str:
    signs = GIRLS if female else BOYS
    if adult:
        signs = signs[: len(signs) * 3 // 4]

    def sign() -> str:
        if chance.random() < 0.004:
            return chance.choice(RARE)
        return signs[int(chance.random() ** 1.9 * len(signs))]

    if chance.random() < (0.28 if not generation else 0):
        return sign()
    first = generation or sign()
    last = sign()
    if first == last and chance.random() < 0.7:
        last = sign()
    return first + last


def household(region: Region, oldest: date, youngest: date) -> Household:
    """一户 with one to four children born between the two days."""
    chance = region.chance
    hui = chance.random() < region.hui
    pool = (HUI, HUI_WEIGHTS) if hui else (HAN, tuple(1 / (n + 2) for n in range(len(HAN))))
    surname = chance.choices(*pool)[0]
    mother_surname = chance.choices(*pool)[0]
    township = chance.choice(region.townships)
    village = chance.choice(region.villages[township])
    home = Household(hui=hui)
    first = oldest + timedelta(days=chance.randrange((youngest - oldest).days))
    father_born = first - timedelta(days=int(365.25 * (20 + chance.random() * 15)))
    mother_born = first - timedelta(days=int(365.25 * (19 + chance.random() * 13)))
    father = surname + given_name(chance, False, adult=True), region.number(father_born, False)
    mother = mother_surname + given_name(chance, True, adult=True), region.number(mother_born, True)
    old = father_born - timedelta(days=int(365.25 * (21 + chance.random() * 12)))
    home.grandfather = surname + given_name(chance, False, adult=True), region.number(old, False)
    home.uncle = surname + given_name(chance, False, adult=True), region.number(father_born, False)
    phones = (region.phone(), region.phone())
    generation = {
        sex: given_name(chance, sex == "女", adult=False)[0] if chance.random() < 0.5 else ""
        for sex in "男女"
    }
    wanted, born = chance.choices((1, 2, 3, 4), (24, 42, 24, 10))[0], first
    while len(home.children) < wanted and born <= youngest:
        births = 2 if chance.random() < 1 / 90 else 1
        same_sex = chance.random() < 0.65
        sex, number = "女" if chance.random() < 0.475 else "男", ""
        for nth in range(births):
            if nth and not same_sex:
                sex = "男" if sex == "女" else "女"
            female = sex == "女"
            if births == 2:
                generation[sex] = generation[sex] or given_name(chance, female)[0]
            for _ in range(4):
                given = given_name(chance, female, generation[sex] if chance.random() < 0.9 else "")
                if hui and chance.random() < 0.012:
                    given = chance.choice(("·", "·", "")) + chance.choice(LONG)
                name = surname + given
                if name not in {child.name for child in home.children}:
                    break
            number = region.next_number(number) if nth and same_sex else region.number(born, female)
            home.children.append(
                Child(
                    name, sex, born, number, region.name, township, village, (father[0], mother[0]),
                    (father[1], mother[1]), phones, births - 1,
                )
            )  # fmt: skip
        born += timedelta(days=int(330 + chance.expovariate(1 / 650)))
    return home


def households(code: int, pupils: int, seed: int) -> Iterator[Household]:
    """Households of one county until about that many children are made; some have cousins in the same village."""
    region = Region(code, seed, pupils)
    made = 0
    while made < pupils:
        home = household(region, date(2001, 9, 1), date(2017, 8, 31))
        made += len(home.children)
        yield home
        if made < pupils and region.chance.random() < 0.12:
            cousins = household(region, date(2001, 9, 1), date(2017, 8, 31))
            _related(home, cousins, region.chance)
            made += len(cousins.children)
            yield cousins


def _related(home: Household, cousins: Household, chance: Random) -> None:
    """The same grandfather, village and surname; a shared character; now and then the same birthday or the whole name."""
    model = home.children[0]
    cousins.grandfather = home.grandfather
    for number, child in enumerate(cousins.children):
        name = model.name[0] + child.name[1:]
        if len(model.name) == 3 and len(name) == 3 and chance.random() < 0.4:
            name = name[0] + model.name[1] + name[2]
        if chance.random() < 0.01:
            name = model.name
        father = model.name[0] + child.guardians[0][1:]
        cousins.children[number] = replace(
            child,
            name=name,
            township=model.township,
            village=model.village,
            guardians=(father, child.guardians[1]),
        )
