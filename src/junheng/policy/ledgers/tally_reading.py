"""读自动算出的栏目: how a column is worked out, and whether it can be."""

from typing import Literal, cast

from junheng.policy.ledgers.fields import Part
from junheng.policy.ledgers.located import Problems
from junheng.policy.ledgers.model import Column, Ledger
from junheng.policy.ledgers.tallies import TALLY_KINDS, Over, Tally, Veto


def read_tally(part: Part | None) -> Tally | None:
    """算法 of a column, or None; what is wrong is noted."""
    if part is None:
        return None
    kind = next((name for name in TALLY_KINDS if name in part.value), "")
    over: Over = part.choice("over", Over, "case")
    steps: list[tuple[int, str]] = []
    for one in part.parts("steps", f"{part.place}的分档"):
        least = one.number("least", low=-1000, high=1_000_000)
        if least is None:
            one.note("least", "没有填写，请写这一档的最低分")
        steps.append((least or 0, one.text("title", required=True, longest=20)))
        one.close()
    vetoes = []
    for one in part.parts("vetoes", f"{part.place}的一票否决"):
        vetoes.append(
            Veto(
                one.text("column", required=True),
                one.text("holds", required=True),
                one.text("grade", required=True, longest=20),
            )
        )
        one.close()
    of = part.names(kind, required=True) if kind else ()
    part.close()
    if not kind:
        part.note("sum", f"要写怎样算：{'、'.join(TALLY_KINDS)} 之一")
        return None
    if kind == "grade" and not steps:
        part.note("steps", "没有分档，请写 steps: [{least: 90, title: 优秀}, …]")
    return Tally(
        cast(Literal["sum", "count", "score", "grade", "share"], kind),
        of,
        over,
        tuple(sorted(steps, reverse=True)),
        tuple(vetoes),
    )


def check_tallies(ledger: Ledger, problems: Problems) -> None:
    """Notes computed columns that cannot be worked out, and moves or forms that would have one typed."""
    columns = {column.name: column for column in ledger.columns}
    moves = {move.name for move in ledger.moves}
    for number, column in enumerate(ledger.columns):
        place, path = f"栏目“{column.title}”", ("columns", number, "tally")
        if column.points and set(column.points_of) - set(column.choices):
            problems.add(("columns", number, "points"), place, "分值里有不是选项的词")
        if column.tally is None:
            continue
        if column.kind != ("text" if column.tally.kind == "grade" else "decimal"):
            problems.add(path, place, "自动算出的栏目，分档用 kind: text，其他用 kind: decimal")
        names = [*column.tally.of, *(veto.column for veto in column.tally.vetoes)]
        for name in names:
            if column.tally.kind == "count":
                if name not in moves:
                    problems.add(path, place, f"办理“{name}”不存在")
                continue
            other = columns.get(name)
            if other is None:
                problems.add(path, place, f"栏目“{name}”不存在")
            elif other.access not in ("child", column.access):
                problems.add(path, place, f"“{other.title}”受限更严，算出的栏目要用同样的 access")
            elif not _may_feed(column.tally.kind, other, name in column.tally.of):
                problems.add(path, place, f"“{other.title}”不是数字，也没有分值（points），不能计算")
            elif other.tally is not None and ledger.columns.index(other) > number:
                problems.add(path, place, f"“{other.title}”也是算出的，请写在这一栏前面")
        if column.tally.kind == "sum" and any(
            columns[name].access != "child" for name in column.tally.of if name in columns
        ):
            problems.add(path, place, "受限栏目不能逐次累加")
    computed = {column.name for column in ledger.columns if column.tally is not None}
    for number, move in enumerate(ledger.moves):
        for name in computed.intersection(move.fields):
            problems.add(
                ("moves", number, "fields"),
                f"办理“{move.title}”",
                f"“{columns[name].title}”自动算出，不能填写",
            )
    for number, form in enumerate(ledger.forms):
        for name in computed.intersection(form.fields):
            problems.add(
                ("forms", number, "fields"),
                f"表单“{form.title}”",
                f"“{columns[name].title}”自动算出，不能填写",
            )


def _may_feed(kind: str, column: Column, counted: bool) -> bool:
    """Whether a column's value is a number, or worth points; what only vetoes may be anything."""
    return (
        not counted
        or column.kind in ("integer", "decimal", "money")
        or bool(column.points and kind == "score")
    )
