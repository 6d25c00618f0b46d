"""审计线索的种类. What is done about one is a case: its ledger says who may do what. Pure."""

from collections.abc import Mapping

KINDS: Mapping[str, str] = {
    "shared_account": "同一账户收多名受助人的钱",
    "two_counties": "同一人在两个县领取",
    "after_leaving": "死亡、转出或离校后仍发放",
    "paid_twice": "同一项目同一学期重复发放",
    "round_trip": "退回后改发到别人的账户",
    "before_end": "身份将满前突击发放",
    "not_entitled": "不符合条款而发放",
}
# Whose finding → the ledger in which its case stands.
LEDGERS: Mapping[str, str] = {"student": "audit_findings", "teacher": "audit_findings_staff"}
