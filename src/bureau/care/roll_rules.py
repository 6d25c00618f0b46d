"""适龄儿童的去向: what one child's registers, pupil's record and cases say together. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

STUDYING = frozenset({"在读"})
GONE_FROM_HOUSEHOLD = ("迁出", "死亡", "注销")
FOUND_ELSEWHERE = frozenset({"在外地就读"})
NO_LONGER_HERE = frozenset({"查无此人或重复登记", "已死亡或迁出"})


@dataclass(frozen=True, slots=True)
class Followed:
    """控辍个案 of a child: the ledger, the case, its state in words, and what the visit found."""

    ledger: str
    case_id: int
    state: str
    found: str = ""
    live: bool = True


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one child. `link` is the state of the comparison ("" for a pupil who is on no household register), `status` the pupil's."""

    link: str
    status: str | None
    stage: str = ""
    inclusion: str = ""
    elsewhere: bool = False


def state_of(known: Known, followed: Mapping[str, Followed], *, linked: bool, deferred: bool) -> str:
    """去向. A live dropout case says more than a register; a doubtful pair stays doubtful until a person has looked."""
    for ledger, state in (("dropout", "dropped"), ("suspected", "suspected")):
        if ledger in followed and followed[ledger].live:
            return state
    if linked and known.status is not None:
        if known.status in STUDYING:
            if known.inclusion == "送教上门":
                return "home"
            return "preschool" if known.stage == "学前" else "studying"
        if known.status == "休学":
            return "suspended"
        if known.status == "毕业" and known.stage in ("初中", "高中", "中职"):
            return "finished"
    child = followed.get("children")
    if known.elsewhere or (child is not None and child.found in FOUND_ELSEWHERE):
        return "elsewhere"
    if deferred:
        return "deferred"
    if linked:
        return "left"
    return "check" if known.link in ("to_check", "second") else "absent"


def counts_no_more(followed: Mapping[str, Followed]) -> bool:
    """Whether a closed visit found that there is no such child here: then it is none of the roll."""
    child = followed.get("children")
    return child is not None and not child.live and child.found in NO_LONGER_HERE
