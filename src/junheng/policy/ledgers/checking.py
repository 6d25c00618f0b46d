"""台账定义是否成立: names that must exist, states nobody reaches or leaves, closing without proof. Notes every problem."""

from collections.abc import Collection, Sequence
from string import Formatter
from typing import Protocol

from junheng.policy.ledgers.located import Path, Problems
from junheng.policy.ledgers.model import Ledger, Move, State
from junheng.policy.ledgers.vocabulary import ENDED, LETTER_FIELDS, LIVE


def check(ledger: Ledger, problems: Problems) -> None:
    """Notes everything that does not hold together."""
    _unique(ledger, problems)
    _states(ledger, problems)
    for number, move in enumerate(ledger.moves):
        _move(ledger, move, ("moves", number), problems)
    _flow(ledger, problems)
    _columns(ledger, problems)
    _forms(ledger, problems)
    _letters(ledger, problems)
    if ledger.proof == "data" and not ledger.detectors:
        problems.add(("proof",), "proof", "以数据为销号依据（data）的台账要有发现规则，否则永远不能销号")
    if ledger.data_only and not ledger.detectors:
        problems.add(("data_only",), "data_only", "只由数据立案的台账要有发现规则，否则永远没有个案")
    if ledger.sheet and ledger.sheet not in {move.name for move in ledger.moves}:
        problems.add(("sheet",), "sheet", f"办理“{ledger.sheet}”不存在")
    for number, line in enumerate(ledger.owner_lines):
        if line.level not in ledger.ladder.levels:
            problems.add(
                ("owner_lines", number), f"责任人“{line.name}”", f"级别 {line.level} 不在逾期升级的级别中"
            )


class Named(Protocol):
    """What has a name."""

    @property
    def name(self) -> str: ...


def _unique(ledger: Ledger, problems: Problems) -> None:
    groups: tuple[tuple[str, Sequence[Named]], ...] = (
        ("citations", ledger.citations),
        ("settings", ledger.settings),
        ("owner_lines", ledger.owner_lines),
        ("columns", ledger.columns),
        ("states", ledger.states),
        ("moves", ledger.moves),
        ("detectors", ledger.detectors),
        ("forms", ledger.forms),
        ("letters", ledger.letters),
        ("reports", ledger.reports),
    )
    for key, rows in groups:
        seen: set[str] = set()
        for number, row in enumerate(rows):
            if row.name in seen:
                problems.add((key, number), f"{key} “{row.name}”", "名称重复，请换一个名称")
            seen.add(row.name)


def _states(ledger: Ledger, problems: Problems) -> None:
    if not ledger.states:
        problems.add(("states",), "states", "至少要有一个办理中的状态和一个已销号的状态")
        return
    if ledger.initial.phase != "open":
        problems.add(("states", 0), f"状态“{ledger.initial.title}”", "第一个状态是初始状态，phase 应是 open")
    if not any(state.phase == "closed" for state in ledger.states):
        problems.add(("states",), "states", "没有 phase: closed 的状态，个案永远不能销号")
    solved = [state for state in ledger.states if state.phase == "solved"]
    if ledger.detectors and not solved:
        problems.add(
            ("states",), "states", "有发现规则的台账要有 phase: solved 的状态（数据显示已解决，待核实）"
        )
    if len(solved) > 1:
        problems.add(("states",), "states", "phase: solved 的状态只能有一个")
    settings = {setting.name for setting in ledger.settings}
    for number, state in enumerate(ledger.states):
        place = f"状态“{state.title}”"
        if state.setting and state.setting not in settings:
            problems.add(("states", number, "deadline"), place, f"期限用的设置“{state.setting}”不存在")
        dated = {column.name for column in ledger.columns if column.kind == "date"}
        for name in (state.column, state.since):
            if name and name not in dated:
                problems.add(("states", number, "deadline"), place, f"期限用的栏目“{name}”不存在或不是日期栏")
        if state.since and state.days is None and not state.setting:
            problems.add(
                ("states", number, "deadline"), place, "写了 since（从哪个日期算起），还要写 days 或 setting"
            )
        if state.phase in ENDED:
            if state.level or state.days is not None or state.setting:
                problems.add(("states", number), place, "已结束的状态不能有责任级别和期限")
        elif not state.level:
            problems.add(
                ("states", number), place, "没有责任级别，请写 level: class、school、township 或 bureau"
            )
        elif state.level not in ledger.ladder.levels:
            problems.add(("states", number, "level"), place, f"级别 {state.level} 不在逾期升级的级别中")


