"""去向表的读取: lists of other offices and a school's own sheet, with every problem at once."""

from collections.abc import Mapping, Sequence

from bureau.graduates import awards, rules
from bureau.graduates.actions import Said
from bureau.graduates.coming import Entry
from bureau.graduates.models import ComeList, Leaver
from junheng.intake.cells import Flaw
from junheng.intake.filled import Filled, rows_of
from junheng.intake.identity import to_id_number
from junheng.policy.clauses import Fact
from junheng.tables.model import Column

HEADINGS = (
    "姓名", "身份证件号", "出生日期", "监护人", "去向", "自", "就读学段", "就读学校", "专业", "所在地", "就业单位", "岗位",
)  # fmt: skip
MEANT = {
    "姓名": ("考生姓名", "学生姓名", "获奖学生", "获奖人姓名"),
    "身份证件号": ("身份证号", "身份证号码", "公民身份号码", "证件号码"),
    "出生日期": ("出生年月日", "生日"),
    "监护人": ("监护人姓名", "家长姓名"),
    "去向": ("毕业去向", "去向类别"),
    "自": ("入学日期", "报到日期", "起始日期", "入职日期", "录取日期"),
    "就读学段": ("学段", "录取层次", "层次", "培养层次", "学历层次"),
    "就读学校": ("录取院校", "录取学校", "院校名称", "学校名称", "录取院校名称", "转入学校"),
    "专业": ("录取专业", "专业名称"),
    "所在地": ("院校所在地", "所在省份", "就读地", "工作地点"),
    "就业单位": ("单位名称", "用人单位"),
    "岗位": ("职务", "工种"),
}
# Lists say it in their own words: 一本, 高职 …
STAGE_WORDS = {
    "本科": ("一本", "二本", "本科一批", "本科二批", "普通本科", "本科批", "本科提前批", "预科"),
    "专科": ("高职", "高职高专", "高职（专科）", "高职(专科)", "大专", "专科批"),
    "中职": ("中专", "职高", "技校", "中等职业"),
    "普高": ("高中", "普通高中"),
}
# So do schools, of where a child went.
KIND_WORDS = {
    "study": ("已升学", "录取", "继续升学"),
    "work": ("已就业", "务工", "外出务工", "打工"),
    "army": ("入伍", "应征入伍", "已入伍", "服役"),
    "idle": ("未就业", "待就业", "在家待业", "未升学未就业"),
    "unknown": ("失联", "失去联系", "联系不上", "未联系上", "去向不明"),
}
MEANS = {
    "university": "study",
    "senior": "study",
    "vocational": "study",
    "elsewhere": "study",
    "work": "work",
    "school": "",
}
ID = Column("id_number", "身份证件号", "id_number", meaning="")
MARK = "编号"


def read_list(
    name: str, content: bytes, kind: str, facts: Sequence[Fact] = ()
) -> tuple[list[Entry], list[str]]:
    """A list of another office: entries, or every problem. A wrong ID number is a problem of its line; a missing one is not.

    `facts` are those that a list of awards may say. There a child may stand in two lines, of two awards.
    """
    given = kind == ComeList.Kind.AWARD
    meant = MEANT | awards.headings_of(facts) if given else MEANT
    rows, problems, _headings = rows_of(name, content, needed=("姓名",), synonyms=meant)
    entries = []
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        person = row.text("姓名", longest=60, needed=True)
        number = _id(row)
        told = awards.facts_in(row, facts) if given else {}
        once = (number, "、".join(sorted(told)))
        if number and once in seen:
            row.wrong("身份证件号", f"与第{seen[once]}行相同，请核对，删去重复的一行")
        seen.setdefault(once, row.number)
        entries.append(
            Entry(
                row.number,
                person,
                number,
                row.day("出生日期"),
                row.text("监护人", longest=60),
                _study_of(row) if given else said_of(row, kind),
                told,
            )
        )
    return entries, problems


