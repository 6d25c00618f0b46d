"""资助判断的规则: what a pupil's row says of the facts, which register decides, and how due and paid compare. Pure."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from bureau.people.rules import Permission, why_not

PAID, LESS, MORE, WAITING, MISSED = "paid", "less", "more", "waiting", "missed"
UNDUE, UNCONFIRMED, UNKNOWN, NO_LIST = "undue", "unconfirmed", "unknown", "no_list"
# Due by the registers, and refused by who reviewed it: neither forgotten nor covered, until registers or reviewers change.
REFUSED = "refused"
# The lists of the page, in its order: {list: standings in it}.
LISTS: Mapping[str, tuple[str, ...]] = {
    "missed": (MISSED, LESS),
    "waiting": (WAITING,),
    "undue": (UNDUE, MORE),
    "refused": (REFUSED,),
    "paid": (PAID,),
    "unconfirmed": (UNCONFIRMED,),
    "unknown": (UNKNOWN,),
    "no_list": (NO_LIST,),
}
# Of what is due, what has been paid in full (or more).
COVERED = (PAID, MORE)
DUE = (PAID, LESS, MORE, WAITING, MISSED, REFUSED)
GRANTED = ("paid", "cut")
ABSENT = "absent"

_KINDERGARTEN = {"K1": 1, "K2": 2, "K3": 3}
_FIRST = {"小学": 1, "初中": 7, "普高": 10, "中职": 10}
_LENGTH = {"小学": 6, "初中": 3, "普高": 3, "中职": 3}
_VOCATIONAL = "36"  # 中等职业学校 in the codes of school kinds
JUDGED = ("在读", None, "")


class Entry(NamedTuple):
    """学校填报的一行: what of a pupil's row the facts are made of."""

    household_kind: str | None
    attendance_way: str | None
    disability: str | None
    registered_household: bool | None
    minimum_living: bool | None
    destitute: bool | None
    orphan: bool | None
    migrant: bool | None
    left_behind: bool | None
    nutrition_meals: bool | None


def stage_and_grade(stage: str | None, grade: str | None, school_kind: str | None) -> tuple[str, int]:
    """(学段 of the clauses, 年级 from 1 within it): ("", 0) without a stage, grade 0 where it cannot be told.

    Special education has no stage of its own in the clauses: its grade says which. 高中 at a vocational school is 中职.
    """
    if stage == "学前":
        return "学前", _KINDERGARTEN.get(grade or "", 0)
    number = int(grade) if grade and grade.isdigit() else 0
    if stage == "特教":
        meant = "小学" if 1 <= number <= 6 else "初中" if 7 <= number <= 9 else "普高" if number else ""
        return (meant, number - _FIRST[meant] + 1) if meant else ("", 0)
    if stage == "高中":
        stage = "中职" if (school_kind or "").startswith(_VOCATIONAL) else "普高"
    if stage not in _FIRST:
        return "", 0
    within = number - _FIRST[stage] + 1
    return stage, within if 1 <= within <= _LENGTH[stage] else 0


def rural_school(locale: str | None) -> bool | None:
    """城乡类型: 乡村 yes, 城区 no; of a school in a 镇区 no document says whether it is a rural school."""
    if not locale:
        return None
    return True if locale.startswith("2") else False if locale in ("11", "111", "112") else None


def rural_household(kind: str | None) -> bool | None:
    """户口性质: 居民户口 does not say."""
    return {"农业户口": True, "非农业户口": False}.get(kind or "")


def either(one: bool | None, other: bool | None) -> bool | None:
    """One of both, in three values."""
    if one or other:
        return True
    return False if one is False and other is False else None


def own_facts(row: Entry) -> dict[str, bool | None]:
    """事实 as the school entered them; 农村 is the household's only, and 困难 stands in no column."""
    return {
        "建档立卡": row.registered_household,
        "低保": row.minimum_living,
        "特困": row.destitute,
        "孤儿": row.orphan,
        "残疾": None if not row.disability else row.disability != "无",
        "寄宿": {"住校": True, "走读": False, "借宿": False}.get(row.attendance_way or ""),
        "农村": rural_household(row.household_kind),
        "留守": row.left_behind,
        "随迁": row.migrant,
        "营养改善试点": row.nutrition_meals,
    }


def only_by_list(missing: str, listed: Collection[str]) -> bool:
    """只等名单: everything that is not known of a line (as it is stored) is said by lists alone, so that nobody here could find it out."""
    return bool(missing) and all(fact in listed for fact in missing.split("、"))


def standing_of(
    *,
    state: str,
    due: int,
    paid: int,
    in_payment: bool,
    in_hand: bool = False,
    refused: bool = False,
    by_list: bool = False,
) -> str:
    """应发与实发 of one line. `in_payment`: the term is over, or somebody has been paid by this clause in it; `in_hand`: the term is not
    over, and the child is on its way to being paid; `refused`: by who reviewed it; `by_list`: of what is not known. Who was paid all the same is a question again.
    """
    if state == UNCONFIRMED:
        return UNCONFIRMED
    if state == UNKNOWN:
        return NO_LIST if by_list and paid <= 0 else UNKNOWN
    if state not in GRANTED:
        return UNDUE
    if paid <= 0:
        if refused:
            return REFUSED
        return MISSED if in_payment and not in_hand else WAITING
    return PAID if paid == due or due == 0 else LESS if paid < due else MORE


def why_not_evaluate(*, role: str, term_refusal: str | None, running: bool) -> str | None:
    """为什么不能重新判断."""
    refusal = why_not(role, Permission.REVIEW_AWARDS)
    if refusal:
        return refusal
    if term_refusal:
        return term_refusal
    return "这个学期正在判断，请等它完成或先取消" if running else None


def why_not_cancel(*, role: str, state: str) -> str | None:
    """为什么不能取消."""
    refusal = why_not(role, Permission.REVIEW_AWARDS)
    if refusal:
        return refusal
    return None if state in ("queued", "running") else "判断已经结束，不用取消"