def _move(ledger: Ledger, move: Move, path: Path, problems: Problems) -> None:
    place = f"办理“{move.title}”"
    states = {state.name: state for state in ledger.states}
    for source in move.sources:
        if source not in states:
            problems.add((*path, "from"), place, f"起点状态“{source}”不存在")
        elif states[source].phase in ENDED:
            problems.add((*path, "from"), place, f"“{states[source].title}”已结束，不能再办理")
    if move.target and move.target not in states:
        problems.add((*path, "to"), place, f"终点状态“{move.target}”不存在，停留在原状态请写 same")
    columns = {column.name for column in ledger.columns}
    for name in move.fields:
        if name not in columns:
            problems.add((*path, "fields"), place, f"栏目“{name}”不存在")
    shown = {column.name for column in ledger.columns if column.access == "child"}
    for name, _words in move.unless:
        if name not in shown:
            problems.add((*path, "unless"), place, f"栏目“{name}”不存在，或者是受限栏目")
    if move.form and move.form not in {form.name for form in ledger.forms}:
        problems.add((*path, "form"), place, f"表单“{move.form}”不存在")
    target = states.get(move.target)
    if target is not None:
        _ending(ledger, move, target, states, path, problems)


def _ending(
    ledger: Ledger, move: Move, target: State, states: dict[str, State], path: Path, problems: Problems
) -> None:
    place = f"办理“{move.title}”"
    if target.phase == "solved":
        problems.add((*path, "to"), place, "“数据显示已解决”只由数据得出，不能由人办理到这个状态")
    if (target.phase == "passed") != bool(move.passes_to):
        problems.add(
            (*path, "passes_to"), place, "转出（phase: passed）的办理要写 passes_to（转入的台账），其他的不写"
        )
    if target.phase != "closed":
        return
    if not move.second:
        problems.add((*path, "second"), place, "销号须由另一人办理，请写 second: true")
    phases = {states[source].phase for source in move.sources if source in states}
    if ledger.proof == "data" and phases - {"solved"}:
        problems.add((*path, "from"), place, "以数据为销号依据的台账只能从“数据显示已解决”的状态销号")
    if ledger.proof == "person" and phases - {"claimed", "solved"}:
        problems.add((*path, "from"), place, "销号前须先报完成（phase: claimed），不能直接从办理中销号")
    if ledger.proof == "person" and not _claim_has_evidence(ledger, move):
        problems.add(
            path, place, "没有数据依据的销号须有证据：报完成或销号的办理要写 needs: [text] 或 [file]"
        )


def _claim_has_evidence(ledger: Ledger, closing: Move) -> bool:
    """Either closing itself asks for evidence, or each way into the states it starts from does."""
    if closing.needs:
        return True
    ways = [move for move in ledger.moves if move.target in closing.sources]
    return bool(ways) and all(move.needs for move in ways)


def _flow(ledger: Ledger, problems: Problems) -> None:
    """Every state is reached, and from every live one a way leads to an end."""
    if not ledger.states:
        return
    edges = {
        (source, move.target) for move in ledger.moves for source in move.sources if move.target
    } | _data_edges(ledger)
    reached = _closure({ledger.initial.name}, edges)
    ends = {state.name for state in ledger.states if state.phase in ENDED}
    leads_out = _closure(ends, {(target, source) for source, target in edges})
    for number, state in enumerate(ledger.states):
        if state.name not in reached:
            problems.add(
                ("states", number),
                f"状态“{state.title}”",
                "没有任何办理能到达这个状态，请补上办理或删去这个状态",
            )
        elif state.phase in LIVE and state.name not in leads_out:
            problems.add(
                ("states", number), f"状态“{state.title}”", "从这个状态没有办法走到结束（死路），请补上办理"
            )


