"""发放回单: what was paid of a batch, by school, with the sum in words and places to sign; as a document and as a workbook."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from bureau.payments import money
from bureau.payments.batch_queries import counts, number_of
from bureau.payments.booking import added
from bureau.payments.models import Batch
from bureau.payments.models.funds import Source
from bureau.payments.states import LINE_WORDS
from junheng.documents.listing import Field, listing
from junheng.documents.official import Column, OfficialDocument, Paragraph, Table, amount_in_words

CHUNK = 1_000


def document(batch: Batch, *, issuer: str, day: date, marked: str = "") -> OfficialDocument:
    """回单 as a document: totals, sources, one row a school."""
    found = counts(batch)
    paid_n, paid_fen = found.get("paid", (0, 0))
    parts = added(batch.lines.filter(state="paid").values_list("parts", flat=True))
    sources = "、".join(f"{Source(source).label} {money.yuan(fen)} 元" for source, fen in parts.items())
    failed = sum(found.get(state, (0, 0))[0] for state in ("failed", "returned"))
    rows = batch.lines.values_list("award__school_name").annotate(
        n=Count("id", filter=Q(state="paid")), fen=Sum("fen", filter=Q(state="paid"), default=0)
    )
    schools = tuple(
        (str(number), name, f"{n:,}", money.yuan(fen), "")
        for number, (name, n, fen) in enumerate(rows.order_by("award__school_name"), 1)
        if n
    )
    words = amount_in_words(Decimal(paid_fen) / 100)
    return OfficialDocument(
        title=f"{batch.title}发放回单",
        number=number_of(batch),
        body=(
            Paragraph(f"本批次由“{batch.fund.name}”发放，共 {batch.lines_count:,} 笔 {money.yuan(batch.fen)} 元。"),
            Paragraph(f"银行已发放 {paid_n:,} 笔 {money.yuan(paid_fen)} 元（{words}），其中{sources or '无'}；未发放 {failed:,} 笔。"),
            Paragraph(f"制单：{batch.drafted_by.display_name}；审批：{batch.approved_by.display_name if batch.approved_by else ''}。"),
            Table(
                (Column("序号", 0.6, "right"), Column("学校", 3), Column("笔数", 1, "right"), Column("金额（元）", 1.6, "right"), Column("学校签收", 2)),
                schools,
                title="各学校发放情况",
            ),
        ),
        signatures=(issuer,),
        date=day,
        marked=marked,
    )  # fmt: skip


def workbook(
    batch: Batch, *, marked: str = "", progress: Callable[[float], None] = lambda share: None
) -> bytes:
    """回单 as a list: one row a line; account numbers by their last four digits. `progress` is told the share written."""
    fields = (
        Field("序号", "integer"), "受助人", "学校", Field("金额", "decimal", "元"), "户名", "账号后四位", "状态", "到账日期", "银行说明", "签收"
    )  # fmt: skip
    source = f"{number_of(batch)}　{batch.fund.name}　共 {money.yuan(batch.fen)} 元"
    rows = _lines(batch, progress)
    return listing(f"{batch.title}发放回单", list(fields), rows, source=source, marked=marked)


def _lines(batch: Batch, progress: Callable[[float], None]) -> Iterator[list[Any]]:
    rows = batch.lines.order_by("position").values_list(
        "position", "award__person_name", "award__school_name", "fen", "account__holder_name", "account__number_tail", "state", "paid_on", "reason"
    )  # fmt: skip
    for done, (position, name, school, fen, holder, tail, state, paid_on, reason) in enumerate(
        rows.iterator(CHUNK)
    ):
        if done % CHUNK == 0:
            progress(done / (batch.lines_count or 1))
        day = paid_on.isoformat() if paid_on else ""
        yield [position, name, school, fen / 100, holder, tail, LINE_WORDS[state], day, reason, ""]
