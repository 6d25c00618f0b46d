"""银行回盘: what the bank answered to a batch; read whole with every problem, taken whole or not at all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bureau.payments import account_rules, money
from bureau.payments import batch_queries as queries
from bureau.payments.models import Batch, Line
from bureau.payments.sheet_reading import Row, Table, Wanted, day_of, read_table
from bureau.payments.states import LineState
from bureau.people.secret import unseal

COLUMNS = (
    Wanted("number", "批次号", ("批次", "批号", "代发批次"), needed=False, note="与代发文件里的批次号相同"),
    Wanted("reference", "业务参考号", ("参考号", "客户参考号"), needed=False, width=26),
    Wanted("position", "序号", ("顺序号", "明细序号"), needed=False),
    Wanted("account", "账号", ("收款账号", "卡号"), width=26),
    Wanted("amount", "金额", ("发放金额", "交易金额", "金额（元）")),
    Wanted("result", "结果", ("处理结果", "状态", "交易状态", "处理状态"), note="成功 或 失败"),
    Wanted("reason", "失败原因", ("原因", "备注", "失败说明", "返回信息"), needed=False, width=30),
    Wanted("day", "到账日期", ("交易日期", "入账日期", "处理日期"), needed=False),
)  # fmt: skip
PAID = ("成功", "已发放", "发放成功", "交易成功", "已入账", "处理成功", "0000")
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
    """读到的回盘."""

    answers: list[Answer]
    problems: list[str]
    paid_fen: int
    failed_fen: int

    @property
    def summary(self) -> str:
        """What would be booked."""
        paid = sum(one.paid for one in self.answers)
        failed = len(self.answers) - paid
        return f"成功 {paid:,} 笔 {money.yuan(self.paid_fen)} 元；失败 {failed:,} 笔 {money.yuan(self.failed_fen)} 元"


def read(
    batch: Batch,
    name: str,
    content: bytes,
    *,
    today: date,
    progress: Callable[[float], None] = lambda share: None,
) -> Found:
    """读回盘. A file that answers another batch is refused as a whole, by its numbers first and then by its sums."""
    table = read_table(name, content, COLUMNS, progress=progress)
    if table.problems:
        return Found([], table.problems, 0, 0)
    own = queries.number_of(batch)
    strange = _other_batch(batch, own, table)
    if strange:
        return Found([], [strange], 0, 0)
    lines = {
        one.position: one for one in batch.lines.filter(state=LineState.WAITING).select_related("account")
    }
    by_account: dict[str, list[Line]] = {}
    for line in lines.values():
        by_account.setdefault(unseal(line.account.number), []).append(line)
    _sums(batch, table, lines)
    answers: list[Answer] = []
    seen: dict[int, int] = {}
    sums = {True: 0, False: 0}
    for number, row in enumerate(table.rows):
        if number % 500 == 0:
            progress(0.5 + number / len(table.rows) / 2)
        found = _line(batch, row, lines, by_account)
        if isinstance(found, str):
            table.problem(row, "序号、账号", found)
            continue
        if found.position in seen:
            table.problem(row, "序号、账号", f"与第{seen[found.position]}行是同一笔，请删去一行")
            continue
        seen[found.position] = row.number
        answer = _answer(row, found, batch, table, today)
        if answer is not None:
            answers.append(answer)
            sums[answer.paid] += found.fen
    lacking = sorted(set(lines) - set(seen))
    if lacking:
        some = "、".join(map(str, lacking[:10]))
        table.problems.append(
            f"回盘里缺 {len(lacking):,} 笔（序号 {some}{'…' if len(lacking) > 10 else ''}），请向银行要全部明细的回盘"
        )
    return Found(answers if not table.problems else [], table.problems, sums[True], sums[False])


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


def _sums(batch: Batch, table: Table, lines: dict[int, Line]) -> None:
    """件数和总额: said first, because most often they alone tell that it is another file."""
    total = sum(fen for row in table.rows if isinstance(fen := money.fen_of(row.raw("amount")), int))
    expected = sum(line.fen for line in lines.values())
    if len(table.rows) != len(lines) or total != expected:
        table.problems.append(
            f"回盘 {len(table.rows):,} 笔共 {money.yuan(total)} 元，本批次待回盘 {len(lines):,} 笔共 {money.yuan(expected)} 元，"
            "对不上；请核对是不是本批次的回盘"
        )


def _line(batch: Batch, row: Row, lines: dict[int, Line], by_account: dict[str, list[Line]]) -> Line | str:
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
        if unseal(found.account.number) != account:
            return f"序号 {position} 的账号与本批次不同（应以 {found.account.number_tail} 结尾），请核对"
        return found
    same = by_account.get(account, [])
    if not same:
        return f"本批次没有以 {account[-4:]} 结尾的这个账号"
    if len(same) > 1:
        return f"以 {account[-4:]} 结尾的账号有 {len(same)} 笔，回盘须带序号或业务参考号才能分清"
    return same[0]


def _answer(row: Row, line: Line, batch: Batch, table: Table, today: date) -> Answer | None:
    before = len(table.problems)
    fen = money.fen_of(row.raw("amount"))
    if isinstance(fen, str):
        table.problem(row, "金额", fen)
    elif fen != line.fen:
        table.problem(
            row, "金额", f"回盘 {money.yuan(fen)} 元，本批次是 {money.yuan(line.fen)} 元，请向银行核实"
        )
    result, reason = row.text("result"), row.text("reason")
    if result not in (*PAID, *FAILED):
        table.problem(row, "结果", f"“{result}”应为 成功 或 失败")
    if result in FAILED and not reason:
        table.problem(row, "失败原因", "失败的要写明银行给的原因")
    day = day_of(row.text("day")) if row.text("day") else today
    sent = batch.sent_at.date() if batch.sent_at else today
    if day is None or day > today:
        table.problem(row, "到账日期", f"“{row.text('day')}”不是今天以前的日期，请写成 2026-03-01")
    elif day < sent and row.text("day"):
        table.problem(
            row, "到账日期", f"{day:%Y-%m-%d} 早于送银行的 {sent:%Y-%m-%d}，请核对是不是本批次的回盘"
        )
    if len(table.problems) > before or day is None:
        return None
    return Answer(line.pk, result in PAID, reason[:200], day)
