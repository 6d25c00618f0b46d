"""资助判断的结果 (outcomes): for one person and one clause, what follows on a day. Money in integer fen."""

from collections.abc import Mapping
from dataclasses import dataclass, field

PAID = "paid"
CUT = "cut"
LOST = "lost"
UNCONFIRMED = "unconfirmed"
UNKNOWN_STATE = "unknown"
NOT_MET = "not_met"
OTHER_GRADE = "other_grade"
NOT_IN_FORCE = "not_in_force"
OTHER_STAGE = "other_stage"
OTHER_AREA = "other_area"

# In this order, so that a state is also a small number in arrays and tables.
STATES = (
    PAID,
    CUT,
    LOST,
    UNCONFIRMED,
    UNKNOWN_STATE,
    NOT_MET,
    OTHER_GRADE,
    NOT_IN_FORCE,
    OTHER_STAGE,
    OTHER_AREA,
)
STATE_TITLES = {
    PAID: "应享受",
    CUT: "应享受，受上限核减",
    LOST: "不另发",
    UNCONFIRMED: "待确认，暂不发放",
    UNKNOWN_STATE: "情况不明，待查",
    NOT_MET: "条件不符",
    OTHER_GRADE: "年级不符",
    NOT_IN_FORCE: "不在有效期",
    OTHER_STAGE: "学段不符",
    OTHER_AREA: "地区不符",
}
GRANTED = (PAID, CUT)
PERIODS = ("year", "once")

# Names of what may be missing beside the facts of a condition.
GRADE_FACT = "年级"
AREA_FACT = "县区"


@dataclass(frozen=True, slots=True)
class Child:
    """学生: stage of `STAGES`, grade from 1 (0: not known), county code ("": not known), facts (absent: not known)."""

    stage: str
    grade: int
    county: str
    facts: Mapping[str, bool | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """一条判断: `fen` is what is paid; `due` what the clause grants when it applies (also where it is not paid).

    `by` names the clause that was paid instead, or the group whose cap or open rule stopped it.
    """

    clause: str
    state: str
    fen: int = 0
    due: int = 0
    by: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """合计: fen by (kind, period); `waiting` the same for what a named person must still confirm."""

    paid: Mapping[tuple[str, str], int]
    waiting: Mapping[tuple[str, str], int]