def read_own(
    name: str, content: bytes, leavers: Mapping[int, Leaver]
) -> tuple[list[tuple[Leaver, Said]], list[str]]:
    """去向登记表 read back: (child, what is said) for each row that says something new."""
    rows, problems, headings = rows_of(name, content, needed=("姓名", "去向"), synonyms=MEANT)
    if rows and MARK not in headings:
        return [], ["没有“编号”一列，请用本页下载的去向登记表填写；其他部门的名单请在“外来名单”上传"]
    found: list[tuple[Leaver, Said]] = []
    seen: dict[int, int] = {}
    for row in rows:
        key = row.count(MARK, needed=True)
        one = leavers.get(key or 0)
        if key is not None and one is None:
            row.wrong(MARK, f"“{key}”不在您的毕业生名单里，请恢复下载时的编号，或删去这一行")
        if one is None or not row.text("去向"):
            continue
        if one.person_name != row.text("姓名"):
            row.wrong("姓名", f"与编号 {key} 的学生“{one.person_name}”不同，请恢复下载时的姓名和编号")
        if one.pk in seen:
            row.wrong(MARK, f"与第{seen[one.pk]}行重复，请删去一行")
        seen[one.pk] = row.number
        said = said_of(row, "school")
        if said.day is None and said.kind:
            row.wrong("自", "没有填写，请填开始日期，例如 2026-09-01")
        if not _same(one, said):
            found.append((one, said))
    return found, problems


def said_of(row: Filled, kind: str) -> Said:
    """What a row says of where a child is."""
    usual = MEANS.get(kind, "")
    code = _kind(row, needed=not usual) or usual
    stage = _stage(row, kind)
    school, employer = row.text("就读学校", longest=100), row.text("就业单位", longest=100)
    if code == "study" and not school:
        row.wrong("就读学校", "升学的没有填写就读学校")
    if code == "study" and not stage:
        row.wrong("就读学段", f"升学的没有填写就读学段，应为：{'、'.join(rules.STUDY_STAGES)}")
    if code == "work" and not employer:
        row.wrong("就业单位", "就业的没有填写就业单位")
    return Said(
        code, row.day("自"), stage, school, row.text("专业", longest=60), row.text("所在地", longest=60), employer,
        row.text("岗位", longest=60),
    )  # fmt: skip


def _study_of(row: Filled) -> Said:
    """Where a list of awards says that the child studies: shown beside it, and nothing more."""
    return Said("study", None, "", row.text("就读学校", longest=100), row.text("专业", longest=60))


def _kind(row: Filled, *, needed: bool) -> str:
    typed = row.text("去向", longest=20)
    meant = next((code for code, words in KIND_WORDS.items() if typed in words), "")
    return meant or row.choice("去向", rules.KINDS, needed=needed)


def _stage(row: Filled, kind: str) -> str:
    typed = row.text("就读学段", longest=20)
    for stage, words in STAGE_WORDS.items():
        if typed == stage or typed in words:
            return stage
    if typed and typed not in rules.STUDY_STAGES:
        row.wrong("就读学段", f"“{typed}”不在列表里，应为：{'、'.join(rules.STUDY_STAGES)}")
    return typed or {"vocational": "中职", "senior": "普高"}.get(kind, "")


def _id(row: Filled) -> str:
    cell = row.cells.get("身份证件号", "")
    if not row.text("身份证件号", longest=40):
        return ""
    found = to_id_number(ID, cell)
    if isinstance(found, Flaw):
        row.wrong("身份证件号", found.message)
        return ""
    return str(found)


def _same(one: Leaver, said: Said) -> bool:
    now_said = one.current
    return now_said is not None and (
        now_said.kind, now_said.day, now_said.study_stage, now_said.school_name, now_said.major, now_said.place,
        now_said.employer, now_said.post,
    ) == (said.kind, said.day, said.study_stage, said.school_name, said.major, said.place, said.employer, said.post)  # fmt: skip
