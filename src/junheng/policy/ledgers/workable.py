"""办得通吗: a pack may hold together and still leave a case on nobody's desk. Said where it is saved; a pack in force stays in force."""

from junheng.policy.ledgers.located import Problems
from junheng.policy.ledgers.model import Ledger

CLOSING = "bureau"  # whose accounts may confirm a close


def check_workable(ledger: Ledger, problems: Problems) -> None:
    """Notes closing steps that nobody may take, and solved cases that nobody could have looked at before the close."""
    phases = {state.name: state.phase for state in ledger.states}
    for number, move in enumerate(ledger.moves):
        if phases.get(move.target) != "closed":
            continue
        place, path = f"办理“{move.title}”", ("moves", number, "by")
        others = [level for level in move.by if level != CLOSING]
        if others:
            problems.add(
                path, place, f"销号由教育局复核，{'、'.join(others)} 的人不能销号，请写 by: [{CLOSING}]"
            )
        elif CLOSING not in move.by:
            problems.add(path, place, f"销号由教育局复核，请写 by: [{CLOSING}]")
    solved = ledger.solved
    if solved is None or not ledger.detectors:
        return
    looks = [move for move in ledger.moves if solved.name in move.sources and not move.target]
    if not looks:
        problems.add(
            ("states", ledger.states.index(solved)),
            f"状态“{solved.title}”",
            f"没有人办理过的个案到了这里，要先有人登记核实才能销号；请加一个 from: [{solved.name}]、to: same 的办理，例如“登记核实”",
        )
