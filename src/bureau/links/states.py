"""名册和比对结果的状态表. Pure.

名册   排队读取 ─► 正在读取 ─► 正在比对 ─► 已比对
                    │            ├─► 待确认采用 ─► 已比对
                    └─► 无法读取  └─► 排队读取      (cut off: begins again)
       已比对 ─► 正在比对        compared again with a newer student register
       已比对, 待确认采用 ─► 已撤下
       已比对, 待确认采用, 无法读取 ─► 排队读取   somebody has said what its columns are
       not yet compared ─► 已取消

比对   自动对上, 待核对, 未对上 ─► 同一人, 不是同一人, 需入户核实     by one person
       the same ─► 待第二人复核 ─► 同一人, 不是同一人               where the rules ask for two
       decided ─► what the machine said                           undone
"""

SCHOOL_FROM, SCHOOL_TO = 6, 14  # assumed until the county says otherwise: full years on 31 August
SAMPLE_SHARE, SAMPLE_LEAST = 0.01, 10
LOW_MATCH = 0.7  # a smaller share of children found asks a person whether it is the right file

REGISTER_NEXT: dict[str, frozenset[str]] = {
    "received": frozenset({"reading", "cancelled"}),
    "reading": frozenset({"matching", "refused", "cancelled", "received"}),
    "matching": frozenset({"matched", "held", "refused", "cancelled", "received"}),
    "held": frozenset({"matched", "withdrawn", "matching", "received"}),
    "matched": frozenset({"matching", "withdrawn", "received"}),
    "refused": frozenset({"received"}),
    "cancelled": frozenset(),
    "withdrawn": frozenset(),
}
UNDER_WAY = frozenset({"received", "reading", "matching"})
IN_FORCE = "matched"

MACHINE = frozenset({"automatic", "to_check", "unmatched"})
DECIDED = frozenset({"same", "different", "visit"})
LINKED = frozenset({"automatic", "same"})
MISSING = frozenset({"unmatched", "different", "visit"})


def may_become(now: str, then: str) -> bool:
    """Whether a register in one state may pass to another."""
    return then in REGISTER_NEXT.get(now, frozenset())
