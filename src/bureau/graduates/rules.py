"""去向规则: who graduated, which line of a list is which child, and what may be done now. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bureau.graduates.states import SUPPORT, SUPPORT_WORDS
from bureau.people.rules import Permission, why_not

LAST_GRADES = ("9", "12")
ORDER = {grade: place for place, grade in enumerate(("9", "10", "11", "12"))}
# Families that the documents call 困难: aid follows their children to university.
REGISTERED = ("建档立卡", "低保", "特困")
STUDY_STAGES = ("普高", "中职", "专科", "本科", "其他")
KINDS = {
    "study": "升学",
    "work": "就业",
    "army": "参军",
    "idle": "待业",
    "other": "其他",
    "unknown": "不详",
}
PLACED = ("study", "work", "army")
FIRST_YEAR, LAST_YEAR = 2000, 2100


class Person(Protocol):
    """谁: what the rules need of an account."""

    @property
    def pk(self) -> int: ...
    @property
    def role(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Afterwards:
    """下一次登记册怎么说: what the next register has of a child of a last grade."""

    status: str
    grade: str


def outcome(grade: str, after: Afterwards | None, *, next_register: bool) -> str:
    """毕业与否 of a pupil 在读 in a last grade: graduated, went_on (in the county), repeated or left.

    Without a next register, and where it no longer lists the child, the last grade counts as finished.
    """
    if not next_register or after is None or after.status == "毕业":
        return "graduated"
    if after.status not in ("在读", "休学"):
        return "left"
    return "went_on" if ORDER.get(after.grade, -1) > ORDER[grade] else "repeated"


def stage_of(stage: str, grade: str) -> str:
    """毕业学段: 初中 also for a special school, else as the register says."""
    return "初中" if grade == "9" else "中职" if stage == "中职" else "高中"


def study_stage_in_county(stage: str) -> str:
    """就读学段 of a pupil of the county after grade nine, in the words of aid."""
    return "中职" if stage == "中职" else "普高"


def is_registered(facts: Mapping[str, bool | None]) -> bool:
    """是否困难家庭: any of the three is known to hold."""
    return any(facts.get(name) is True for name in REGISTERED)


def school_grade(since: date, day: date) -> int:
    """入学第几学年: 1 in the first school year, which begins with the autumn term; 0 before it has begun.

    Who is admitted in June or later begins in September.
    """
    start = since.year if since.month >= 6 else since.year - 1
    return max(0, school_year(day) - start + 1)


def school_year(day: date) -> int:
    """学年, by the year in which it begins: on 1 September."""
    return day.year if day.month >= 9 else day.year - 1


@dataclass(frozen=True, slots=True)
class Candidate:
    """一个可能的孩子, as the rules compare it. `name` is cleaned, `id_hash` is "" when not known."""

    key: int
    name: str
    born: date | None
    guardian: str
    id_hash: str


@dataclass(frozen=True, slots=True)
class Match:
    """对上谁: state, the candidate's key or None, and why in one sentence."""

    state: str
    key: int | None
    reason: str


def match(wanted: Candidate, same_id: Sequence[Candidate], same_name: Sequence[Candidate]) -> Match:
    """名单行对上哪个孩子: by the ID number; without one by name and birth, which a person must look at.

    `same_id` and `same_name` are different children. Two children of one number, or another name under the number, are looked at too.
    """
    if same_id:
        named = [one for one in same_id if one.name == wanted.name]
        if len(named) == 1 and len(same_id) == 1:
            return Match("matched", named[0].key, "身份证件号和姓名都相同")
        if len(same_id) > 1:
            best = (named or list(same_id))[0]
            return Match("to_check", best.key, f"{len(same_id)} 名学生的身份证件号相同")
        return Match("to_check", same_id[0].key, "身份证件号相同，姓名不同")
    born = [one for one in same_name if wanted.born and one.born == wanted.born]
    with_guardian = [one for one in born if wanted.guardian and one.guardian == wanted.guardian]
    clash = [one for one in born if wanted.id_hash and one.id_hash]
    if with_guardian:
        return Match(
            "to_check",
            with_guardian[0].key,
            "姓名、出生日期和监护人相同" + ("，身份证件号不同" if clash else "，没有可比的身份证件号"),
        )
    if born:
        more = f"，这样的有 {len(born)} 人" if len(born) > 1 else ""
        return Match("to_check", born[0].key, f"姓名和出生日期相同{more}")
    if same_name and wanted.born is None:
        guardians = [one for one in same_name if wanted.guardian and one.guardian == wanted.guardian]
        if guardians:
            return Match("to_check", guardians[0].key, "姓名和监护人相同，没有出生日期")
        return Match("unmatched", None, f"只有姓名，同名的有 {len(same_name)} 人")
    if same_name:
        return Match("unmatched", None, f"有 {len(same_name)} 名同名学生，出生日期不同")
    return Match("unmatched", None, "毕业和转出学生里没有这个人")


