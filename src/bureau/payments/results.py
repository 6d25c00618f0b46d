"""银行回盘: what the bank answered to a batch; read whole with every problem, taken whole or not at all."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from bureau.payments import account_rules, money
from bureau.payments import batch_queries as queries
from bureau.payments.models import Batch, Line
from bureau.payments.sheet_reading import Row, Table, Wanted, day_of, read_table
from bureau.payments.states import LineState
from bureau.people.secret import lookup

COLUMNS = (
    Wanted("number", "批次号", ("批次", "批号", "代发批次"), needed=False, note="与代发文件里的批次号相同"),
    Wanted("reference", "业务参考号", ("参考号", "客户参考号"), needed=False, width=26),
    Wanted("position", "序号", ("顺序号", "明细序号"), needed=False),
    Wanted("account", "账号", ("收款账号", "卡号"), width=26),
    Wanted("amount", "金额", ("发放金额", "交易金额", "金额（元）"), yuan=True),
    Wanted("result", "结果", ("处理结果", "状态", "交易状态", "处理状态"), note="成功 或 失败"),
    Wanted("reason", "失败原因", ("原因", "备注", "失败说明", "返回信息"), needed=False, width=30),
    Wanted("day", "到账日期", ("交易日期", "入账日期", "处理日期"), needed=False),
)  # fmt: skip
PAID = ("成功", "已发放", "发放成功", "交易成功", "已入账", "处理成功", "0000")
# A list of failures need not say of each line that it failed.
FAILURE_COLUMNS = tuple(replace(one, needed=False) if one.name == "result" else one for one in COLUMNS)
FAILED = ("失败", "发放失败", "交易失败", "退回", "退票", "处理失败", "未成功")


@dataclass(frozen=True, slots=True)
class Answer:
    """一笔的回盘."""

    line: int
    paid: bool
    reason: str
    day: date


@dataclass(frozen=True, slots=True)
class Found:
    """读到的回盘. `warnings`: what a person must have looked at before it is booked."""

    answers: list[Answer]
    problems: list[str]
    paid_fen: int
    failed_fen: int
    warnings: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """What would be booked."""
        paid = sum(one.paid for one in self.answers)
        failed = len(self.answers) - paid
        return f"成功 {paid:,} 笔 {money.yuan(self.paid_fen)} 元；失败 {failed:,} 笔 {money.yuan(self.failed_fen)} 元"


@dataclass(frozen=True, slots=True)
class Asked:
    """怎样读. `rest_on`: the bank lists failures only, all others were paid on that day; None when it lists every line."""

    batch: Batch
    today: date
    rest_on: date | None = None

    @property
    def sent(self) -> date:
        """The day it went to the bank."""
        return self.batch.sent_at.date() if self.batch.sent_at else self.today


def why_not_rest(asked: Asked) -> str | None:
    """为什么其余各笔不能按这一天到账."""
    if asked.rest_on is not None and not asked.sent <= asked.rest_on <= asked.today:
        return f"其余各笔的到账日期应在送银行的 {asked.sent:%Y-%m-%d} 以后、今天以前"
    return None


def read(
    asked: Asked,
    name: str,
    content: bytes,
    *,
    progress: Callable[[float], None] = lambda share: None,
) -> Found:
    """读回盘. A file that answers another batch is refused as a whole, by its numbers first and then by its sums."""
    batch = asked.batch
    only_failures = asked.rest_on is not None
    columns = FAILURE_COLUMNS if only_failures else COLUMNS
    table = read_table(name, content, columns, may_be_empty=only_failures, progress=progress)
    strange = why_not_rest(asked) or _other_batch(batch, queries.number_of(batch), table)
    if table.problems or strange:
        return Found([], [*table.problems, *([strange] if strange else [])], 0, 0)
    lines = {
        one.position: one for one in batch.lines.filter(state=LineState.WAITING).select_related("account")
    }
    by_account: dict[str, list[Line]] = {}
    for line in lines.values():
        by_account.setdefault(line.account.number_lookup, []).append(line)
    if not only_failures:
        _sums(table, lines)
    answers: list[Answer] = []
    seen: dict[int, int] = {}
    for number, row in enumerate(table.rows):
        if number % 500 == 0:
            progress(0.5 + number / len(table.rows) / 2)
        found = _line(row, lines, by_account)
        if isinstance(found, str):
            table.problem(row, "序号、账号", found)
            continue
        if found.position in seen:
            table.problem(row, "序号、账号", f"与第{seen[found.position]}行是同一笔，请删去一行")
            continue
        seen[found.position] = row.number
        answer = _answer(row, found, asked, table)
        if answer is not None:
            answers.append(answer)
    rest = [line for position, line in lines.items() if position not in seen]
    warnings: tuple[str, ...] = ()
    if asked.rest_on is not None:
        answers += [Answer(line.pk, True, "", asked.rest_on) for line in rest]
        warnings = (_rest_words(rest, asked.rest_on, listed=len(seen)),)
    elif rest:
        table.problems.append(_lacking(rest))
    if table.problems:
        return Found([], table.problems, 0, 0)
    fen = {line.pk: line.fen for line in lines.values()}
    paid = sum(fen[one.line] for one in answers if one.paid)
    return Found(answers, [], paid, sum(fen[one.line] for one in answers) - paid, warnings)


def _lacking(rest: list[Line]) -> str:
    some = "、".join(str(line.position) for line in rest[:10])
    return (
        f"回盘里缺 {len(rest):,} 笔（序号 {some}{'…' if len(rest) > 10 else ''}），请向银行要全部明细的回盘；"
        "银行只返回失败明细的，上传时请勾选“银行只返回失败明细”"
    )


def _rest_words(rest: list[Line], day: date, *, listed: int) -> str:
    total = money.yuan(sum(line.fen for line in rest))
    nothing = "" if listed else "文件里一笔失败也没有；"
    return f"{nothing}文件没有列出的 {len(rest):,} 笔共 {total} 元，按 {day:%Y-%m-%d} 已发放入账；请与银行的汇总核对"


def _other_batch(batch: Batch, own: str, table: Table) -> str | None:
    numbers = {row.text("number") for row in table.rows} - {""}
    prefix = f"{batch.county_code}-{batch.year}-{batch.serial}-"
    references = {row.text("reference") for row in table.rows} - {""}
    others = sorted(numbers - {own})
    if others:
        return f"这个文件的批次号是“{'、'.join(others[:3])}”，不是本批次“{own}”，请选对文件或批次"
    foreign = [one for one in references if not one.startswith(prefix)]
    if foreign:
        return f"业务参考号“{sorted(foreign)[0]}”不是本批次的（应以 {prefix} 开头），请选对文件或批次"
    return None


def _sums(table: Table, lines: dict[int, Line]) -> None:
    """件数和总额: said first, because most often they alone tell that it is another file."""
    total = sum(fen for row in table.rows if isinstance(fen := money.fen_of(row.raw("amount")), int))
    expected = sum(line.fen for line in lines.values())
    if len(table.rows) != len(lines) or total != expected:
        table.problems.append(
            f"回盘 {len(table.rows):,} 笔共 {money.yuan(total)} 元，本批次待回盘 {len(lines):,} 笔共 {money.yuan(expected)} 元，"
            "对不上；请核对是不是本批次的回盘"
        )


def _line(row: Row, lines: dict[int, Line], by_account: dict[str, list[Line]]) -> Line | str:
    account, problem = account_rules.account_number(row.raw("account"))
    if problem:
        return problem
    position = row.text("position") or row.text("reference").rpartition("-")[2]
    if position:
        found = (
            lines.get(int(position))
            if position.isascii() and position.isdigit() and len(position) < 9
            else None
        )
        if found is None:
            return f"本批次没有待回盘的序号“{position}”"
        if found.account.number_lookup != lookup(account):
            return f"序号 {position} 的账号与本批次不同（应以 {found.account.number_tail} 结尾），请核对"
        return found
    same = by_account.get(lookup(account), [])
    if not same:
        return f"本批次没有以 {account[-4:]} 结尾的这个账号"
    if len(same) > 1:
        return f"以 {account[-4:]} 结尾的账号有 {len(same)} 笔，回盘须带序号或业务参考号才能分清"
    return same[0]


def _answer(row: Row, line: Line, asked: Asked, table: Table) -> Answer | None:
    before = len(table.problems)
    fen = money.fen_of(row.raw("amount"))
    if isinstance(fen, str):
        table.problem(row, "金额", fen)
    elif fen != line.fen:
        table.problem(row, "金额", _other_amount(fen, line.fen))
    result, reason = row.text("result"), row.text("reason")
    if asked.rest_on is not None:
        if result in PAID:
            table.problem(row, "结果", "只有失败明细的文件里不应有成功的；请改按全部明细上传")
        result = result or FAILED[0]
    if result not in (*PAID, *FAILED):
        table.problem(row, "结果", f"“{result}”应为 成功 或 失败")
    if result in FAILED and not reason:
        table.problem(row, "失败原因", "失败的要写明银行给的原因")
    day = day_of(row.text("day")) if row.text("day") else asked.today
    if day is None or day > asked.today:
        table.problem(row, "到账日期", f"“{row.text('day')}”不是今天以前的日期，请写成 2026-03-01")
    elif day < asked.sent and row.text("day"):
        table.problem(
            row, "到账日期", f"{day:%Y-%m-%d} 早于送银行的 {asked.sent:%Y-%m-%d}，请核对是不是本批次的回盘"
        )
    if len(table.problems) > before or day is None:
        return None
    return Answer(line.pk, result in PAID, reason[:200], day)


def _other_amount(fen: int, own: int) -> str:
    """金额不符: said to be a matter of the unit where it looks like one."""
    unit = {own: "", own // 10_000: "；是不是以万元为单位", own * 100: "；是不是以分为单位"}.get(fen, "")
    return f"回盘 {money.yuan(fen)} 元，本批次是 {money.yuan(own)} 元{unit}，请向银行核实"
