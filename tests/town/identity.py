"""编造的身份: names, ID numbers and telephone numbers that belong to nobody.

- 身份证号: well-formed, with a valid check digit, so that they import like any other; but the region code is one that
  GB/T 2260 never gave to a county (640399 for Tongxin), so that no living person has them.
- 电话: 11 digits starting with 100, a prefix given to no mobile network.
- 姓名: a surname of the region and a given name drawn from short lists.
"""

from datetime import date, timedelta
from random import Random

REGIONS = {
    "640106": "640199",
    "640221": "640299",
    "640324": "640399",
    "640422": "640499",
    "640424": "640498",
}
PHONE_PREFIX = "100"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"

_HUI = {
    "马": 26,
    "杨": 8,
    "白": 5,
    "丁": 4,
    "金": 4,
    "李": 5,
    "锁": 3,
    "买": 3,
    "周": 4,
    "苏": 3,
    "田": 4,
    "罗": 4,
}
_HUI |= {
    "余": 2,
    "黑": 2,
    "王": 4,
    "张": 3,
    "撒": 1,
    "哈": 1,
    "海": 1,
    "顾": 1,
    "虎": 1,
    "妥": 1,
    "穆": 1,
    "兰": 1,
}
_HAN = {
    "王": 9,
    "李": 9,
    "张": 9,
    "刘": 6,
    "陈": 4,
    "杨": 4,
    "赵": 4,
    "周": 2,
    "吴": 2,
    "徐": 2,
    "孙": 2,
    "马": 2,
}
_HAN |= {
    "朱": 2,
    "胡": 2,
    "郭": 2,
    "何": 2,
    "高": 2,
    "林": 1,
    "罗": 1,
    "郑": 1,
    "梁": 1,
    "谢": 1,
    "宋": 1,
    "唐": 1,
}
_BOYS = "强军伟龙鹏飞杰涛浩宇文博明亮志国平安福贵海山峰林虎云天成小东晓建思源子轩嘉俊"
_GIRLS = "梅兰英霞燕萍娟婷静雪芳丽红玉花秀珍月娜晓小文雅思梦佳欣怡雨彤子涵嘉琪"
_LONG = ("穆·苏莱曼", "买·尔撒", "马·依布拉", "哈·海迪彻", "撒·法图麦", "马·阿依莎")


def check_digit(seventeen: str) -> str:
    """校验码 by ISO 7064 MOD 11-2 over the first 17 digits of an ID number."""
    return _CHECK[sum(int(digit) * weight for digit, weight in zip(seventeen, _WEIGHTS, strict=True)) % 11]


class _Day:
    """What all ID numbers of one birth date share, and which serial numbers are taken."""

    __slots__ = ("digits", "next", "sum")

    def __init__(self, region: str, born: date) -> None:
        self.digits = f"{region}{born:%Y%m%d}"
        self.sum = sum(int(d) * w for d, w in zip(self.digits, _WEIGHTS, strict=False))
        self.next = [2, 1]  # female serials are even, male odd


_SERIALS = [
    (f"{n:03d}", sum(int(d) * w for d, w in zip(f"{n:03d}", _WEIGHTS[14:], strict=True))) for n in range(1000)
]


class Identities:
    """发号: hands out people of one county, never the same number twice."""

    def __init__(self, county: str, chance: Random) -> None:
        self.region = REGIONS[county]
        self._chance = chance
        self._days: dict[date, _Day] = {}
        self._phones = 0
        self._hui = [name for name, weight in _HUI.items() for _ in range(weight)]
        self._han = [name for name, weight in _HAN.items() for _ in range(weight)]

    def number(self, born: date, female: bool) -> str:
        """身份证号 of 18 characters. IndexError when a date has more than five hundred of one sex."""
        day = self._days.get(born)
        if day is None:
            day = self._days[born] = _Day(self.region, born)
        serial, part = _SERIALS[day.next[not female]]
        day.next[not female] += 2
        return f"{day.digits}{serial}{_CHECK[(day.sum + part) % 11]}"

    def substitute(self, born: date) -> str:
        """J 号 without its letter, for a child who has no ID number: the same form, counted from 900."""
        serial = f"{900 + self._chance.randrange(100)}"
        digits = f"{self.region}{born:%Y%m%d}{serial}"
        return digits + check_digit(digits)

    def phone(self) -> str:
        """Eleven digits that no telephone has."""
        self._phones += 1
        return f"{PHONE_PREFIX}{self._phones * 48_271 % 100_000_000:08d}"

    def surname(self, hui: bool) -> str:
        """A surname as frequent as in the region."""
        names = self._hui if hui else self._han
        return names[int(self._chance.random() * len(names))]

    def name(self, surname: str, female: bool) -> str:
        """A full name; three in a thousand bearers of a Hui surname have a long one with a dot."""
        draw = self._chance.random
        first = draw()
        if first < 0.003 and surname in _HUI:
            return _LONG[int(draw() * len(_LONG))]
        signs = _GIRLS if female else _BOYS
        given = signs[int(draw() * len(signs))]
        return surname + given if first < 0.3 else surname + given + signs[int(draw() * len(signs))]


def day_between(chance: Random, first: date, last: date) -> date:
    """A day from `first` to `last`, both included."""
    return first + timedelta(days=chance.randrange((last - first).days + 1))
