"""学段与年级: what people write → stage and grade, or a sentence that says why not."""

import re
from datetime import date

from junheng.intake.cells import quoted
from junheng.policy.clauses import LAST_GRADE, PUPIL_STAGES

_WORDS = {
    "学前": ("学前教育", "幼儿园", "幼儿", "学前班", "幼教", "幼儿教育"),
    "小学": ("小学教育", "小", "完全小学", "教学点"),
    "初中": ("初级中学", "普通初中", "初", "初中教育", "初中阶段"),
    "普高": ("普通高中", "高中", "高级中学", "普通高级中学", "高", "高中教育", "普通高中教育"),
    "中职": (
        "中等职业", "中等职业教育", "中等职业学校", "中职学校", "职业高中", "职高", "中专", "中等专科", "技校",
        "技工学校", "职教", "职业教育", "中等专业学校", "中职教育",
    ),
    "本科": ("大学本科", "普通本科", "本科生", "本科教育", "一本", "二本", "民族预科", "预科", "大本"),
    "专科": ("高职", "大专", "高职高专", "高职(专科)", "专科(高职)", "专科生", "大学专科", "高等职业", "高等职业教育", "专科教育"),
}  # fmt: skip
_STAGE = {word: stage for stage, words in _WORDS.items() for word in (stage, *words)}
_BASIC = ("义务教育", "义教", "九年一贯制", "特教", "特殊教育", "特殊教育学校")
_DIGIT = {
    "一": 1,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
    "十一": 11,
    "十二": 12,
}
_NURSERY = {"小班": 1, "托班": 1, "中班": 2, "大班": 3, "学前班": 3, "幼小": 1, "幼中": 2, "幼大": 3}
# Longest first: 高职一 before 高一. 大学 and 大 name no stage: 本科 or 专科.
_PREFIXES = sorted(
    [
        *((word, stage) for word, stage in _STAGE.items() if stage != "学前"),
        *(
            ("初", "初中"),
            ("高", "普高"),
            ("高中", "普高"),
            ("职", "中职"),
            ("大", ""),
            ("大学", ""),
            ("小", "小学"),
        ),
    ],
    key=lambda pair: -len(pair[0]),
)
# 六(3)班, 三年级2班, 高三12班, 六一班; but 十一班 is a class and says nothing of the grade.
_CLASS = re.compile(
    r"(?P<grade>.+)\(([0-9]{1,2}|[一二三四五六七八九十]{1,3})\)班?"
    r"|(?P<before>.*(年级?|20\d\d级))([0-9]{1,2}|[一二三四五六七八九十]{1,3})班"
    r"|(?P<short>[初高职小]?[一二三四五六七八九])([0-9]{1,2}|[一二三四五六七八九])班"
)
_NURSERY_CLASS = re.compile(r"[大中小托]\(?([0-9]{1,2}|[一二三四五六七八九十]{1,3})\)?班")
_PREPARATORY = frozenset(("预科", "民族预科"))
_LAST = 12
_YEAR = re.compile(r"(20\d\d)级?届?")


def to_stage(text: str) -> str:
    """The stage that a word means; "义教" where only the grade can tell 小学 from 初中; "" when it means none."""
    if text.startswith("高中阶段"):  # 普高 and 中职 together
        return ""
    bare = re.sub(r"[\s()]|阶段$|学段$", "", text)
    if bare in _BASIC or text in _BASIC:
        return "义教"
    return _STAGE.get(text) or _STAGE.get(bare) or ""


def to_child_stage(stage_text: str, grade_text: str, on: date) -> tuple[str, int, list[tuple[str, str]]]:
    """学段、年级: (stage or "", grade or 0, [(heading, sentence) …]). Both texts are already in half width."""
    problems: list[tuple[str, str]] = []
    stage = to_stage(stage_text)
    if stage_text and not stage:
        hint = f"只能填{'、'.join(PUPIL_STAGES)}"
        if re.search("大学|高等|高校", stage_text):
            hint = "请写明本科还是专科"
        elif "高中" in stage_text:
            hint = "请写明普高还是中职"
        problems.append(("学段", f"{quoted(stage_text)}不是规定的学段，{hint}"))
        if not 0 <= _grade(grade_text, "", on)[1] <= _LAST:
            problems.append(("年级", f"{quoted(grade_text)}不是年级，请填数字，如 3"))
        return "", 0, problems
    meant, grade = _grade(grade_text or (stage_text if stage_text in _PREPARATORY else ""), stage, on)
    if not stage:
        stage = meant
    if stage == "义教":
        stage = "初中" if meant == "初中" or grade > 6 else "小学" if grade else ""
    if not stage:
        problems.append(("学段", "没有学段，无法判断；请填写"))
        return "", 0, problems
    if meant and meant != stage and not (meant == "普高" and stage == "中职"):
        problems.append(("年级", f"{quoted(grade_text)}与学段“{stage}”不一致，请核对"))
        return stage, 0, problems
    grade = _within(stage, grade)
    if grade_text and not 1 <= grade <= LAST_GRADE[stage]:
        problems.append(("年级", f"{quoted(grade_text)}不是{stage}的年级，请填 1 至 {LAST_GRADE[stage]}"))
        return stage, 0, problems
    return stage, grade, problems


def _within(stage: str, grade: int) -> int:
    """七年级 as the first of 初中, 十年级 as the first of 普高."""
    if stage == "初中" and 7 <= grade <= 9:
        return grade - 6
    if stage in ("普高", "中职") and 10 <= grade <= 12:
        return grade - 9
    return grade


def _grade(text: str, stage: str, on: date) -> tuple[str, int]:
    """(stage that the words themselves name or "", grade or −1 when unreadable, 0 when blank)."""
    tight = re.sub(r"\s", "", text)
    if not tight:
        return "", 0
    meant, grade = _words(re.sub(r"[()]", "", tight), stage, on)
    if 1 <= grade <= _LAST:
        return meant, grade
    if stage == "学前" and _NURSERY_CLASS.fullmatch(tight):
        return "学前", _NURSERY[f"{tight[0]}班"]
    if found := _CLASS.fullmatch(tight):
        return _words(found["grade"] or found["before"] or found["short"], stage, on)
    return meant, grade


def _words(bare: str, stage: str, on: date) -> tuple[str, int]:
    """The same for words without brackets and without a class."""
    for word, grade in _NURSERY.items():
        if bare.startswith(word):
            return "学前", grade
    if found := _YEAR.fullmatch(bare):
        return "", (on.year if on.month >= 8 else on.year - 1) - int(found[1]) + 1
    if bare in _PREPARATORY:
        return "本科", 1
    meant = prefix = ""
    for prefix, named in _PREFIXES:
        rest = bare.removeprefix(prefix)
        if rest != bare and _number(rest):
            meant = named
            bare = rest
            break
    else:
        prefix = ""
    number = _number(bare)
    if not stage and not prefix:
        meant = "小学" if 1 <= number <= 6 and "年级" in bare else "初中" if 7 <= number <= 9 else meant
    if meant in ("初中", "普高") and stage not in ("", "义教", meant):
        return meant, number
    return meant, number or -1


def _number(text: str) -> int:
    bare = re.sub(r"^第|年级$|学年$|年$|级$", "", text)
    bare = re.sub(r"(年级|学年|年|级)$", "", bare)
    bare = re.sub(r"\.0$", "", bare)
    if bare.isdecimal():
        return int(bare)
    return _DIGIT.get(bare, 0)
