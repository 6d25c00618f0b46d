"""考勤规则: who may take which roll, and how days away in a row are counted. Pure: no database and no Django."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bureau.people.rules import Permission, why_not

KINDS: dict[str, str] = {
    "personal": "事假",
    "sick": "病假",
    "unexcused": "无故",
    "official": "公假",
    "late": "迟到",
    "early": "早退",
}
PARTS: dict[str, str] = {"day": "全天", "am": "上午", "pm": "下午"}
NOT_AWAY = ("late", "early")
# Away for the school: no meal is eaten, but no absence is counted.
NO_ABSENCE = ("late", "early", "official")
LONGEST_REASON = 100


@dataclass(frozen=True, slots=True)
class Reach:
    """补登时限, in school days; nobody of the bureau is held by them."""

    teacher_days: int = 5
    school_days: int = 30
    assumed: bool = True


@dataclass(frozen=True, slots=True)
class Streak:
    """连续缺勤: whole school days away in a row, up to the class's last roll call.

    `unknown` are school days in between on which nobody called the roll: they neither count nor break the row.
    """

    days: int
    since: date
    last: date
    unexcused: int
    unknown: int


def halves_of(kind: str, part: str) -> int:
    """半天数 that a pupil is away."""
    return 0 if kind in NOT_AWAY else 2 if part == "day" else 1


def why_not_open(*, role: str, in_area: bool, own_class: bool) -> str | None:
    """为什么不能看这个班的考勤."""
    if role == "teacher":
        return None if own_class else "您不是这个班的班主任，请由学校在“班主任”里指定"
    return None if in_area else "这个班不在您的辖区内"


def why_not_enter(
    *,
    role: str,
    in_area: bool,
    own_class: bool,
    day: date,
    today: date,
    school_day: bool,
    back: int,
    reach: Reach,
    roll: int,
    changing: bool = False,
    reason: str = "",
) -> str | None:
    """为什么不能登记这一天. `back` is how many school days lie between the day and today."""
    refusal = why_not(role, Permission.TAKE_ATTENDANCE) or why_not_open(
        role=role, in_area=in_area, own_class=own_class
    )
    if refusal:
        return refusal
    if day > today:
        return f"{day:%Y-%m-%d}还没有到，不能登记"
    if not school_day:
        return f"{day:%Y-%m-%d}不是上学日（周末、节假日或假期）；如调课上学，请先在工作日历登记"
    if not roll:
        return "学籍里这个班在这一天没有在读学生，请核对年级和班号，或先导入学籍"
    limit = {"teacher": reach.teacher_days, "school": reach.school_days}.get(role)
    if limit is not None and back > limit:
        above = "学校账号" if role == "teacher" else "教育局"
        return f"{day:%Y-%m-%d}已过去 {back} 个上学日，超过可补登的 {limit} 个上学日，请{above}登记"
    if changing and not reason.strip():
        return "这一天已经登记过，更正请写明原因"
    return None


def why_not_named(
    named: Sequence[tuple[str, str, str, str]], *, roll: Mapping[str, str] | Collection[str]
) -> list[str]:
    """名单的问题: every one of the (pupil, kind, part, reason) that cannot stand, as sentences."""
    problems, seen = [], set()
    names: Mapping[str, str] = roll if isinstance(roll, Mapping) else {}
    for key, kind, part, reason in named:
        who = names.get(key, "名单中的一名学生")
        if key not in roll:
            problems.append("名单里有一名学生不在这个班的学籍名单上，请刷新后再登记")
        if key in seen:
            problems.append(f"{who}登记了两次，请删去一次")
        if kind not in KINDS:
            problems.append(f"{who}的类别“{kind}”不在列表里，应为：{'、'.join(KINDS.values())}")
        if part not in PARTS:
            problems.append(f"{who}的时段“{part}”不在列表里，应为：{'、'.join(PARTS.values())}")
        if len(reason) > LONGEST_REASON:
            problems.append(f"{who}的事由有 {len(reason)} 个字，最多 {LONGEST_REASON} 个，请缩短")
        seen.add(key)
    return problems


def why_not_appoint(
    *, role: str, in_area: bool, teacher_role: str, same_school: bool, active: bool, since: date, held_since: date | None
) -> str | None:  # fmt: skip
    """为什么不能指定班主任. `teacher_role` is "" where only a name is given; `held_since` of the one in charge now."""
    refusal = why_not(role, Permission.TAKE_ATTENDANCE)
    if refusal:
        return refusal
    if role == "teacher":
        return "班主任由学校或教育局指定"
    if not in_area:
        return "这个班不在您的辖区内"
    if teacher_role and teacher_role not in ("teacher", "school"):
        return "只能指定角色为“教师”或“学校”的账号"
    if teacher_role and not same_school:
        return "这个账号不属于本校，请选择本校的账号"
    if teacher_role and not active:
        return "这个账号已停用，请换一个"
    if held_since and since < held_since:
        return f"现任班主任自 {held_since:%Y-%m-%d} 起，新的起始日期不能更早"
    return None


def why_not_settle(*, role: str) -> str | None:
    """为什么不能改学期和时限."""
    if role in ("leader", "office"):
        return None
    return "学期日期和补登时限由教育局登记"


def why_not_term(*, role: str, name: str, since: date, until: date, source: str) -> str | None:
    """为什么这个学期不行."""
    refusal = why_not_settle(role=role)
    if refusal:
        return refusal
    if not (len(name) == 5 and name[:4].isdigit() and name[4] in "秋春"):
        return f"“{name}”不是学期，请写成 2026秋 或 2026春"
    if until <= since:
        return "最后一天应在开学日之后"
    if (until - since).days > 200:
        return f"{name}有 {(until - since).days} 天，一个学期不会这么长，请核对"
    if not source.strip():
        return "请填写依据，例如校历通知的文号"
    return None


def streak(school_days: Sequence[date], called: Collection[date], away: Mapping[date, str]) -> Streak | None:
    """连续缺勤. `school_days` in order; `called` those with a roll call; `away` {day: kind} of whole days absent."""
    days = unexcused = unknown = waiting = 0
    first = last = None
    for day in reversed(school_days):
        if day not in called:
            # Days after the last roll call say nothing; days in between are told apart.
            waiting += last is not None
            continue
        kind = away.get(day)
        if kind is None:
            break
        last = last or day
        first = day
        days += 1
        unexcused += kind == "unexcused"
        unknown += waiting
        waiting = 0
    return Streak(days, first, last, unexcused, unknown) if first and last else None
