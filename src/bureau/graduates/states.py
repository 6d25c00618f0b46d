"""去向状态: the next states of a line of a list and of a measure for one child.

名单行  自动对上, 待核对, 对不上 ──same──► 同一人 · ──different──► 不是同一人 (and back, as often as needed)
一人一策  帮扶中 ──report──► 已报结果，待复核 ──confirm──► 已办结;  ◄── send_back
"""

from collections.abc import Mapping

SUPPORT: Mapping[tuple[str, str], str] = {
    ("open", "report"): "done",
    ("done", "send_back"): "open",
    ("done", "confirm"): "confirmed",
}
# Lines that say of somebody what they say.
POINTED = ("matched", "same")
SUPPORT_WORDS = {"open": "帮扶中", "done": "已报结果，待复核", "confirmed": "已办结"}
LINE_WORDS = {
    "matched": "自动对上",
    "to_check": "待核对",
    "same": "同一人",
    "different": "不是同一人",
    "unmatched": "对不上",
}
