"""编造的学生: one child with all that a register asks of it; what moves with the child and what belongs to its school."""

from datetime import date, timedelta
from random import Random
from zlib import crc32

from town.divisions import County, Township, Village
from town.identity import Identities
from town.model import Row, Value
from town.structure import School, stage_of

GRADE_NAMES = {"K1": "小班", "K2": "中班", "K3": "大班", "10": "高一", "11": "高二", "12": "高三"}
GRADE_NAMES |= {str(n): name + "年级" for n, name in enumerate("一二三四五六", start=1)}
GRADE_NAMES |= {"7": "初一", "8": "初二", "9": "初三"}
# 已撤销的区划代码, still printed in old household books: 同心, 中卫, 盐池, 海原 before 1998 and 2004.
ABOLISHED_AREAS = ("642127", "640321", "642126", "642222")
# Some registers are kept by clerks who write dates in another way.
STYLES = ("{:%Y-%m-%d}", "{:%Y-%m-%d}", "{:%Y-%m-%d}", "{:%Y/%m/%d}", "{:%Y%m%d}", "{:%Y.%m.%d}")
MOST_CHILDREN, FAMILIES_KEPT = 3, 12
_RELATIONS = ("父亲", "父亲", "父亲", "父亲", "父亲", "母亲", "母亲", "母亲", "祖父母", "外祖父母")
_DISABILITIES = ("视力", "听力", "言语", "肢体", "智力", "智力", "精神", "多重")


class Pupil:
    """一名学生. `head`, `flags` and `care` are ready cells, the same in every year; the rest changes."""

    __slots__ = (
        "attendance",
        "bus",
        "care",
        "distance",
        "entered",
        "flags",
        "head",
        "home",
        "migrant",
        "number",
        "way",
    )

    head: Row
    flags: Row
    care: Row
    home: str
    migrant: bool
    number: int
    entered: str
    way: str | None
    attendance: str
    bus: str
    distance: float | None


class Family:
    """一户: what brothers and sisters share, and who was born first and last of those that are known."""

    __slots__ = ("care", "children", "eldest", "home", "youngest")

    def __init__(self, pupil: Pupil, born: date) -> None:
        self.care, self.home = pupil.care, pupil.head[7:]
        self.eldest = self.youngest = born
        self.children = 1

    def takes(self, born: date) -> bool:
        """Whether a child of that day may be the next: younger than the others, within nine years, of three at most."""
        gap, span = (born - self.youngest).days, (born - self.eldest).days
        return self.children < MOST_CHILDREN and gap > 400 and span < 9 * 365


