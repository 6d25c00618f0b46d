"""名册比对的规则: who may do what and when, what needs two persons, which earlier decisions still hold, in which order pairs are shown. Pure.

`why_not_…` answer None or a sentence for the action, the greyed button and the test.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bureau.links import states
from bureau.people.rules import Permission, why_not

ENDINGS = (".xlsx", ".xlsm", ".xls", ".et", ".csv", ".txt")
_PACKED = (".zip", ".rar", ".7z", ".tar", ".gz")
_NO_TABLE = (".wps", ".doc", ".docx", ".pdf", ".ofd", ".png", ".jpg", ".jpeg", ".bmp")
_OTHER_TABLE = (".xlsb", ".ods", ".numbers", ".ett", ".xlt", ".xltx", ".dbf", ".mdb")
LARGEST_FILE = 100 * 1024 * 1024
SHORTEST_REASON = 4
_OUTSIDE = "这份名册不属于您的辖区"


# --- registers ---------------------------------------------------------------------------------------------------


def why_not_upload(role: str, *, in_county: bool, source: str = "") -> str | None:
    """为什么不能上传名册. Whom a school recognises as in difficulty the school itself may upload; the aid office then accepts it."""
    needed = Permission.REPORT_AID if source == "hardship" else Permission.MATCH_REGISTERS
    return why_not(role, needed) or (None if in_county else _OUTSIDE)


def why_not_file(name: str, size: int) -> str | None:
    """为什么不收这个文件."""
    ending = name.lower()
    if ending.endswith(_PACKED):
        return f"“{name}”是压缩包，请先解压，再选择里面的表格（可以一次选几个）。"
    if ending.endswith(_NO_TABLE):
        return f"“{name}”是文字、版式或图片文件，不能当作名册读取；请向原单位要 Excel 表格。"
    if ending.endswith(_OTHER_TABLE):
        return f"“{name}”的格式不能直接读取；请用 Excel 或 WPS 表格打开，另存为 .xlsx。"
    if not ending.endswith(ENDINGS):
        return f"“{name}”不是表格文件。请选择 .xlsx、.xls、.et 或 .csv 文件；没有扩展名的请先问清是什么文件。"
    if not size:
        return f"“{name}”是空文件（0 字节），请重新选择。"
    if size > LARGEST_FILE:
        return f"“{name}”有 {size >> 20} MB，超过 {LARGEST_FILE >> 20} MB，请按乡镇拆成几个文件。"
    return None


def why_not_day(day: date | None, *, today: date) -> str | None:
    """为什么数据日期不行."""
    if day is None:
        return "请填写数据日期，例如 2025-09-01。"
    if day > today:
        return "数据日期不能晚于今天，请改为名册实际所属的日期。"
    if day.year < today.year - 15:
        return f"数据日期 {day} 太早，请核对年份。"
    return None


def why_not_until(until: date | None, *, day: date | None, source: str) -> str | None:
    """为什么有效期不行. Schools recognise a family's difficulty for a term: without a last day, last term's list would hold for ever."""
    if until is None and source == "hardship":
        return "困难认定按学期进行，请填写“有效至”，例如本学期最后一天；过期后没有新版，这一项变为“不知道”。"
    if until is not None and day is not None and until < day:
        return f"有效至 {until} 早于数据日期 {day}，请核对。"
    return None


def why_not_places(coverage: str, places: Sequence[str], *, known: Collection[str]) -> str | None:
    """为什么覆盖范围不行."""
    if coverage not in ("county", "townships", "schools"):
        return "请选择名册覆盖的范围：全县、部分乡镇或部分学校。"
    if coverage == "county":
        return None
    what = "乡镇" if coverage == "townships" else "学校"
    if not places:
        return f"请选出名册覆盖的{what}；不在范围内的学生，这一项仍是“不知道”。"
    if set(places) - set(known):
        return f"所选的{what}不在本县，请重新选择。"
    return None


def why_not_cancel(role: str, state: str, *, in_county: bool, source: str = "") -> str | None:
    """为什么不能取消读取."""
    if state not in states.UNDER_WAY:
        return "只有排队、正在读取或正在比对的名册可以取消"
    return why_not_upload(role, in_county=in_county, source=source)


def why_not_accept(role: str, state: str, reason: str, *, in_county: bool) -> str | None:
    """为什么不能确认采用: of a register of which so few lines were found that it may be the wrong file."""
    if state != "held":
        return "只有待确认采用的名册需要确认"
    return why_not_upload(role, in_county=in_county) or _reason(reason, "采用的理由")


def why_not_withdraw(role: str, state: str, reason: str, *, in_county: bool, source: str = "") -> str | None:
    """为什么不能撤下."""
    if not states.may_become(state, "withdrawn"):
        return "只有已比对或待确认采用的名册可以撤下"
    return why_not_upload(role, in_county=in_county, source=source) or _reason(reason, "撤下的原因")


def why_not_choose(role: str, state: str, *, in_county: bool, source: str = "") -> str | None:
    """为什么不能改选各列."""
    if not states.may_become(state, "received") or state in states.UNDER_WAY:
        return "只有读取过、没有撤下的名册可以改选各列"
    return why_not_upload(role, in_county=in_county, source=source)


def why_not_columns(tab: str, names: Sequence[str], *, known: Mapping[str, str], joined: Collection[str]) -> str | None:  # fmt: skip
    """为什么这样选不行: of one worksheet what each of its columns is to be read as ("" is not read)."""
    taken = [name for name in names if name]
    if set(taken) - set(known):
        return f"工作表“{tab}”选了不认得的项，请重新选择"
    twice = sorted({known[name] for name in taken if taken.count(name) > 1 and name not in joined})
    if twice:
        return f"工作表“{tab}”有几列都选了“{'”“'.join(twice)}”，每项只能选一列"
    if taken and "name" not in taken:
        return f"工作表“{tab}”还没有选哪一列是孩子的姓名"
    return None


def why_not_compare_again(role: str, state: str, *, in_county: bool) -> str | None:
    """为什么不能重新比对."""
    if state not in ("matched", "held"):
        return "只有比对过的名册可以重新比对"
    return why_not_upload(role, in_county=in_county)


def _reason(text: str, what: str) -> str | None:
    return None if len(text.strip()) >= SHORTEST_REASON else f"请写明{what}（至少 {SHORTEST_REASON} 个字）"


def why_not_school_age(role: str, youngest: int, oldest: int, basis: str, *, in_county: bool) -> str | None:
    """为什么不能这样定学龄口径."""
    if refusal := why_not_upload(role, in_county=in_county):
        return refusal
    if not 3 <= youngest <= oldest <= 20:
        return "学龄须在 3 至 20 周岁之间，且起始年龄不大于终止年龄，请改正"
    return _reason(basis, "依据的文件或会议")


# --- decisions ---------------------------------------------------------------------------------------------------


def why_second(*, verdict: str, machine: str, before: str, two_numbers: bool, twin_like: bool) -> str:
    """为什么须两人: the reason for a second person, "" when one is enough. `before` is the state in which the first decides."""
    if verdict == "visit":
        return ""
    if twin_like:
        return "疑为双胞胎或兄弟姐妹，须第二人复核"
    if verdict != "same":
        return ""
    if two_numbers:
        return "两个有效身份证号不同，须第二人复核"
    if machine == "unmatched" or before in states.MISSING:
        return "将从在册不在校名单中移出，须第二人复核"
    return ""


def why_not_decide(
    role: str, *, state: str, register: str, verdict: str, candidate: bool, reason: str, two_numbers: bool, sampled: bool
) -> str | None:  # fmt: skip
    """为什么不能认定. `candidate`: there is a pupil beside the line; `sampled`: an automatic link drawn for review."""
    if refusal := why_not(role, Permission.MATCH_REGISTERS):
        return refusal
    if register not in ("matched", "matching", "held"):
        return "这份名册已不在用，不能再认定"
    if verdict not in states.DECIDED:
        return "请选择：同一人、不是同一人、需入户核实"
    if state == "second":
        return "已有一人认定，正等第二人复核"
    if state in states.DECIDED:
        return "已经认定过；要改请先撤销原来的认定"
    if state == "outside":
        return "这一行不属学龄，不需要认定"
    if state == "automatic" and not sampled:
        return "系统自动对上的只抽查，不逐条认定；如发现有错，请在名单中改判"
    if not candidate and verdict == "same":
        return "没有可以对照的学生，不能认定为同一人；请选择“需入户核实”"
    if verdict == "same" and two_numbers and len(reason.strip()) < SHORTEST_REASON:
        return "两个有效身份证号不同，请写明为什么仍是同一人（例如：重新落户换号）"
    return None


def why_not_overturn(role: str, *, state: str, reason: str) -> str | None:
    """为什么不能改判自动对上的一行."""
    if refusal := why_not(role, Permission.MATCH_REGISTERS):
        return refusal
    if state != "automatic":
        return "只有自动对上的可以改判"
    return _reason(reason, "改判的理由")


def why_not_second(role: str, *, state: str, by_first: bool) -> str | None:
    """为什么不能复核."""
    if refusal := why_not(role, Permission.CHECK_MATCHES):
        return refusal
    if state != "second":
        return "这一行不在等待复核"
    if by_first:
        return "认定和复核须是两个人，请由另一位同事复核"
    return None


def why_not_undo(role: str, *, state: str, decided: bool, by_own: bool, two: bool, reason: str) -> str | None:
    """为什么不能撤销认定. One's own is undone at once; another's, or one of two persons, with a reason."""
    if refusal := why_not(role, Permission.MATCH_REGISTERS):
        return refusal
    if not decided or (state not in states.DECIDED and state != "second" and state != "automatic"):
        return "没有可以撤销的认定"
    if two or not by_own:
        return _reason(reason, "撤销的原因")
    return None


@dataclass(frozen=True, slots=True)
class Carried:
    """沿用: the state of a line of a new version, whether the earlier decision is applied, and what speaks against it."""

    state: str
    applies: bool
    contradiction: str = ""


def carry(
    *, verdict: str, settled: bool, same_line: bool, same_student: bool, student_there: bool, machine: str, machine_picks: bool
) -> Carried:  # fmt: skip
    """沿用以前的认定.

    `same_line`, `same_student`: what matching reads of either side has not changed since; `student_there`: the pupil is still in the register;
    `machine`: what the machine says now, `machine_picks`: of this very pupil. A decision that new data contradict is shown, never applied.
    """
    unchanged = same_line and same_student
    standing = verdict if settled else "second"
    if verdict == "visit":
        return (
            Carried("visit", True)
            if same_line
            else Carried(machine, False, "名册这一行已有变化，原先认定“需入户核实”")
        )
    if verdict == "same":
        if not student_there:
            return Carried(machine, False, "原先认定为同一人的学生已不在学籍名册中，请重新核对")
        if unchanged or (machine_picks and machine != "unmatched"):
            return Carried(standing, True)
        return Carried("to_check", False, "原先认定为同一人，但两边的资料已有变化，现在不再相符，请重新核对")
    if not machine_picks:
        return Carried(machine, False)
    if unchanged:
        return Carried(standing, True)
    changed = "名册" if not same_line else "学籍"
    return Carried(
        "to_check", False, f"原先认定不是同一人，但{changed}资料已有变化，现在又像同一人，请重新核对"
    )


# --- order, sample, error rate -----------------------------------------------------------------------------------

_HARM = {
    "hardship": 0.8,
    "orphan": 1.5,
    "destitute": 1.5,
    "disabled": 1.3,
    "monitored": 1.3,
    "household": 1.2,
}


def urgency(
    probability: float, *, source: str, school_age: bool, twin_like: bool, two_numbers: bool, contradicted: bool
) -> float:  # fmt: skip
    """先后次序: harm of being wrong × uncertainty; larger comes first. A wrong link of a child of school age hides a child who is out of school."""
    doubt = 4 * probability * (1 - probability) + 0.05
    harm = _HARM.get(source, 1.0)
    harm *= 2.0 if school_age else 1.0
    harm *= 1.5 if twin_like else 1.0
    harm *= 1.2 if two_numbers else 1.0
    return round(doubt * harm + (1.0 if contradicted else 0.0), 6)
