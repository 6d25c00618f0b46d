"""读台账定义: YAML text → Ledger, or every problem with its line. SQL of detectors is looked at by `junheng.detecting`."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Literal

from junheng.policy.ledgers import located, model, vocabulary
from junheng.policy.ledgers.checking import check
from junheng.policy.ledgers.fields import Part
from junheng.policy.ledgers.located import Problems
from junheng.policy.ledgers.mistyped import misread
from junheng.policy.ledgers.model import Ledger
from junheng.policy.ledgers.problem import LedgerError, LedgerProblem
from junheng.policy.ledgers.tally_reading import check_tallies, read_tally
from junheng.policy.ledgers.workable import check_workable

NAME = re.compile(r"[a-z][a-z0-9_]{0,29}\Z")
LONGEST_DEADLINE = 500
Check = Callable[[Ledger, Problems], None]


@lru_cache(maxsize=256)
def parse(text: str) -> Ledger:
    """台账. Raises LedgerError with all problems at once."""
    ledger, problems = _read(text)
    if problems or ledger is None:
        raise LedgerError(problems)
    return ledger


def problems_of(text: str) -> tuple[LedgerProblem, ...]:
    """定义里的全部问题, in the order of the lines; empty when the ledger stands."""
    ledger, problems = _read(text, check_workable)
    found = (*problems, *(misread(text) if ledger is not None else ()))
    return tuple(sorted(dict.fromkeys(found), key=lambda problem: problem.line))


def _read(text: str, *more: Check) -> tuple[Ledger | None, tuple[LedgerProblem, ...]]:
    problems = Problems()
    value = located.read(text, problems)
    if value is None:
        return None, problems.in_order()
    whole = Part(value, (), "", problems)
    ledger = _ledger(whole)
    whole.close()
    for one in (check, check_tallies, *more):
        one(ledger, problems)
    return ledger, problems.in_order()


def _ledger(part: Part) -> Ledger:
    if part.text("kind") != "ledger":
        part.note("kind", "应写 kind: ledger")
    ladder = part.part("ladder", "逾期升级")
    return Ledger(
        code=_name(part, "code"),
        title=part.text("title", required=True, longest=40),
        title_en=part.text("title_en", longest=100),
        group=part.text("group", required=True, longest=20),
        subject=part.choice("subject", vocabulary.Subject),
        many=part.flag("many"),
        period_days=part.number("period_days", low=0, high=3650, default=365) or 0,
        again_days=part.number("again_days", low=0, high=3650, default=0) or 0,
        small=part.number("small", low=0, high=100, default=0) or 0,
        access=part.choice("access", vocabulary.Access, "child"),
        proof=part.choice("proof", vocabulary.Proof, "person"),
        entered_by=part.text("entered_by", required=True, longest=60),
        checked_by=part.text("checked_by", longest=60),
        citations=tuple(_citation(one) for one in part.parts("citations", "出处")),
        settings=tuple(_setting(one) for one in part.parts("settings", "设置")),
        owner_lines=tuple(_owner_line(one) for one in part.parts("owner_lines", "责任人")),
        columns=tuple(_column(one) for one in part.parts("columns", "栏目")),
        states=tuple(_state(one) for one in part.parts("states", "状态")),
        moves=tuple(_move(one) for one in part.parts("moves", "办理")),
        ladder=_ladder(ladder) if ladder else model.Ladder(vocabulary.LEVELS, 3, "working"),
        detectors=tuple(_detector(one) for one in part.parts("detectors", "发现规则")),
        forms=tuple(_form(one) for one in part.parts("forms", "表单")),
        letters=tuple(_letter(one) for one in part.parts("letters", "文书")),
        reports=tuple(_report(one) for one in part.parts("reports", "报表")),
        data_only=part.flag("data_only"),
        sheet=part.text("sheet"),
    )


def _name(part: Part, key: str = "name") -> str:
    name = part.text(key, required=True, longest=30)
    if name and not NAME.match(name):
        part.note(key, f"“{name}”只能用小写英文字母、数字和下划线，以字母开头，最多 30 个")
    return name


def _citation(part: Part) -> model.Citation:
    standing: Literal["verified", "assumed"] = part.choice(
        "standing", Literal["verified", "assumed"], "assumed"
    )
    found = model.Citation(
        _name(part),
        part.text("document", required=True),
        part.text("clause", longest=100),
        part.text("quoted", longest=1000),
        standing,
    )
    part.close()
    return found


def _setting(part: Part) -> model.Setting:
    choices = []
    for one in part.parts("choices", f"{part.place}的取法"):
        value = one.number("value", low=0, high=100_000)
        if value is None:
            one.note("value", "没有填写，请写一个整数")
        choices.append(
            model.Choice(value or 0, one.text("title", required=True), one.text("source", required=True))
        )
        one.close()
    value = part.number("value", low=0, high=100_000)
    if value is None and part.value.get("value") is None:
        part.note("value", "没有填写，请写一个整数")
    found = model.Setting(
        _name(part),
        part.text("title", required=True, longest=60),
        value or 0,
        part.text("unit", longest=10),
        tuple(choices),
        part.flag("assumed"),
    )
    part.close()
    return found


def _owner_line(part: Part) -> model.OwnerLine:
    found = model.OwnerLine(
        _name(part), part.text("title", required=True, longest=60), part.choice("level", vocabulary.Level)
    )
    part.close()
    return found


def _column(part: Part) -> model.Column:
    found = model.Column(
        name=_name(part),
        title=part.text("title", required=True, longest=60),
        kind=part.choice("kind", vocabulary.Kind, "text"),
        choices=part.names("choices"),
        required_in=part.names("required_in"),
        access=part.choice("access", vocabulary.Access, "child"),
        help=part.text("help"),
        points=part.numbers("points"),
        least=part.number("least", low=-1_000_000, high=1_000_000),
        most=part.number("most", low=0, high=1_000_000_000),
        tally=read_tally(part.part("tally", f"{part.place}的算法")),
        by=part.names("by", kind=vocabulary.Level),  # type: ignore[arg-type]
    )
    if (found.least is not None or found.most is not None) and found.kind not in (
        "integer",
        "decimal",
        "money",
    ):
        part.note("most", "只有数字栏（integer、decimal、money）有最小值和最大值")
    if found.kind in ("choice", "many") and not found.choices:
        part.note("choices", "选择栏没有选项，请写 choices: [甲, 乙]")
    if found.choices and found.kind not in ("choice", "many"):
        part.note("choices", "只有 kind: choice 和 many 有选项")
    part.close()
    return found


def _state(part: Part) -> model.State:
    deadline = part.part("deadline", f"{part.place}的期限")
    days, setting, unit, column, since = None, "", "working", "", ""
    if deadline:
        column, since = deadline.text("column"), deadline.text("since")
        days = deadline.number("days", low=0, high=LONGEST_DEADLINE)
        setting = deadline.text("setting")
        unit = deadline.choice("unit", vocabulary.Unit, "working")
        said = days is None and deadline.value.get("days") is not None
        if not said and (days is None) == (not setting) and (not column or setting):
            deadline.note("days", "请写 days（天数）或 setting（设置的名称）之一")
        deadline.close()
    level = part.choice("level", vocabulary.Level) if "level" in part.value else ""
    part.used.add("level")
    found = model.State(
        name=_name(part),
        title=part.text("title", required=True, longest=30),
        phase=part.choice("phase", vocabulary.Phase),
        level=level,  # type: ignore[arg-type]
        days=days,
        setting=setting,
        unit=unit,  # type: ignore[arg-type]
        column=column,
        since=since,
    )
    part.close()
    return found


def _move(part: Part) -> model.Move:
    target = part.text("to", required=True)
    found = model.Move(
        name=_name(part),
        title=part.text("title", required=True, longest=30),
        sources=part.names("from", required=True),
        target="" if target == vocabulary.STAYS else target,
        by=part.names("by", required=True, kind=vocabulary.Level),  # type: ignore[arg-type]
        fields=part.names("fields"),
        needs=part.names("needs", kind=vocabulary.Need),  # type: ignore[arg-type]
        second=part.flag("second"),
        passes_to=part.text("passes_to"),
        form=part.text("form"),
        help=part.text("help"),
        unless=part.pairs("unless"),
    )
    part.close()
    return found


def _ladder(part: Part) -> model.Ladder:
    levels = part.names("levels", required=True, kind=vocabulary.Level)
    found = model.Ladder(
        levels or vocabulary.LEVELS,  # type: ignore[arg-type]
        part.number("days", low=0, high=LONGEST_DEADLINE, default=3) or 0,
        part.choice("unit", vocabulary.Unit, "working"),
    )
    part.close()
    return found


def _detector(part: Part) -> model.Detector:
    found = model.Detector(
        _name(part),
        part.text("title", required=True, longest=60),
        part.text("sql", required=True, longest=20_000),
        part.pairs("evidence"),
        part.names("tracked"),
    )
    part.close()
    return found


def _form(part: Part) -> model.Form:
    found = model.Form(
        name=_name(part),
        title=part.text("title", required=True, longest=30),
        fields=part.names("fields"),
        move=part.text("move"),
        photos=part.flag("photos"),
        position=part.flag("position"),
        help=part.text("help"),
    )
    part.close()
    return found


def _letter(part: Part) -> model.Letter:
    found = model.Letter(
        _name(part),
        part.text("title", required=True, longest=40),
        part.names("states", required=True),
        part.text("to", required=True),
        part.names("paragraphs", required=True),
        part.text("signature", required=True),
    )
    part.close()
    return found


def _report(part: Part) -> model.Report:
    found = model.Report(
        name=_name(part),
        title=part.text("title", required=True, longest=40),
        clock=part.choice("clock", vocabulary.Clock),
        level=part.choice("level", vocabulary.Level, "bureau"),
        rows=part.choice("rows", vocabulary.Rows, "township"),
        figures=part.names("figures", required=True, kind=vocabulary.Figure),  # type: ignore[arg-type]
    )
    part.close()
    return found