class Nursery:
    """Makes pupils for schools of one county."""

    def __init__(self, place: County, people: Identities, chance: Random) -> None:
        self.place, self.people, self.chance = place, people, chance
        self._hui_share = {"640324": 0.86, "640106": 0.24, "640221": 0.33, "640422": 0.58, "640424": 0.80}[
            place.code
        ]
        self._styles: dict[str, str] = {}
        self._dates: dict[tuple[date, str], str] = {}
        self._families: dict[tuple[Value, ...], list[Family]] = {}

    def pupil(self, school: School, grade: str, year: int) -> Pupil:
        """A child of the right age for a grade in September of a year, living where the school's children live."""
        draw, people = self.chance.random, self.people
        step = int(grade) if grade[0] != "K" else int(grade[1]) - 3
        entry = year - step + 1 - (draw() < 0.05)
        born = date(entry - 7, 9, 1) + timedelta(days=int(draw() * 365))
        female = draw() < 0.475
        hui = draw() < self._hui_share
        township, village = self._home(school)
        surname = people.surname(hui)
        urban = village.urban
        number: str | None = people.number(born, female)
        kind, luck = "居民身份证", draw()
        if luck < 0.0012:
            enrolment, number, kind = "J" + people.substitute(born), None, "无证件"
        elif luck < 0.004:
            enrolment = f"L{number[:14]}{int(draw() * 9000) + 1000}"  # type: ignore[index]
        else:
            enrolment = f"G{number}"
        sex = "女" if female else "男"
        if draw() < 0.0004:  # the sex typed differs from the ID number's: a warning
            sex = "男" if female else "女"
        pupil = Pupil()
        pupil.home = township.code
        pupil.migrant = township is not school.township and school.tier == "seat" and not school.boarding
        pupil.head = (
            enrolment,
            people.name(surname, female),
            sex,
            self._written(born, school),
            kind,
            number,
            "回族" if hui else "汉族" if draw() < 0.985 else "东乡族",
            ("居民户口" if urban else "农业户口") if draw() < 0.98 else None,
            self._household(township),
            township.name,
            village.name if draw() < 0.985 else None,
            f"{village.name}演示{int(draw() * 12) + 1}组{int(draw() * 90) + 1}号" if draw() < 0.975 else None,
        )
        pupil.flags = self._flags(school, urban)
        pupil.care = self._care(surname, born, hui)
        self._join(pupil, (township.code, urban, surname, hui, *pupil.flags[4:]), born)
        self.place_in(pupil, school, grade, f"{year - school.grades.index(grade)}-09")
        return pupil

    def _join(self, pupil: Pupil, alike: tuple[Value, ...], born: date) -> None:
        """One in three belongs to a family of the same township, name and situation that is known already.

        Nothing is drawn for it, so that all other children are who they would be without it.
        """
        known = self._families.setdefault(alike, [])
        if crc32(str(pupil.head[0]).encode()) % 3 == 0:
            family = next((one for one in known if one.takes(born)), None)
            if family is not None:
                pupil.care = family.care
                pupil.head = (*pupil.head[:7], *family.home)
                family.youngest, family.children = born, family.children + 1
                return
        known.append(Family(pupil, born))
        del known[:-FAMILIES_KEPT]

    def place_in(self, pupil: Pupil, school: School, grade: str, entered: str) -> None:
        """What a child's row says of its school, when it comes there."""
        draw = self.chance.random
        near = pupil.home == school.township.code
        boards = school.boarding and grade[0] != "K" and draw() < (0.35 if near else 0.9)
        pupil.attendance = "住校" if boards else "走读"
        pupil.bus = "是" if not boards and not near and draw() < 0.5 else "否"
        far = draw() * (2.5 if near else 14) + (0.2 if near else 4)
        pupil.distance = round(far, 1) if draw() < 0.98 else None
        pupil.entered = entered
        pupil.way = None if grade[0] == "K" else "统一招生" if school.kind in ("342", "361") else "就近划片"
        if pupil.way and draw() < 0.01:
            pupil.way = "其他" if draw() < 0.6 else None

    def _home(self, school: School) -> tuple[Township, Village]:
        """Village schools take their own village, the county town takes from everywhere."""
        draw = self.chance.random
        if school.tier in ("village", "point") and draw() < 0.9:
            return school.township, school.village
        township = school.township
        if school.tier == "seat" and draw() < 0.22:
            townships = self.place.townships
            township = townships[int(draw() * len(townships))]
        villages = township.villages
        return township, villages[int(draw() * len(villages))]

    def _household(self, township: Township) -> str | None:
        luck = self.chance.random()
        if luck < 0.004:
            return ABOLISHED_AREAS[int(luck * 1000)]
        if luck < 0.024:
            return None
        return township.code if luck < 0.5 else self.place.code

    def _written(self, day: date, school: School) -> str:
        style = self._styles.setdefault(school.code, STYLES[int(self.chance.random() * len(STYLES))])
        written = self._dates.get((day, style))
        if written is None:
            written = self._dates[day, style] = style.format(day)
        return written

    def _flags(self, school: School, urban: bool) -> Row:
        """残疾, 特教安置, 留守, 孤儿, 建档立卡, 低保, 特困, in the sheet's order from 留守 on."""
        draw = self.chance.random
        special = school.kind == "511"
        disabled = special or draw() < 0.009
        poor = draw() < (0.06 if urban else 0.24)
        return (
            "是" if not urban and draw() < 0.07 else "否",
            "是" if draw() < 0.004 else "否",
            _DISABILITIES[int(draw() * 8)] if disabled else "无" if draw() < 0.99 else None,
            ("特教学校" if draw() < 0.85 else "送教上门")
            if special
            else "随班就读"
            if disabled
            else "不适用",
            "是" if poor else "否",
            "是" if poor and draw() < 0.35 else "否",
            "是" if draw() < 0.002 else "否",
        )

    def _care(self, surname: str, born: date, hui: bool) -> Row:
        """监护人 and what is known of them; one in fifty telephone numbers is missing."""
        draw, people = self.chance.random, self.people
        relation = _RELATIONS[int(draw() * 10)]
        female = relation == "母亲" or (relation in ("祖父母", "外祖父母") and draw() < 0.5)
        age = 20 + int(draw() * 18) + (24 if "祖" in relation else 0)
        keeps = relation in ("父亲", "祖父母")
        name = people.name(surname if keeps else people.surname(hui), female)
        adult = date(born.year - age, 1 + int(draw() * 12), 1 + int(draw() * 28))
        second = draw() < 0.6
        return (
            name,
            relation,
            people.number(adult, female) if draw() < 0.97 else None,
            people.phone() if draw() < 0.98 else None,
            people.name(surname if female else people.surname(hui), not female) if second else None,
            people.phone() if second and draw() < 0.6 else None,
            None,
        )


def row(
    pupil: Pupil,
    school: School,
    grade: str,
    *,
    name: str | None = None,
    status: str = "在读",
    since: Value = None,
) -> Row:
    """The child's row in 学生 as typed in one year. `name` is what is typed for the school, when it is not the school's."""
    stage = stage_of(school, grade)
    fed = stage in ("小学", "初中") and school.locale != "111"
    return (
        *pupil.head,
        school.code,
        name or school.name,
        stage,
        GRADE_NAMES[grade],
        pupil.number,
        pupil.entered,
        pupil.way,
        pupil.attendance,
        status,
        since,
        "是" if pupil.migrant else "否",
        *pupil.flags,
        "是" if fed else "否",
        pupil.bus,
        pupil.distance,
        *pupil.care,
    )
