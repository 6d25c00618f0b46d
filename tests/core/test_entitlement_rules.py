"""Who may confirm what no document says, and what cannot be confirmed."""

import pytest

from bureau.entitlements.rules import why_not_confirm, why_not_withdraw
from bureau.people.rules import MAY, Permission

ASKED = {"role": "office", "assumption": "分档未载明", "forms": frozenset({"average"}), "wider": False, "confirmed": False, "reason": "会议纪要"}  # fmt: skip


def test_a_person_who_may_change_packs_confirms_with_a_reason() -> None:
    assert why_not_confirm(**ASKED) is None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"role": "school"}, "不能修改县级标准"),
        ({"assumption": ""}, "没有待确认"),
        ({"forms": frozenset({"range"})}, "没有载明每人的金额"),
        ({"forms": frozenset({"fixed", "actual"})}, "没有载明每人的金额"),
        ({"wider": True}, "须由上级确认"),
        ({"confirmed": True}, "请先撤回"),
        ({"reason": " "}, "请写明依据"),
        ({"reason": "长" * 301}, "最多300字"),
    ],
)
def test_each_refusal_is_a_sentence(change: dict[str, object], sentence: str) -> None:
    assert sentence in str(why_not_confirm(**{**ASKED, **change}))


@pytest.mark.parametrize("role", MAY)
def test_withdrawing_needs_the_same_permission_and_something_to_withdraw(role: str) -> None:
    may = Permission.CHANGE_PACKS in MAY[role]
    assert (why_not_withdraw(role=role, confirmed=True) is None) is may
    assert why_not_withdraw(role=role, confirmed=False)
