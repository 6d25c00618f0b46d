"""期初和收入表: opening balances, income and budgets of the county's funds from Excel; all rows or none."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from bureau.payments import fund_actions, money, rules
from bureau.payments import fund_queries as queries
from bureau.payments.models import Fund, Movement
from bureau.payments.models.funds import Source
from bureau.payments.sheet_reading import Wanted, day_of, read_table
from bureau.people.models import User
from bureau.people.rules import Refused

COLUMNS = (
    Wanted("fund", "基金名称", ("基金",), note="与系统里的名称一字不差", width=22),
    Wanted("source", "资金来源", ("来源",), note="中央资金、自治区资金、县级资金、社会捐赠"),
    Wanted("kind", "种类", ("类型", "收支种类"), note="期初余额、收入、列预算"),
    Wanted("day", "日期", ("记账日期", "到账日期"), note="例如 2026-01-05"),
    Wanted("amount", "金额", ("金额（元）", "收入金额"), note="单位：元", yuan=True),
    Wanted("note", "摘要", ("用途", "说明"), width=30),
    Wanted("voucher", "凭证号", ("凭证编号",), needed=False),
)
KINDS = {"期初余额": "opening", "期初": "opening", "收入": "income", "列预算": "budget", "预算": "budget"}
SOURCES = {str(label): value for value, label in Source.choices} | {
    "中央": "centre", "自治区": "region", "省级": "region", "县级": "county", "县财政": "county", "捐赠": "donation"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """读到的账, in the order of the sheet. `warnings`: what a person must have looked at before it is booked."""

    entries: list[tuple[int, Fund, fund_actions.Entry]]
    problems: list[str]
    warnings: list[str]

    @property
    def summary(self) -> str:
        """What would be booked, by kind: a budget moves what has come in and is no further money."""
        words = []
        for kind in rules.BY_HAND:
            fen = [entry.fen for _row, _fund, entry in self.entries if entry.kind == kind]
            if fen:
                label = str(Movement.Kind(kind).label)
                words.append(f"{label} {len(fen):,} 笔 {money.yuan(sum(fen))} 元")
        return "；".join(words) or "0 笔"


def read(
    county_code: str,
    name: str,
    content: bytes,
    *,
    today: date,
    progress: Callable[[float], None] = lambda share: None,
) -> Found:
    """读表. Everything that the booking would refuse is said here too, row by row."""
    table = read_table(name, content, COLUMNS, progress=progress)
    funds = {one.name: one for one in queries.funds(county_code)}
    sources = {one.pk: queries.sources_of(one) for one in funds.values()}
    closed = {one.pk: queries.closed_year(one) for one in funds.values()}
    found = Found([], table.problems, [])
    before_now = _booked(funds.values())
    seen: dict[tuple[object, ...], int] = {}
    for row in table.rows:
        before = len(table.problems)
        fund = funds.get(row.text("fund"))
        if fund is None:
            known = "、".join(funds) or "（还没有建账）"
            table.problem(row, "基金名称", f"没有基金“{row.text('fund')}”，已有：{known}")
        source = SOURCES.get(row.text("source"), "")
        if not source or (fund and source not in sources[fund.pk]):
            table.problem(
                row,
                "资金来源",
                f"“{row.text('source')}”不是这个基金的来源，应为：{_names(sources.get(fund.pk if fund else 0, []))}",
            )
        kind = KINDS.get(row.text("kind"), "")
        if not kind:
            table.problem(row, "种类", f"“{row.text('kind')}”应为：期初余额、收入 或 列预算")
        day = day_of(row.text("day"))
        if day is None:
            table.problem(row, "日期", f"“{row.text('day')}”不是日期，请写成 2026-01-05")
        elif fund and (
            refusal := rules.why_not_day(day=day, today=today, closed=closed[fund.pk], begun=fund.begun_on)
        ):
            table.problem(row, "日期", refusal)
        fen = money.fen_of(row.raw("amount"))
        if isinstance(fen, str):
            table.problem(row, "金额", fen)
        if not row.text("note"):
            table.problem(row, "摘要", "没有填写，请写明这笔钱的来历")
        key = (row.text("fund"), source, kind, day, row.text("amount"), row.text("note"), row.text("voucher"))
        if key in seen:
            table.problem(row, "摘要", f"与第{seen[key]}行完全相同，请删去一行或写明区别")
        seen.setdefault(key, row.number)
        if len(table.problems) == before and fund and day and isinstance(fen, int):
            entry = fund_actions.Entry(kind, source, fen, day, row.text("note"), row.text("voucher"))
            found.entries.append((row.number, fund, entry))
            found.warnings.extend(_doubtful(row.number, entry, before_now.get((fund.pk, kind, source), [])))
    return found


_Booked = tuple[date, int]


def _booked(funds: Iterable[Fund]) -> dict[tuple[int, str, str], list[_Booked]]:
    """{(fund, kind, source): (day, fen) as booked by hand and not reversed, the newest last}."""
    rows = Movement.objects.filter(fund__in=list(funds), kind__in=rules.BY_HAND, reversed_by=None)
    found: dict[tuple[int, str, str], list[_Booked]] = {}
    for fund, kind, source, day, fen in rows.values_list("fund", "kind", "debit__source", "day", "fen"):
        found.setdefault((fund, kind, source), []).append((day, fen))
    return found


def _doubtful(number: int, entry: fund_actions.Entry, booked: Sequence[_Booked]) -> list[str]:
    """可疑的一行: already booked, or of another magnitude than the one before."""
    found = []
    if any((day, fen) == (entry.day, entry.fen) for day, fen in booked):
        words = f"{entry.day:%Y-%m-%d} 已记过一笔同样来源、同样金额 {money.yuan(entry.fen)} 元的账，请核对是不是重复"
        found.append(f"第{number}行：{words}")
    if booked and (warning := money.magnitude_warning(entry.fen, booked[-1][1], named="上一笔")):
        found.append(f"第{number}行“金额”：{warning}")
    return found


def take(found: Found, *, by: User, at: datetime, today: date, address: str = "") -> int:
    """入账, all or none; answers how many."""
    with transaction.atomic():
        for fund in {fund.pk: fund for _row, fund, _entry in found.entries}.values():
            entries = [entry for _row, one, entry in found.entries if one.pk == fund.pk]
            # What comes in first can be budgeted after it, in whatever order the sheet has them.
            entries.sort(key=lambda entry: (entry.kind == "budget", entry.day))
            fund_actions.enter_all(fund=fund, entries=entries, by=by, at=at, today=today, address=address)
    if not found.entries:
        raise Refused("没有可以入账的行")
    return len(found.entries)


def _names(sources: list[str]) -> str:
    return "、".join(str(Source(one).label) for one in sources) or "中央资金、自治区资金、县级资金、社会捐赠"