def why_not_place(
    *,
    by: Person,
    mine: bool,
    kind: str,
    day: date | None,
    today: date,
    study_stage: str,
    school_name: str,
    employer: str,
    graduated: int,
) -> str | None:
    """为什么不能登记去向: every missing part at once. `graduated` is the year the child left."""
    refusal = why_not(by.role, Permission.REPORT_AID) or (None if mine else "这名学生不在您的辖区")
    if refusal:
        return refusal
    problems = []
    if kind not in KINDS:
        problems.append(f"请选择去向：{'、'.join(KINDS.values())}")
    if kind == "study" and study_stage not in STUDY_STAGES:
        problems.append(f"升学的请选择就读学段：{'、'.join(STUDY_STAGES)}")
    if kind == "study" and not school_name.strip():
        problems.append("升学的请填写就读学校")
    if kind == "work" and not employer.strip():
        problems.append("就业的请填写就业单位")
    if day is None:
        problems.append("请填写开始日期")
    elif day > today.replace(year=today.year + 1, day=min(today.day, 28)):
        problems.append(f"日期{day}太晚，请核对年份")
    elif day.year < graduated:
        problems.append(f"日期{day}早于离校年份 {graduated}，请核对")
    return "；".join(problems) or None


def why_not_update(*, by: Person, year: int | None, running: bool, registers: bool) -> str | None:
    """为什么不能更新毕业生."""
    refusal = why_not(by.role, Permission.MATCH_REGISTERS)
    if refusal:
        return refusal
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        return "请填写毕业年份，例如 2026"
    if not registers:
        return f"没有 {year - 1}—{year} 学年的学生登记册，请先导入"
    return "这一年的毕业生正在更新" if running else None


def why_not_list(*, by: Person, title: str, day: date | None, today: date) -> str | None:
    """为什么不能上传名单."""
    refusal = why_not(by.role, Permission.REPORT_AID)
    if refusal:
        return refusal
    problems = [] if title.strip() else ["请填写名单名称，例如 2026年普通高校录取名单"]
    if day is None or day > today:
        problems.append("请填写数据日期，不晚于今天")
    return "；".join(problems) or None


def why_not_decide(*, by: Person, mine: bool, withdrawn: bool, leaver: bool, same: bool) -> str | None:
    """为什么不能核对名单行."""
    refusal = why_not(by.role, Permission.REPORT_AID)
    if refusal:
        return refusal
    if withdrawn:
        return "名单已经撤回"
    if not mine:
        return "这名学生不在您的辖区"
    return "请先选择对上的学生" if same and not leaver else None


def why_not_withdraw(*, by: Person, uploaded_by: int, withdrawn: bool, reason: str) -> str | None:
    """为什么不能撤回名单: who uploaded it, or the bureau."""
    refusal = why_not(by.role, Permission.REPORT_AID)
    if refusal:
        return refusal
    if withdrawn:
        return "名单已经撤回"
    if by.pk != uploaded_by and why_not(by.role, Permission.MATCH_REGISTERS):
        return "只有上传的人和教育局能撤回"
    return None if reason.strip() else "请写明撤回的原因"


def why_not_support(*, by: Person, mine: bool, measure: str, owner: str, due: date | None) -> str | None:
    """为什么不能定帮扶措施."""
    refusal = why_not(by.role, Permission.REPORT_AID) or (None if mine else "这名学生不在您的辖区")
    if refusal:
        return refusal
    problems = [
        sentence
        for missing, sentence in (
            (not measure.strip(), "请填写帮扶措施，例如 推荐到职业技术学校注册入学"),
            (not owner.strip(), "请填写责任人"),
            (due is None, "请填写完成期限"),
        )
        if missing
    ]
    return "；".join(problems) or None


def why_not_report(*, by: Person, mine: bool, state: str, result: str) -> str | None:
    """为什么不能报结果."""
    refusal = why_not(by.role, Permission.REPORT_AID) or (None if mine else "这名学生不在您的辖区")
    if refusal:
        return refusal
    if (state, "report") not in SUPPORT:
        return f"这项措施“{SUPPORT_WORDS[state]}”"
    return None if result.strip() else "请写明结果"


def why_not_confirm(
    *, by: Person, state: str, done_by: int | None, back: bool, reason: str = ""
) -> str | None:
    """为什么不能复核: the bureau, and not who reported."""
    refusal = why_not(by.role, Permission.MATCH_REGISTERS)
    if refusal:
        return refusal
    if (state, "send_back" if back else "confirm") not in SUPPORT:
        return "要等报结果后才能复核" if state == "open" else f"这项措施“{SUPPORT_WORDS[state]}”"
    if back:
        return None if reason.strip() else "请写明退回的原因"
    return "报结果的人不能自己复核，请另一人复核" if by.pk == done_by else None
