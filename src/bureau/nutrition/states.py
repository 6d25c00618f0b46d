"""供餐状态: the tables of next states of a month's account, a delivery and a complaint.

月账  登记中 ──sign──► 学校已签 ──close──► 已结账        到货  待验收 ─inspect─► 一人已验 ─second─► 已验收
        ▲                 │                                     └────────── reject ──┴────────► 已拒收
        └── send_back ────┘                             投诉  办理中 ─answer─► 已答复 ─close─► 已办结
                                                                 ▲── send_back ──┘
"""

from collections.abc import Mapping

ACCOUNT: Mapping[tuple[str, str], str] = {
    ("open", "sign"): "signed",
    ("signed", "send_back"): "open",
    ("signed", "close"): "closed",
}
DELIVERY: Mapping[tuple[str, str], str] = {
    ("waiting", "inspect"): "inspected",
    ("inspected", "second"): "accepted",
    ("waiting", "reject"): "rejected",
    ("inspected", "reject"): "rejected",
}
COMPLAINT: Mapping[tuple[str, str], str] = {
    ("open", "answer"): "answered",
    ("answered", "send_back"): "open",
    ("answered", "close"): "closed",
}
ACCOUNT_WORDS = {"open": "登记中", "signed": "学校已签，待审核", "closed": "已结账"}
DELIVERY_WORDS = {
    "waiting": "待验收",
    "inspected": "一人已验，待第二人",
    "accepted": "已验收",
    "rejected": "已拒收",
}
COMPLAINT_WORDS = {"open": "办理中", "answered": "已答复，待复核", "closed": "已办结"}
