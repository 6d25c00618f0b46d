"""标题说的是谁的什么: a heading of another office's register → whose it is (the child's, a guardian's, …) and what of that person."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from junheng.intake.headings import bare_heading, match
from junheng.tables import Column, Sheet

CHILD: Final = "child"
GUARDIAN, FATHER, MOTHER, HEAD = "guardian", "father", "mother", "head"
OTHER: Final = "other"  # a person of no use for telling who the child is: who keeps the bank card, who calls on the family
KEPT_AS: Final = {
    (CHILD, "name"): "name", (CHILD, "id"): "id",
    (GUARDIAN, "name"): "guardians", (GUARDIAN, "id"): "guardian_ids",
    (FATHER, "name"): "father", (FATHER, "id"): "father_id",
    (MOTHER, "name"): "mother", (MOTHER, "id"): "mother_id",
    (HEAD, "name"): "head", (HEAD, "id"): "head_id",
}  # fmt: skip
_OWN = {kept: key for key, kept in KEPT_AS.items()}
_WORDS: Final = {
    GUARDIAN: (
        "实际监护人", "法定监护人", "委托监护人", "临时监护人", "主要监护人", "监护人", "委托照护人", "受委托人", "照护人", "抚养人", "养育人", "代养人", "寄养人",
        "家长", "父母",
    ),
    HEAD: ("家庭户主", "户主", "户代表", "申请人", "申请者"),
    CHILD: (
        "低保家庭成员", "家庭成员", "共同生活成员", "成员", "新生儿", "学生", "儿童", "孩子", "子女", "幼儿", "婴儿", "残疾人", "低保对象", "低保人员", "特困人员",
        "特困对象", "保障对象", "保障人员", "救助对象", "救助人员", "供养对象", "供养人员", "监测对象", "享受对象", "享受人员", "享受人", "受助人", "资助对象", "受益人",
        "发放对象", "脱贫人口", "困境儿童", "留守儿童", "孤儿", "未成年人", "被监护人", "被照护人", "毕业生", "对象", "人员", "本人",
    ),
    OTHER: (
        "照料护理人", "照料人", "护理人", "帮扶责任人", "帮扶联系人", "帮扶干部", "帮扶人", "包联干部", "包户干部", "包保干部", "包抓干部", "责任人", "负责人", "网格员",
        "儿童主任", "儿童督导员", "督导员", "班主任", "校长", "教师", "老师", "经办人", "填表人", "审核人", "开户人", "持卡人", "账户人", "收款人", "领款人", "领取人",
        "代领人", "代理人", "配偶", "村干部", "驻村干部", "医生",
    ),
    FATHER: ("父亲", "爸爸", "父"),
    MOTHER: ("母亲", "妈妈", "母"),
}  # fmt: skip
_ROLES: Final = sorted(
    ((word, who) for who, words in _WORDS.items() for word in words), key=lambda one: -len(one[0])
)
_STARTS = re.compile("(?:" + "|".join(word for word, _ in _ROLES) + ")")
_WHO = dict(_ROLES)
_ALONE: Final = frozenset(("对象", "人员", "本人", "父母", "父", "母"))  # no heading of names by themselves
_FOLLOWS: Final = frozenset(("name", "id", "phone", "sex", "born", "address"))
_PLACES: Final = frozenset(("county", "township", "village"))
_CARD: Final = ("残疾证", "残疾人证")
_LONGEST_GROUP: Final = 16
_COUNTED = re.compile(
    r"((?:家庭|共同生活)?(?:成员|子女|孩子|儿童|学生|监护人|家长))[(]?([1-9]|1\d|[一二三四五六七八九])[)]?(.*)"
)
_WHERE = re.compile(r"(所属|所在|户籍|户口|现住|居住|现)(?=.{1,8}$)")
_REMARK = re.compile(r"[(\[【][^()\[\]【】]*[)\]】]")


@dataclass(frozen=True, slots=True)
class Meaning:
    """标题的意思: `who` is "" where the heading does not say; `what` is name, id, card, phone, sex, born or a column of the sheet; "" is nothing known."""

    who: str
    what: str
    column: Column | None = None
    unit: str = ""  # a unit in it that is not the agreed one


NOTHING: Final = Meaning("", "")


@lru_cache(maxsize=4096)
def meaning(sheet: Sheet, heading: str) -> Meaning:
    """What a bare heading means."""
    inside = "".join(_REMARK.findall(heading))
    plain = _REMARK.sub("", heading)
    found = match(sheet, heading) or match(sheet, plain)
    if (
        found is None
        and (rest := _WHERE.sub("", heading, count=1)) != heading
        and (place := match(sheet, rest))
    ):
        found = place if place[0].name in _PLACES else None
    if found is None:
        return _by_person(sheet, plain)
    column, unit = found
    who, what = _OWN.get(column.name, ("", column.name))
    if who == CHILD:
        who = CHILD if _person(plain) == CHILD else ""
        if what == "id" and any(word in heading for word in _CARD) and "身份证号" not in plain:
            what = "card"
        # 姓名(户主): whose it is stands in the brackets.
        who = _whose(inside) or who
    elif column.name == "phone":
        who = _person(plain)
    return Meaning(who, what, column, unit)


def _by_person(sheet: Sheet, heading: str) -> Meaning:
    """监护人 + 证件号码, 供养对象 + 姓名: whose it is and what, each by itself."""
    start = _STARTS.match(heading)
    if start is None:
        return NOTHING
    who, rest = _WHO[start[0]], heading[start.end() :].removeprefix("的")
    if not rest:
        return NOTHING if start[0] in _ALONE else Meaning(who, "name")
    found = match(sheet, rest)
    if found is None and (again := _STARTS.match(rest)):
        found = match(sheet, rest[again.end() :])
    if found is None or found[0].name not in _FOLLOWS or found[1]:
        return NOTHING
    column = found[0]
    if column.name in ("sex", "born", "address") and who != CHILD:
        return NOTHING
    return Meaning(who, column.name, column)


def _person(heading: str) -> str:
    start = _STARTS.match(heading)
    return _WHO[start[0]] if start else ""


def _whose(text: str) -> str:
    """The one sort of person that a text names; "" when none or several."""
    named = {_WHO[word] for word in _STARTS.findall(text)}
    return named.pop() if len(named) == 1 else ""


def uncounted(heading: str) -> tuple[str, str]:
    """家庭成员2姓名 → 家庭成员姓名 and 2: one of several people in one row."""
    found = _COUNTED.fullmatch(heading)
    return (found[1] + found[3], found[2]) if found else (heading, "")


def group_of(text: str) -> str:
    """Whose columns stand below a heading that spans several: 监护人基本情况, 儿童信息; "" when it does not say."""
    # What has a colon says who reports: 单位负责人：……
    return "" if re.search("[:：]", text) or len(text) > _LONGEST_GROUP else _whose(bare_heading(text))
