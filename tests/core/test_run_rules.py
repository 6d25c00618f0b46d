"""县级结论的规则: three values, reasons that name what fails before what is missing. No database."""

import pytest

from bureau.runs import rules


def part(title: str, *verdicts: str) -> rules.Part:
    return rules.part(title, [(f"{title}{number}", verdict) for number, verdict in enumerate(verdicts, 1)])


@pytest.mark.parametrize(
    ("verdicts", "whole"),
    [
        (("达标", "达标"), "达标"),
        (("达标", "未报"), "未报"),
        (("未达标", "未报"), "未达标"),
        (("不适用", "达标"), "达标"),
        (("不适用",), "未报"),
        ((), "未报"),
    ],
)
def test_a_part(verdicts: tuple[str, ...], whole: str) -> None:
    assert part("政", *verdicts).verdict == whole


def test_the_whole_and_its_reasons() -> None:
    verdict, reasons = rules.overall([part("甲", "达标", "未报"), part("乙", "未达标", "达标")])
    assert verdict == "未达标"
    assert reasons == ["乙：1 项未达标（乙1）", "甲：1 项未报（甲2）"]
    assert rules.overall([part("甲", "达标")]) == ("达标", [])
    assert rules.overall([]) == ("未报", [])


def test_many_names_are_counted_not_listed() -> None:
    _, reasons = rules.overall([part("校", *["未达标"] * 100)])
    assert reasons == ["校：100 项未达标（校1、校2、校3、校4、校5、校6 等 100 项）"]


def test_asking_for_a_run() -> None:
    assert rules.why_not_ask(role="office", has_data=True, running=False) is None
    assert "导入" in (rules.why_not_ask(role="office", has_data=False, running=False) or "")
    assert "排队" in (rules.why_not_ask(role="office", has_data=True, running=True) or "")
    assert "不能发起计算" in (rules.why_not_ask(role="school", has_data=True, running=False) or "")


def test_county_values_need_a_reason_and_a_second_person() -> None:
    assert rules.why_not_enter_value(role="office", reason="纪要") is None
    assert rules.why_not_enter_value(role="office", reason=" ")
    assert rules.why_not_enter_value(role="inspector", reason="纪要")
    check = rules.why_not_check_value
    assert check(role="leader", by_self=False, checked=False, withdrawn=False) is None
    assert "另一人" in (check(role="leader", by_self=True, checked=False, withdrawn=False) or "")
    assert "已经核对" in (check(role="leader", by_self=False, checked=True, withdrawn=False) or "")
    assert "撤回" in (check(role="leader", by_self=False, checked=False, withdrawn=True) or "")
