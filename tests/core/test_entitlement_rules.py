"""Who may confirm what no document says, write the county's clauses and give cards; and what cannot be."""

from datetime import date

import pytest

from bureau.entitlements.rules import (
    why_not_check,
    why_not_confirm,
    why_not_confirm_pack,
    why_not_drop_pack,
    why_not_edit_pack,
    why_not_give_cards,
    why_not_pay,
    why_not_renew_card,
    why_not_return_pack,
    why_not_submit_pack,
    why_not_withdraw,
)
from bureau.people.rules import MAY, Permission

ASKED = {"role": "office", "assumption": "分档未载明", "forms": frozenset({"fixed"}), "wider": False, "confirmed": False, "reason": "会议纪要"}  # fmt: skip


def test_a_person_who_may_change_packs_confirms_with_a_reason() -> None:
    assert why_not_confirm(**ASKED) is None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"role": "school"}, "不能修改县级标准"),
        ({"assumption": ""}, "没有待确认"),
        ({"forms": frozenset({"range"})}, "写明分档"),
        ({"forms": frozenset({"average"})}, "写明分档"),
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


def test_a_confirmation_is_checked_by_another() -> None:
    assert why_not_check(role="office", waiting=True, by_self=False) is None
    assert "另一位" in str(why_not_check(role="office", waiting=True, by_self=True))
    assert "没有等待" in str(why_not_check(role="office", waiting=False, by_self=False))
    assert "不能修改县级标准" in str(why_not_check(role="school", waiting=True, by_self=False))


PAID = {"name": "助学金", "here": True, "in_force": True, "assumption": "", "settled": True, "day": date(2026, 9, 1)}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "没有这一条"),
        ({"here": False}, "不适用于本县"),
        ({"in_force": False}, "2026-09-01不在有效期"),
        (
            {"settled": False, "assumption": "分档未载明"},
            "分档未载明；须由本县两人确认，文件没有载明金额的先写明金额",
        ),
    ],
)
def test_what_blocks_payment_is_a_sentence(change: dict[str, object], sentence: str) -> None:
    assert why_not_pay(**PAID) is None
    assert sentence in str(why_not_pay(**{**PAID, **change}))


def test_a_pack_goes_from_hand_to_hand() -> None:
    assert why_not_edit_pack(role="office", open_state="") is None
    assert why_not_edit_pack(role="office", open_state="draft") is None
    assert "先复核或退回" in str(why_not_edit_pack(role="office", open_state="waiting"))
    assert "另起草新版" in str(why_not_edit_pack(role="office", open_state="", own_version=False))
    sent = {"role": "office", "state": "draft", "edits": 1, "problems": 0, "reason": "纪要"}
    assert why_not_submit_pack(**sent) is None
    assert "还没有修改" in str(why_not_submit_pack(**{**sent, "edits": 0}))
    assert "还有3处问题" in str(why_not_submit_pack(**{**sent, "problems": 3}))
    assert "请写明依据" in str(why_not_submit_pack(**{**sent, "reason": " "}))
    assert "只有草稿" in str(why_not_submit_pack(**{**sent, "state": "waiting"}))
    held = {"role": "leader", "state": "waiting", "person": 3, "makers": {1, 2}}
    assert why_not_confirm_pack(**held) is None
    assert "不能自己确认" in str(why_not_confirm_pack(**{**held, "person": 2}))
    assert "2处问题" in str(why_not_confirm_pack(**{**held, "problems": 2}))
    assert "不在待复核" in str(why_not_confirm_pack(**{**held, "state": "draft"}))
    assert why_not_return_pack(role="leader", state="waiting", reason="引文有误") is None
    assert "退回原因" in str(why_not_return_pack(role="leader", state="waiting", reason=""))
    assert why_not_drop_pack(role="office", state="draft") is None
    assert "请先退回" in str(why_not_drop_pack(role="office", state="waiting"))


def test_cards_are_for_who_sees_the_children() -> None:
    assert why_not_give_cards(role="school", cards=40, most=2000) is None
    assert "没有符合条件" in str(why_not_give_cards(role="school", cards=0, most=2000))
    assert "一次最多为2000名学生印卡" in str(why_not_give_cards(role="school", cards=2001, most=2000))
    assert why_not_give_cards(role="unit", cards=40, most=2000)
    assert why_not_renew_card(role="school", valid=True, reason="遗失") is None
    assert "换发原因" in str(why_not_renew_card(role="school", valid=True, reason=""))
    assert "先印卡" in str(why_not_renew_card(role="school", valid=False, reason="遗失"))


@pytest.mark.parametrize("role", [role for role in MAY if Permission.CHANGE_PACKS not in MAY[role]])
def test_who_may_not_change_packs_is_told_so_first(role: str) -> None:
    for refusal in (
        why_not_edit_pack(role=role, open_state=""),
        why_not_submit_pack(role=role, state="draft", edits=1, problems=0, reason="x"),
        why_not_confirm_pack(role=role, state="waiting", person=1, makers=()),
        why_not_return_pack(role=role, state="waiting", reason="x"),
        why_not_drop_pack(role=role, state="draft"),
    ):
        assert "不能修改县级标准" in str(refusal)