def _data_edges(ledger: Ledger) -> set[tuple[str, str]]:
    """What the data itself moves: every live state to solved."""
    solved = ledger.solved
    if solved is None or not ledger.detectors:
        return set()
    return {(state.name, solved.name) for state in ledger.states if state.phase in ("open", "claimed")}


def _closure(start: Collection[str], edges: Collection[tuple[str, str]]) -> set[str]:
    reached = set(start)
    while True:
        more = {target for source, target in edges if source in reached} - reached
        if not more:
            return reached
        reached |= more


def _columns(ledger: Ledger, problems: Problems) -> None:
    states = {state.name for state in ledger.states}
    fillable = {name for move in ledger.moves for name in move.fields}
    for number, column in enumerate(ledger.columns):
        place = f"栏目“{column.title}”"
        for name in column.required_in:
            if name not in states:
                problems.add(("columns", number, "required_in"), place, f"状态“{name}”不存在")
        if column.required_in and column.name not in fillable:
            problems.add(("columns", number, "required_in"), place, "必填，却没有办理能填写它")


def _forms(ledger: Ledger, problems: Problems) -> None:
    columns = {column.name for column in ledger.columns}
    moves = {move.name for move in ledger.moves}
    for number, form in enumerate(ledger.forms):
        place = f"表单“{form.title}”"
        _known(form.fields, columns, "栏目", ("forms", number, "fields"), place, problems)
        if not form.move:
            problems.add(("forms", number, "move"), place, "没有写保存表单时办理什么，请写 move: 办理的名称")
        elif form.move not in moves:
            problems.add(("forms", number, "move"), place, f"办理“{form.move}”不存在")
    for number, detector in enumerate(ledger.detectors):
        names = {name for name, _ in detector.evidence}
        place = f"发现规则“{detector.title}”"
        _known(detector.tracked, names, "依据", ("detectors", number, "tracked"), place, problems)
        if not detector.evidence:
            problems.add(
                ("detectors", number, "evidence"),
                f"发现规则“{detector.title}”",
                "没有写依据，请写 evidence: {栏目: 标题}",
            )


def _known(
    names: Sequence[str], known: Collection[str], what: str, path: Path, place: str, problems: Problems
) -> None:
    for name in names:
        if name not in known:
            problems.add(path, place, f"{what}“{name}”不存在")


def _letters(ledger: Ledger, problems: Problems) -> None:
    states = {state.name for state in ledger.states}
    known = {*LETTER_FIELDS, *(column.title for column in ledger.columns if column.access == "child")}
    known |= {setting.title for setting in ledger.settings}
    for number, letter in enumerate(ledger.letters):
        place = f"文书“{letter.title}”"
        _known(letter.states, states, "状态", ("letters", number, "states"), place, problems)
        parts = [("to", letter.recipient), ("signature", letter.signature)]
        for path, text in (
            *((("letters", number, key), words) for key, words in parts),
            *((("letters", number, "paragraphs", n), words) for n, words in enumerate(letter.paragraphs)),
        ):
            try:
                holes = [one[1:] for one in Formatter().parse(text) if one[1] is not None]
            except ValueError:
                problems.add(path, place, "花括号不成对，请检查")
                continue
            for name, form, how in holes:
                if form or how:
                    problems.add(path, place, f"花括号里只写名称“{name}”，不写冒号和叹号")
                elif name not in known:
                    words = f"没有“{name}”可填；可用 {'、'.join(LETTER_FIELDS)} 和栏目标题"
                    problems.add(path, place, words)
