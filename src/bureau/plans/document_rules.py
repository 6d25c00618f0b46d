"""计划文件的规则: why a file is not taken, an item may not be changed, a plan not published or withdrawn. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bureau.people.rules import Permission, why_not
from bureau.plans.document_states import WORDS, Event, State, next_state

ENDINGS = (".docx", ".doc", ".wps", ".pdf", ".txt", ".html", ".htm", ".mht", ".mhtml")
LARGEST_FILE = 40_000_000
LARGEST_TEXT = 10_000_000  # bytes of pasted text


class Person(Protocol):
    """谁."""

    @property
    def role(self) -> str: ...


def why_not_upload(role: str, *, in_county: bool) -> str | None:
    """为什么不能上传计划文件."""
    return why_not(role, Permission.EDIT_PLANS) or (None if in_county else "这个县不在您的辖区内")


def why_not_file(name: str, size: int) -> str | None:
    """为什么不收这个文件, by its name and size; what is inside is for the reader to judge."""
    if not name.lower().endswith(ENDINGS):
        return f"“{name}”不是可以读取的类型，请上传 Word（.docx、.doc）、带文字的 PDF、文本（.txt）或网页（.html、.mht）"
    if size == 0:
        return f"“{name}”是空文件（0 字节），请重新选择"
    if size > LARGEST_FILE:
        return f"“{name}”有 {size / 1_000_000:.0f} MB，超过 {LARGEST_FILE // 1_000_000} MB，请只上传计划正文"
    return None


def why_not_text(size: int) -> str | None:
    """为什么不收粘贴的文字; `size` in bytes."""
    if size == 0:
        return "请选择文件，或粘贴计划全文"
    if size > LARGEST_TEXT:
        return f"粘贴的文字有 {size / 1_000_000:.0f} MB，超过 {LARGEST_TEXT // 1_000_000} MB，请只粘贴计划正文，或改为上传文件"
    return None


def why_not_edit(state: str, *, role: str, in_county: bool = True) -> str | None:
    """为什么不能核对: items change only before publication."""
    refusal = why_not(role, Permission.EDIT_PLANS)
    if refusal:
        return refusal
    if not in_county:
        return "这个县不在您的辖区内"
    if state == State.IN_REVIEW:
        return None
    if state in (State.PUBLISHED, State.REPLACED):
        return "计划已经发布，条目不再修改；文件有变动请上传新版本，任务和目标可在各自页面调整"
    return f"这份文件“{WORDS[state]}”，不能核对条目"


def why_not_move(state: str, event: Event) -> str | None:
    """为什么不能这样做, by the table of states alone."""
    if next_state(state, event) is not None:
        return None
    does = {
        Event.PUBLISH: "发布",
        Event.WITHDRAW: "撤下",
        Event.DISCARD: "放弃",
        Event.READ: "读取",
        Event.FAIL: "读取",
        Event.REPLACE: "代替",
    }
    return f"这份文件“{WORDS[state]}”，不能{does[event]}"


@dataclass(frozen=True, slots=True)
class Openings:
    """没办完的事: what stands between a plan in review and its publication, as numbers."""

    unread: int = 0  # items without doubt that nobody has confirmed
    doubtful: int = 0
    repairs: int = 0
    contradictions: int = 0
    residual: int = 0
    unknown_units: tuple[str, ...] = ()
    leaderless: int = 0  # tasks for which neither the text nor the publisher names a leading unit
    tasks: int = 0
    title: bool = True
    dated: bool = True
    ends: bool = True
    order: bool = True  # the plan does not end before it begins

    @property
    def to_decide(self) -> int:
        """How many decisions are left in the reader."""
        return self.unread + self.doubtful + self.repairs + self.contradictions + self.residual


def reasons_not_to_publish(openings: Openings) -> list[str]:
    """还不能发布的原因, every one at once; empty when nothing is left to do."""
    found = []
    if openings.doubtful:
        found.append(f"还有 {openings.doubtful} 个存疑条目没有确认、修改或剔除")
    if openings.repairs:
        found.append(f"还有 {openings.repairs} 处修复没有确认")
    if openings.contradictions:
        found.append(f"还有 {openings.contradictions} 处矛盾或缺漏没有处理")
    if openings.residual:
        found.append(f"余数清单里还有 {openings.residual} 个数字，请补为条目，或标为背景数字")
    if openings.unread:
        found.append(f"还有 {openings.unread} 个无疑义的条目没有确认，可以一次全部确认")
    if openings.unknown_units:
        names = "、".join(openings.unknown_units[:8]) + ("等" if len(openings.unknown_units) > 8 else "")
        found.append(
            f"有 {len(openings.unknown_units)} 个单位名称没有对应到登记的责任单位：{names}，请选择单位、登记为新单位或标为不是责任单位"
        )
    if openings.leaderless:
        found.append(f"有 {openings.leaderless} 项任务没有写明责任单位，请选择由哪个单位牵头")
    if not openings.tasks:
        found.append("没有任务：请在提纲里把承担任务的标题标为任务，或从正文补上标题")
    if not openings.title:
        found.append("没有填写计划标题")
    if not openings.dated:
        found.append("没有填写成文日期，请在计划信息里补上（只知道年份可以只填年份）")
    if not openings.ends:
        found.append("没有填写计划期的结束日期，没有写明时限的任务和目标按它计算")
    if not openings.order:
        found.append("计划期的结束日期早于开始日期，请更正")
    return found


def why_not_publish(state: str, openings: Openings, *, role: str, in_county: bool = True) -> str | None:
    """为什么不能发布, with every open reason in one sentence."""
    refusal = why_not(role, Permission.PUBLISH_PLANS)
    if refusal:
        return refusal
    if not in_county:
        return "这个县不在您的辖区内"
    moved = why_not_move(state, Event.PUBLISH)
    if moved:
        return moved
    reasons = reasons_not_to_publish(openings)
    return f"还不能发布：{'；'.join(reasons)}" if reasons else None


def why_not_withdraw(state: str, *, role: str, reason: str, in_county: bool = True) -> str | None:
    """为什么不能撤下已发布的计划."""
    refusal = why_not(role, Permission.PUBLISH_PLANS)
    if refusal:
        return refusal
    if not in_county:
        return "这个县不在您的辖区内"
    return why_not_move(state, Event.WITHDRAW) or (None if reason.strip() else "撤下计划须写明原因")


def why_not_version_of(previous: str | None, *, has_next: bool) -> str | None:
    """为什么不能作为新版本上传. `previous` is the state of the plan to be replaced, None where there is none."""
    if previous is None or (previous == State.PUBLISHED and not has_next):
        return None
    if has_next:
        return "这份计划已经有一个新版本在核对，请先发布或放弃那一个"
    return f"只有已发布的计划能上传新版本，这一份“{WORDS[previous]}”"


def why_not_partial(text: str) -> str | None:
    """为什么不是日期: YYYY, YYYY-MM or YYYY-MM-DD."""
    parts = text.split("-")
    if not all(part.isdigit() for part in parts) or [len(part) for part in parts] not in (
        [4],
        [4, 2],
        [4, 2, 2],
    ):
        return f"“{text}”不是日期，请写成 2027、2027-06 或 2027-06-30"
    try:
        date(int(parts[0]), int(parts[1]) if len(parts) > 1 else 1, int(parts[2]) if len(parts) > 2 else 1)
    except ValueError:
        return f"“{text}”不是存在的日期，请更正"
    return None
