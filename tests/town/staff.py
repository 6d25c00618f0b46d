"""编造的教师 (staff): hires, retires, recognises and rotates the teachers of a county's schools."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from math import ceil
from random import Random

from town.condition import STANDARD, Condition
from town.identity import Identities
from town.structure import School

ARTS = ("体育", "音乐", "美术")
_SUBJECTS = {
    "小学": {
        "语文": 5,
        "数学": 5,
        "英语": 1,
        "道德与法治": 1,
        "科学": 1,
        "信息技术": 1,
        "综合实践": 1,
        "劳动": 1,
    },
    "初中": {
        "语文": 3,
        "数学": 3,
        "英语": 3,
        "物理": 1,
        "化学": 1,
        "生物": 1,
        "历史": 1,
        "地理": 1,
        "道德与法治": 1,
    },
    "高中": {
        "语文": 2,
        "数学": 2,
        "英语": 2,
        "物理": 1,
        "化学": 1,
        "生物": 1,
        "历史": 1,
        "地理": 1,
        "体育": 1,
    },
    "中职": {"专业课": 4, "语文": 1, "数学": 1, "英语": 1, "体育": 1, "信息技术": 1},
    "特教": {"特殊教育": 4, "音乐": 1, "美术": 1, "体育": 1},
    "学前": {"学前教育": 1},
}
_RATIO = {"seat": 19.3, "centre": 16.6, "village": 13.5, "point": 11.0}  # primary pupils to a teacher
_OTHER_RATIO = {"高中": 13.2, "中职": 14.5, "特教": 4.2, "学前": 14.0}
_TITLES = ("未定级", "二级教师", "一级教师", "高级教师", "正高级教师")
_BACKBONE = ("县级", "县级", "县级", "县级", "市级", "市级", "省级")
BELOW = {"小学": ("41", "61"), "初中": ("31",)}  # educations that the first indicator does not count
ABOVE = {"小学": ("31", "21", "21", "21"), "初中": ("21", "21", "21", "14")}
NAMES = {
    "41": "中等专科毕业",
    "61": "普通高中毕业",
    "31": "大学专科毕业",
    "21": "大学本科毕业",
    "14": "硕士研究生毕业",
}


@dataclass(slots=True)
class Teacher:
    """一名教职工. `luck` decides once and for all whether training or the certificate lags behind."""

    number: str
    name: str
    female: bool
    born: date
    hui: bool
    school: str
    stage: str
    post: str
    education: str
    subject: str | None
    title: str
    backbone: str
    establishment: str
    started: int
    posted: int
    luck: float
    hours: int
    lessons: int
    phone: str | None
    rotating: bool = False
    eligible: bool = False
    shared: str | None = None


class Staff:
    """教师队伍 of a county in one year after another."""

    def __init__(self, people: Identities, chance: Random) -> None:
        self.people, self.chance = people, chance
        self.teachers: list[Teacher] = []
        self.by_place: dict[tuple[str, str], list[Teacher]] = defaultdict(list)

    def in_post(self, school: School, stage: str) -> list[Teacher]:
        """The full-time teachers of a stage in a school."""
        return [t for t in self.by_place[school.code, stage] if t.post == "专任教师"]

    def arrange(
        self,
        year: int,
        schools: list[School],
        sizes: dict[tuple[str, str], tuple[int, int]],
        conditions: dict[str, Condition],
    ) -> None:
        """Bring every school to its number for the year. `sizes`: (school code, stage) → pupils, classes."""
        self._retire(year, {school.code for school in schools})
        opening = not self.teachers
        for school in schools:
            for stage in ("学前", "小学", "初中", "高中", "中职", "特教"):
                if (school.code, stage) in sizes:
                    pupils, classes = sizes[school.code, stage]
                    condition = conditions.get(school.code)
                    self._fill(year, school, stage, pupils, classes, condition, opening)
        for school in schools:
            self._others(year, school)
        self._mark_eligible(year)

    def _fill(
        self,
        year: int,
        school: School,
        stage: str,
        pupils: int,
        classes: int,
        condition: Condition | None,
        opening: bool,
    ) -> None:
        staff = self.in_post(school, stage)
        wanted = self._number(school, stage, pupils, classes)
        short_of_arts = 0
        if condition and stage in ("小学", "初中"):
            wanted_arts = self._wanted("R3", stage, pupils, condition)
            short_of_arts = max(0, wanted_arts - sum(t.subject in ARTS for t in staff))
            wanted = max(wanted, len(staff) + short_of_arts if short_of_arts and not opening else wanted)
        while len(staff) < wanted:
            arts = len(staff) >= wanted - short_of_arts
            subject = self.chance.choice(ARTS) if arts else self._draw(_SUBJECTS[stage])
            staff.append(self._hire(year, school, stage, subject, opening))
        if condition and stage in ("小学", "初中"):
            self._recognise(stage, pupils, staff, condition)
            if opening or "R1" in condition.raised:
                self._qualify(stage, pupils, staff, condition)

    def _draw(self, weights: dict[str, int]) -> str:
        return self.chance.choices(list(weights), list(weights.values()))[0]

    def _number(self, school: School, stage: str, pupils: int, classes: int) -> int:
        spread = 0.94 + (int(school.code[-3:]) * 7 % 13) / 100
        if stage == "小学":
            least = classes if school.tier == "village" else ceil(classes * 0.7)
            return max(2, min(least, ceil(pupils / 5)), round(pupils / (_RATIO[school.tier] * spread)))
        if stage == "初中":
            return max(3, round(pupils / ((13.6 if school.tier == "seat" else 12.3) * spread)))
        return max(2, round(pupils / (_OTHER_RATIO[stage] * spread)))

    def _wanted(self, name: str, stage: str, pupils: int, condition: Condition) -> int:
        """People an indicator asks for at the school's level: rounded up where it is met, down where it is short."""
        level = condition.levels[name]
        share = level * STANDARD[name][stage == "初中"] * pupils / 100
        return ceil(share) if level >= 1 else int(share)

    def _recognise(self, stage: str, pupils: int, staff: list[Teacher], condition: Condition) -> None:
        """骨干: as many as the school's level says; nobody loses the title, who retires is replaced."""
        missing = self._wanted("R2", stage, pupils, condition) - sum(t.backbone != "无" for t in staff)
        ready = sorted((t for t in staff if t.backbone == "无"), key=lambda t: abs(t.started - 2008))
        for teacher in ready[: max(missing, 0)]:
            teacher.backbone = self.chance.choice(_BACKBONE)

    def _qualify(self, stage: str, pupils: int, staff: list[Teacher], condition: Condition) -> None:
        """高于规定学历: at the level where it is short, nearly everybody where it is met."""
        above = len(staff) - sum(self.chance.random() < 0.04 for _ in staff)
        if condition.levels["R1"] < 1:
            above = min(above, self._wanted("R1", stage, pupils, condition))
        else:
            above = max(above, min(len(staff), self._wanted("R1", stage, pupils, condition)))
        for place, teacher in enumerate(sorted(staff, key=lambda t: -t.started)):
            teacher.education = self.chance.choice(ABOVE[stage] if place < above else BELOW[stage])

    def _hire(
        self,
        year: int,
        school: School,
        stage: str,
        subject: str | None,
        opening: bool,
        post: str = "专任教师",
    ) -> Teacher:
        chance, people = self.chance, self.people
        age = int(min(max(chance.gauss(40, 9.5), 23), 58)) if opening else chance.randrange(22, 28)
        female = chance.random() < (0.94 if stage == "学前" else 0.55)
        if female and age > 53:
            age = chance.randrange(42, 55)
        born = date(year - age, chance.randrange(1, 13), chance.randrange(1, 29))
        started = min(born.year + chance.choice((22, 22, 23, 24)), year)
        served = year - started
        hui = chance.random() < 0.6
        young = served < 6
        teacher = Teacher(
            number=people.number(born, female),
            name=people.name(people.surname(hui), female),
            female=female,
            born=born,
            hui=hui,
            school=school.code,
            stage=stage,
            post=post,
            education=chance.choice(
                ("31", "21", "21") if stage in ("小学", "学前") else ("21", "21", "21", "14")
            ),
            subject=subject,
            title=_TITLES[
                min(served // 7 + (chance.random() < 0.2), 4 if served > 27 and chance.random() < 0.03 else 3)
            ],
            backbone="无",
            establishment=chance.choice(
                ("在编", "特岗", "特岗") if young and school.tier != "seat" else ("在编",) * 12 + ("聘用",)
            ),
            started=started,
            posted=max(started, year - int(chance.expovariate(1 / 8))) if opening else year,
            luck=chance.random(),
            hours=chance.randrange(362, 440),
            lessons=chance.randrange(10, 19) if stage != "学前" else 0,
            phone=people.phone() if chance.random() < 0.98 else None,
        )
        self.teachers.append(teacher)
        self.by_place[school.code, stage].append(teacher)
        return teacher

    def _others(self, year: int, school: School) -> None:
        """Heads, administration, and kitchen and house staff, in schools large enough to have them."""
        if year != 2023 or school.size < 150:
            return
        stage = {"1": "学前", "2": "小学", "5": "特教"}.get(
            school.kind[0], "初中" if school.kind in ("311", "312") else "高中"
        )
        for post in ("校长", "行政人员", "教辅人员", "工勤人员")[: 1 + school.size // 450]:
            teacher = self._hire(year, school, stage, None, True, post)
            teacher.lessons = 0

    def _retire(self, year: int, open_schools: set[str]) -> None:
        """Women at 55, men at 60, and one in a hundred for other reasons; and a closed school's."""
        kept = []
        for teacher in self.teachers:
            age = year - teacher.born.year
            if age >= (55 if teacher.female else 60) or self.chance.random() < 0.008:
                continue
            if teacher.school not in open_schools:
                continue
            kept.append(teacher)
        self.teachers = kept
        self.by_place = defaultdict(list)
        for teacher in kept:
            self.by_place[teacher.school, teacher.stage].append(teacher)

    def _mark_eligible(self, year: int) -> None:
        """符合交流条件: six years in one school, in the establishment, in compulsory education."""
        for teacher in self.teachers:
            teacher.rotating = False
            teacher.eligible = (
                teacher.post == "专任教师"
                and teacher.stage in ("小学", "初中")
                and teacher.establishment == "在编"
                and year - teacher.posted >= 6
            )

    def rotate(self, year: int, share: float, backbone_share: float) -> None:
        """交流轮岗: pairs of teachers of one stage and subject change places, so that no school has fewer."""
        eligible = [t for t in self.teachers if t.eligible]
        self.chance.shuffle(eligible)
        wanted = ceil(len(eligible) * share)
        backbone = ceil(wanted * backbone_share)
        moved = self._swap([t for t in eligible if t.backbone != "无"], backbone, year)
        self._swap([t for t in eligible if t.backbone == "无"], wanted - moved, year)

    def _swap(self, candidates: list[Teacher], wanted: int, year: int) -> int:
        waiting: dict[tuple[str, str | None, bool], Teacher] = {}
        moved = 0
        for teacher in candidates:
            if moved >= wanted:
                break
            key = (teacher.stage, teacher.subject, teacher.education in BELOW[teacher.stage])
            partner = waiting.pop(key, None)
            if partner is None or partner.school == teacher.school:
                waiting[key] = teacher
                continue
            teacher.school, partner.school = partner.school, teacher.school
            for one in (teacher, partner):
                one.posted, one.rotating = year, True
            moved += 2
        return moved
