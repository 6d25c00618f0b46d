"""通报规则: why something may not be done to a bulletin now, in one sentence each. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol

from bureau.bulletins.ranking import CODES, LARGEST, Criterion, shown
from bureau.bulletins.states import WORDS, Event, next_state
from bureau.people.rules import Permission, why_not

LONGEST_TEXT = 8000
LONGEST_TITLE = 120
EARLIEST_YEAR = 2000
PARTS: Mapping[str, tuple[int, ...]] = {"quarterly": (1, 2, 3, 4), "half_yearly": (1, 2), "yearly": (1,)}
_HUNDRED = Decimal(100)


class Person(Protocol):
    """谁."""

    @property
    def pk(self) -> int: ...
    @property
    def role(self) -> str: ...


class BulletinLike(Protocol):
    """一份通报, as far as the rules look at it."""

    @property
    def state(self) -> str: ...
    @property
    def submitted_by_id(self) -> int | None: ...
    @property
    def drafted_by_id(self) -> int: ...


def why_not_begin(
    *,
    by: Person,
    in_county: bool,
    kind: str,
    year: int | None,
    part: int | None,
    as_of: date | None,
    today: date,
    plans: int,
    there: str = "",
) -> str | None:
    """为什么不能起草: everything that is wrong at once. `plans`: how many are in force; `there`: an open one of the same period."""
    refusal = _outside(by, in_county)
    if refusal:
        return refusal
    wrong = []
    if kind not in PARTS:
        wrong.append("请选择种类（季度分析通报、半年听证报告或年度报告）")
    if year is None or not EARLIEST_YEAR <= year <= today.year:
        wrong.append(f"年份应是 {EARLIEST_YEAR} 到 {today.year} 的整数")
    if kind in PARTS and part not in PARTS[kind]:
        wrong.append(f"请选择{'季度' if kind == 'quarterly' else '上半年或下半年'}")
    if as_of is None:
        wrong.append("请填写数据截止日期，例如 2026-09-30")
    elif as_of > today:
        wrong.append(f"数据截止日期{as_of:%Y-%m-%d}还没有到，请填今天或更早的日期")
    elif (
        year is not None
        and kind in PARTS
        and part in PARTS[kind]
        and as_of < period(kind, year, part or 1)[0]
    ):
        wrong.append(f"数据截止日期{as_of:%Y-%m-%d}早于这一期的开始，请改正")
    if not plans:
        wrong.append("还没有已发布的计划，请先在“计划文件”里发布")
    if there:
        wrong.append(f"这一期已有一份没有撤回的通报“{there}”，请在它上面修改，或撤回后重拟")
    return "；".join(wrong) or None


def why_not_write(one: BulletinLike, *, by: Person, in_county: bool) -> str | None:
    """为什么不能改: only drafts are changed."""
    refusal = _outside(by, in_county)
    if refusal:
        return refusal
    if one.state != "draft":
        return f"这份通报“{WORDS[one.state]}”，只有拟稿中的才能修改"
    return None


def why_not_section(heading: str, text: str) -> str | None:
    """为什么这一部分不能保存: heading and length; wrong figures are saved and listed, so that no text is lost."""
    wrong = []
    if not heading.strip():
        wrong.append("请填写小标题")
    if len(heading) > 60:
        wrong.append("小标题最多 60 个字")
    if len(text) > LONGEST_TEXT:
        wrong.append(f"正文有 {len(text):,} 个字，最多 {LONGEST_TEXT:,} 个，请缩短")
    return "；".join(wrong) or None


def why_not_over(seen: str, now: str) -> str | None:
    """为什么不能直接覆盖: another has saved since; "" for who has not looked at a page."""
    if not seen or seen == now:
        return None
    return (
        "这一部分在您打开后被别人改过，对方的文字在“经过”里；您的文字还没有保存，再按一次保存就用您的文字代替"
    )


def why_not_details(*, title: str, recipients: str, number_flaw: str | None) -> str | None:
    """为什么标题、文号或主送机关不行. `number_flaw` is what `why_not_number` says of a typed number."""
    wrong = []
    if not title.strip():
        wrong.append("请填写标题")
    if len(title) > LONGEST_TITLE:
        wrong.append(f"标题有 {len(title)} 个字，最多 {LONGEST_TITLE} 个")
    if title.strip() and title.strip()[-1] in "。；，、":
        wrong.append("标题末尾不加标点")
    if len(recipients) > 500:
        wrong.append("主送机关最多 500 个字")
    if number_flaw:
        wrong.append(number_flaw)
    return "；".join(wrong) or None


def why_not_submit(
    one: BulletinLike, *, by: Person, in_county: bool, problems: Sequence[str], unsourced: Sequence[str]
) -> str | None:
    """为什么不能送签: wrong figures and numerals that nobody has acknowledged."""
    refusal = why_not_write(one, by=by, in_county=in_county)
    return refusal or _unfinished(problems, unsourced)


def why_not_return(one: BulletinLike, *, by: Person, in_county: bool, reason: str) -> str | None:
    """为什么不能退回修改."""
    refusal = _outside(by, in_county) or _moves(one, Event.RETURN, "只有待签发的才能退回修改")
    return refusal or (None if reason.strip() else "退回修改须写明原因")


def why_not_issue(
    one: BulletinLike,
    *,
    by: Person,
    in_county: bool,
    number: str,
    number_flaw: str | None = None,
    taken: str = "",
    problems: Sequence[str],
    unsourced: Sequence[str],
) -> str | None:
    """为什么不能签发: a second person, a number of its own, and every figure in order. `taken`: the bulletin that has the number."""
    refusal = _outside(by, in_county) or _moves(one, Event.ISSUE, "送签后才能签发")
    if refusal:
        return refusal
    if by.pk in (one.submitted_by_id, one.drafted_by_id):
        return "起草或送签的人不能自己签发，请另一人签发"
    if not number:
        return "请填写发文字号，例如 同教发〔2026〕12号"
    if number_flaw:
        return number_flaw
    if taken:
        return f"发文字号“{number}”已经用在“{taken}”上，请改号"
    return _unfinished(problems, unsourced)


def why_not_withdraw(one: BulletinLike, *, by: Person, in_county: bool, reason: str) -> str | None:
    """为什么不能撤回 what has been issued."""
    refusal = _outside(by, in_county) or _moves(one, Event.WITHDRAW, "只有已印发的才能撤回")
    return refusal or (None if reason.strip() else "撤回须写明原因")


def why_not_delete(one: BulletinLike, *, by: Person, in_county: bool) -> str | None:
    """为什么不能删除: only what nobody has seen yet."""
    refusal = _outside(by, in_county)
    if refusal:
        return refusal
    return None if one.state == "draft" else f"这份通报“{WORDS[one.state]}”，只有拟稿能删除"


def why_not_rank_so(rules: Sequence[Criterion], *, by: Person, in_county: bool, reason: str) -> str | None:
    """为什么不能改成这样的排名规则: every problem at once."""
    refusal = _outside(by, in_county)
    if refusal:
        return refusal
    wrong = []
    for one in rules:
        if not 0 <= one.each <= LARGEST:
            wrong.append(
                f"“{one.name}”每{one.unit}扣分应在 0 到 {shown(LARGEST)} 之间，现在是 {shown(one.each)}"
            )
        if not 0 <= one.cap <= LARGEST:
            wrong.append(f"“{one.name}”最多扣分应在 0 到 {shown(LARGEST)} 之间，现在是 {shown(one.cap)}")
        elif one.each > one.cap:
            wrong.append(f"“{one.name}”每{one.unit}扣分不应大于最多扣分")
    if {one.code for one in rules} != set(CODES):
        wrong.append("每一条规则都要填写")
    elif not any(one.each for one in rules):
        wrong.append("至少要有一条规则扣分大于 0，否则各单位都是 100 分")
    if not reason.strip():
        wrong.append("请写明修改的原因或依据")
    return "；".join(wrong) or None


def why_not_weigh(*, by: Person, in_county: bool) -> str | None:
    """为什么不能定责任状的权重."""
    return _outside(by, in_county)


def why_not_weights(weights: Mapping[str, Decimal | None]) -> str | None:
    """为什么责任状的权重不行: {task: weight}; either none is given or all, above 0 and 100 together."""
    given = {name: one for name, one in weights.items() if one is not None}
    if not given:
        return None
    wrong = [f"“{name}”没有填权重" for name in weights if name not in given]
    wrong += [f"“{name}”的权重应大于 0，现在是 {shown(one)}" for name, one in given.items() if one <= 0]
    total = sum(given.values(), Decimal(0))
    if total != _HUNDRED:
        wrong.append(f"权重之和是 {shown(total)}，应为 100")
    return "；".join(wrong) or None


def period(kind: str, year: int, part: int) -> tuple[date, date]:
    """一期的起止: first and last day of a quarter, a half or a year."""
    months = {"quarterly": 3, "half_yearly": 6, "yearly": 12}[kind]
    first = (part - 1) * months + 1
    last = first + months - 1
    return date(year, first, 1), date(year, last, 30 if last in (6, 9) else 31)


def period_words(kind: str, year: int, part: int) -> str:
    """2026年第三季度, 2026年上半年, 2026年."""
    if kind == "quarterly":
        return f"{year}年第{'一二三四'[part - 1]}季度"
    if kind == "half_yearly":
        return f"{year}年{'上' if part == 1 else '下'}半年"
    return f"{year}年"


def whole_number(typed: str) -> int | None:
    """A number as typed; None when it is none."""
    return int(typed) if re.fullmatch(r"[0-9]{1,6}", typed) else None


def points(typed: str) -> Decimal | None:
    """扣分或权重 as typed, at most two decimals; None when it is no number."""
    return Decimal(typed) if re.fullmatch(r"[0-9]{1,4}(?:\.[0-9]{1,2})?", typed) else None


def _unfinished(problems: Sequence[str], unsourced: Sequence[str]) -> str | None:
    parts = []
    if problems:
        parts.append(f"有 {len(problems)} 处数据与出处不符，请先改正（{problems[0]}）")
    if unsourced:
        parts.append(f"有 {len(unsourced)} 个没有出处的数字没有确认（{unsourced[0]}）")
    return "；".join(parts) or None


def _outside(by: Person, in_county: bool) -> str | None:
    return why_not(by.role, Permission.WRITE_BULLETINS) or (None if in_county else "这个县不在您的辖区内")


def _moves(one: BulletinLike, event: Event, otherwise: str) -> str | None:
    if next_state(one.state, event) is None:
        return f"这份通报“{WORDS[one.state]}”；{otherwise}"
    return None
