"""外部名册 of the demo county: what seven other offices would list of its pupils, damaged as such lists are, with children who are in no school.

Made from the pupils themselves, so that the answer is known; nobody in them exists. Damage is that of `register_damage`; titles, headings and
worksheets are as offices send them.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO, StringIO
from random import Random
from zlib import crc32

import xlsxwriter

from bureau.links.ages import school_years_of_age
from town.register_damage import OFFICES, UNSEEN, Line, Office
from town.register_people import Child, Household, Region, household

MOST = 12_000  # lines of the largest list


@dataclass(frozen=True, slots=True)
class Listed:
    """一名学生, as the school register has it, with what it says of the household's situation."""

    key: str
    child: Child
    registered: bool
    minimum: bool
    destitute: bool
    orphan: bool
    disability: str
    rural: bool = True


@dataclass(frozen=True, slots=True)
class Book:
    """一份名册文件. `truth`: for each line the pupil's key, "" for a child in no school of the county."""

    source: str
    day: date
    name: str
    content: bytes
    truth: tuple[str, ...]


# source → (title, office that typed it, headings)
_KINDS = {
    "registered": ("建档立卡户家庭成员信息表（演示）", "spreadsheet", ("序号", "乡（镇）", "行政村", "户主姓名", "户主身份证号", "成员姓名", "证件号码", "性别", "与户主关系", "脱贫属性", "脱贫年度", "联系电话")),
    "monitored": ("防返贫监测对象名单（演示）", "spreadsheet", ("序号", "乡镇", "村", "户主姓名", "姓名", "身份证号码", "监测对象类别", "风险是否已消除", "识别时间")),
    "minimum": ("最低生活保障对象花名册（演示）", "civil", ("编号", "乡镇", "村（居）", "申请人姓名", "家庭成员姓名", "公民身份号码", "性别", "出生年月日", "低保类别", "档次", "享受起始年月", "手机号码")),
    "destitute": ("特困人员救助供养花名册（演示）", "civil", ("序号", "乡镇", "村", "姓名", "身份证号", "性别", "出生日期", "监护人", "供养方式", "自理能力", "批准时间")),
    "disabled": ("持证残疾人名单（演示）", "disabled", ("序号", "残疾人姓名", "残疾证号", "性别", "出生日期", "乡镇街道", "村社区", "监护人姓名", "联系电话", "残疾类别", "残疾等级", "发证日期")),
    "orphan": ("孤儿和事实无人抚养儿童花名册（演示）", "civil", ("序号", "乡镇", "村", "儿童姓名", "身份证号", "性别", "出生日期", "监护人姓名", "监护人身份证号", "联系电话", "儿童类别", "养育方式", "纳入时间")),
    "household": ("户籍学龄人口名单（演示）", "household", ("序号", "姓名", "公民身份号码", "性别", "出生日期", "乡镇", "村", "父亲姓名", "母亲姓名", "父亲身份证号", "户口性质")),
}  # fmt: skip
# 3 to 17 on 31 August: from the first year of kindergarten to the last of senior school.
_HOUSEHOLD_AGES = range(3, 18)
# Beside each pupil listed of the age: children at home before school; after the ninth grade, at work or at a school elsewhere.
_NOT_AT_SCHOOL = {3: 0.8, 4: 0.5, 15: 0.14, 16: 0.17, 17: 0.2}
_YEARS = ("2015", "2016", "2017", "2018", "2019", "2020")


@dataclass(frozen=True, slots=True)
class Days:
    """数据日期: of the lists that come once, and of the two yearly versions of the allowance list."""

    once: date
    before: date
    now: date


def books(
    pupils: Sequence[Listed], *, county: str, region: int, days: Days, seed: int = 26
) -> Iterator[Book]:
    """The lists of one county: two yearly versions of the allowance list, one of the others; from small to large."""
    people = Region(region, seed)
    places = sorted({(one.child.township, one.child.village) for one in pupils if one.child.township})
    outside = _outside(pupils, county, people, places, seed)
    for source in ("destitute", "orphan", "disabled", "monitored", "minimum", "registered", "household"):
        chance = Random(f"{source}/{county}/{seed}")
        listed = _chosen(source, pupils, chance, days.once)
        absent = _absent(source, outside, chance, len(listed))
        if source == "household":
            absent += _not_at_school(listed, county, people, places, days.once)
        for day in (days.before, days.now) if source == "minimum" else (days.once,):
            # A year ago some were listed who have come off since, and others were not yet.
            here = [one for one in listed if share(one.key, str(day)) > 0.06]
            yield _book(source, here, absent, day, county, chance)


def share(*texts: str) -> float:
    """A number from 0 to 1 that is always the same for the same texts; a hundred times cheaper than a generator for each child."""
    return crc32("/".join(texts).encode()) / 2**32


class Picks:
    """Choices for one child that are the same in every version of a list."""

    def __init__(self, *texts: str) -> None:
        self._left = crc32("/".join(texts).encode())

    def of(self, values: Sequence[str]) -> str:
        """One of the values."""
        self._left, place = divmod(self._left * 16_807 % (2**31 - 1), len(values))
        return values[place]


def _chosen(source: str, pupils: Sequence[Listed], chance: Random, today: date) -> list[Listed]:
    """Whom the office lists: mostly those whom the school register calls so, and a few whom it does not."""
    wanted: dict[str, Callable[[Listed], bool]] = {
        "registered": lambda one: one.registered if chance.random() > 0.015 else not one.registered and chance.random() < 0.2,
        "monitored": lambda one: one.registered and chance.random() < 0.08,
        "minimum": lambda one: one.minimum if chance.random() > 0.02 else chance.random() < 0.05,
        "destitute": lambda one: one.destitute,
        "orphan": lambda one: one.orphan,
        "disabled": lambda one: bool(one.disability),
        "household": lambda one: (school_years_of_age(one.child.born, today) or 0) in _HOUSEHOLD_AGES and chance.random() < 0.97,
    }  # fmt: skip
    found = [one for one in pupils if wanted[source](one)]
    chance.shuffle(found)
    limit = len(found) if source == "household" else int(MOST * 0.97)
    return found[:limit]


def _outside(
    pupils: Sequence[Listed], county: str, region: Region, places: Sequence[tuple[str, str]], seed: int
) -> list[tuple[Household, Child]]:
    """Children of school age who are in no school here: strangers to the school register, and the twin of a pupil now and then."""
    chance = Random(f"outside/{county}/{seed}")
    found: list[tuple[Household, Child]] = []
    while len(found) < max(12, min(420, len(pupils) // 100)):
        home = household(region, date(2011, 1, 1), date(2019, 8, 31))
        township, village = chance.choice(places)
        for child in home.children:
            found.append((home, replace(child, county=county, township=township, village=village, twin=0)))
    for one in pupils[:: max(1, len(pupils) // 12)]:
        child = one.child
        if len(child.name) > 1 and len(child.number) == 18:
            twin = replace(
                child, name=child.name[:-1] + "双", number=region.next_number(child.number), twin=1
            )
            found.append(
                (Household([child, twin], (child.guardians[0], child.guardian_ids[0]), ("", "")), twin)
            )
    return found


def _not_at_school(
    listed: Sequence[Listed], county: str, region: Region, places: Sequence[tuple[str, str]], day: date
) -> list[tuple[Household, Child]]:
    """幼儿和少年 before and after compulsory school whom the police know and no school of the county."""
    year = day.year if day.month >= 9 else day.year - 1
    ages = Counter(school_years_of_age(one.child.born, day) for one in listed)
    found: list[tuple[Household, Child]] = []
    for age, share_of in _NOT_AT_SCHOOL.items():
        for _ in range(round(ages[age] * share_of)):
            home = household(region, date(year - age - 1, 9, 1), date(year - age, 8, 31))
            township, village = region.chance.choice(places)
            found.append((home, replace(home.children[0], county=county, township=township, village=village)))
    return found


def _absent(
    source: str, outside: Sequence[tuple[Household, Child]], chance: Random, listed: int
) -> list[tuple[Household, Child]]:
    share = {"registered": 0.03, "household": 0.006, "monitored": 0.02, "minimum": 0.02}.get(source, 0.04)
    few = max(1, int(listed * share))
    return list(outside) if few >= len(outside) else chance.sample(list(outside), few)


def _book(
    source: str, listed: Sequence[Listed], absent: Sequence[tuple[Household, Child]], day: date, county: str, chance: Random
) -> Book:  # fmt: skip
    title, desk, headings = _KINDS[source]
    office: Office = (OFFICES | UNSEEN)[desk](Random(f"{source}/{day}"), 1.0)
    rows: list[tuple[float, list[str], str]] = []
    for one in listed:
        home = Household([one.child], (one.child.guardians[0], one.child.guardian_ids[0]), ("", ""))
        line = office.line(home, one.child)
        said = _said(source, one, Picks(source, one.key), day)
        rows.append((chance.random(), _cells(headings, line, said), one.key))
        if chance.random() < 0.002:
            # Entered twice, and the second clerk chose another category.
            rows.append((chance.random(), _cells(headings, line, said | {"category": _other(source, said["category"])}), one.key))  # fmt: skip
    for home, child in absent:
        nobody = Listed("", child, True, True, False, True, "肢体")
        said = _said(source, nobody, Picks(source, child.number), day)
        rows.append((chance.random(), _cells(headings, office.line(home, child), said), ""))
    rows.sort(key=lambda row: row[0])
    lines = [cells for _at, cells, _key in rows]
    # The police send their list out of a data base.
    whole = source == "household"
    content = _plain(headings, lines) if whole else workbook(f"{county}{title}", headings, lines, day)
    name = f"{day:%Y%m}-{title.removesuffix('（演示）')}-演示.{'csv' if whole else 'xlsx'}"
    return Book(source, day, name, content, tuple(key for _at, _cells_, key in rows))


def _said(source: str, one: Listed, picks: Picks, day: date) -> dict[str, str]:
    """What the list says besides who it is."""
    choices: dict[str, tuple[Sequence[str], Sequence[str]]] = {
        "registered": (("脱贫户", "脱贫户", "脱贫户", "脱贫不稳定户"), _YEARS),
        "monitored": (("脱贫不稳定户", "边缘易致贫户", "突发严重困难户"), ("风险未消除", "风险未消除", "风险已消除")),
        "minimum": (("农村低保", "农村低保", "城市低保"), ("A类", "B类", "C类")),
        "destitute": (("分散供养", "集中供养"), ("全自理",)),
        "disabled": ((one.disability or "肢体",), ("一级", "二级", "三级", "四级")),
        "orphan": (("孤儿", "事实无人抚养儿童", "事实无人抚养儿童"), ("社会散居",)),
        # What the police write of one household in fifty is not what the school has.
        "household": ((("农业",) if one.rural else ("非农业",)) * 49 + ("非农业" if one.rural else "农业",), ("",)),
    }  # fmt: skip
    categories, levels = choices[source]
    since = f"{day.year - int(picks.of('1234'))}-{picks.of(('02', '05', '08', '11'))}-01"
    return {
        "category": picks.of(categories), "level": picks.of(levels), "since": since, "relation": picks.of(("之子", "之女", "长子", "次女")),
    }  # fmt: skip


def _other(source: str, category: str) -> str:
    return {"minimum": "城市低保" if category == "农村低保" else "农村低保", "disabled": "多重"}.get(
        source, category + "（待定）"
    )


_CELLS = {
    "name": ("姓名", "成员姓名", "家庭成员姓名", "残疾人姓名", "儿童姓名"),
    "id": ("身份证号", "证件号码", "身份证号码", "公民身份号码", "残疾证号"),
    "sex": ("性别",),
    "born": ("出生日期", "出生年月日"),
    "township": ("乡（镇）", "乡镇", "乡镇街道"),
    "village": ("行政村", "村", "村（居）", "村社区"),
    "phone": ("联系电话", "手机号码"),
    "category": ("脱贫属性", "监测对象类别", "低保类别", "供养方式", "残疾类别", "儿童类别", "户口性质"),
    "level": ("脱贫年度", "风险是否已消除", "档次", "自理能力", "残疾等级", "养育方式"),
    "since": ("识别时间", "享受起始年月", "批准时间", "发证日期", "纳入时间"),
    "relation": ("与户主关系",),
}
_FIELD = {heading: name for name, headings in _CELLS.items() for heading in headings}


def _cells(headings: Sequence[str], line: Line, said: dict[str, str]) -> list[str]:
    people, numbers = line["guardians"].split("；"), line["guardian_ids"].split("；")
    own = {
        "户主姓名": people[0], "申请人姓名": people[0], "监护人": people[0], "监护人姓名": line["guardians"], "父亲姓名": people[0],
        "母亲姓名": people[1] if len(people) > 1 else "", "户主身份证号": numbers[0], "监护人身份证号": line["guardian_ids"], "父亲身份证号": numbers[0],
    }  # fmt: skip
    values = line | said
    return [
        own[heading] if heading in own else values.get(_FIELD.get(heading, ""), "") for heading in headings
    ]


def _plain(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """A table of texts in the national encoding."""
    held = StringIO()
    writer = csv.writer(held)
    writer.writerow(headings)
    writer.writerows([[str(at), *cells[1:]] for at, cells in enumerate(rows, start=1)])
    return held.getvalue().encode("gb18030", "replace")


def workbook(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], day: date) -> bytes:
    """A title and a line of the office above the headings; a note below; the first column numbers the lines; cells as text."""
    held = BytesIO()
    with xlsxwriter.Workbook(held, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("名单")
        sheet.write_string(0, 0, title)
        sheet.write_string(1, 0, f"填报单位：演示单位　　数据截至：{day:%Y年%m月%d日}")
        for place, heading in enumerate(headings):
            sheet.write_string(2, place, heading)
        for at, cells in enumerate(rows, start=3):
            sheet.write_number(at, 0, at - 2)
            for place, text in enumerate(cells[1:], start=1):
                if text:
                    sheet.write_string(at, place, text)
        sheet.write_string(len(rows) + 4, 0, "填表人：演示　　审核人：演示")
    return held.getvalue()
