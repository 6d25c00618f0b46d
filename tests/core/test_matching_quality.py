"""匹配的质量: on registers of every office, also those whose habits the weights never saw: what is linked is right, and nobody is hidden."""

import numpy as np
import pytest

from junheng.matching import AUTOMATIC, Matches, match, reasons
from junheng.matching.findings import warnings
from town.identity import check_digit
from town.register_damage import OFFICES, UNSEEN, scientific
from town.register_pairs import Pairs, registers

SMALL = {"pupils": 4_000, "listed": 1_200, "lone": 1.0}


def matched(made: Pairs) -> Matches:
    return match(made.columns("left"), made.columns("right"))


def f1(found: Matches, made: Pairs) -> float:
    truth = np.array(made.truth)
    right = (found.other >= 0) & (found.other == truth)
    return float(2 * right.sum() / ((found.other >= 0).sum() + (truth >= 0).sum()))


@pytest.mark.parametrize("office", [*OFFICES, *UNSEEN])
def test_what_is_linked_is_right(office: str) -> None:
    made = registers(office, "dirty", 31, **SMALL)  # type: ignore[arg-type]
    found = matched(made)
    truth = np.array(made.truth)
    automatic = found.handling == AUTOMATIC
    assert f1(found, made) > 0.985
    assert automatic.mean() > 0.6
    assert (found.other[automatic] != truth[automatic]).sum() <= 1
    assert made.lone_twins
    assert not automatic[made.lone_twins].any()
    linked = found.other >= 0
    # Calibrated: of what is linked at p, about p is right.
    wrong = (found.other[linked] != truth[linked]).sum()
    assert abs((1 - found.probability[linked]).sum() - wrong) < 8 + wrong * 0.6


def test_columns_may_be_absent() -> None:
    made = registers("civil", "typical", 32, **SMALL)  # type: ignore[arg-type]
    for absent, least in (("id", 0.97), ("born", 0.99), ("guardians", 0.99), ("township", 0.99)):
        left, right = made.columns("left"), made.columns("right")
        del right[absent]
        found = match(left, right)
        assert f1(found, made) > least, absent


def test_a_column_of_numbers_turned_into_scientific_notation() -> None:
    made = registers("civil", "typical", 33, **SMALL)  # type: ignore[arg-type]
    for line in made.right:
        line["id"] = scientific(line["id"], 6) if len(line["id"]) == 18 else line["id"]
    found = matched(made)
    assert f1(found, made) > 0.985
    assert not (found.handling[made.lone_twins] == AUTOMATIC).any()
    assert any("Excel" in text for text in warnings(found))


def test_the_list_of_another_county() -> None:
    here = registers("civil", "typical", 34, **SMALL)  # type: ignore[arg-type]
    elsewhere = registers("civil", "typical", 39, pupils=4_000, listed=900)
    mixed = {
        name: values + elsewhere.columns("right")[name] for name, values in here.columns("right").items()
    }
    found = match(here.columns("left"), mixed)
    strangers = np.arange(len(found.other)) >= len(here.right)
    assert not (found.handling[strangers] == AUTOMATIC).any()
    assert (found.other[strangers] >= 0).mean() < 0.01
    said = warnings(found)
    assert any("其他县" in text for text in said)
    assert any("明显偏低" in text for text in said)


PERSON = {
    "sex": "男",
    "county": "同心县",
    "township": "丁塘镇",
    "village": "河草沟村",
    "guardians": "马国强",
    "guardian_ids": None,
    "phone": None,
}
DRAGON, TIGER, PHOENIX, FATHER = (
    head + check_digit(head)
    for head in ("64039920090304123", "64039920110506121", "64039920130708122", "64039919800304121")
)
TWIN = "64039920090304125" + check_digit("64039920090304125")


def columns(*lines: dict[str, str | None]) -> dict[str, list[str | None]]:
    names = ("name", "id", "born", *PERSON)
    return {name: [(PERSON | line).get(name) for line in lines] for name in names}


def test_the_fathers_number_for_all_three_children() -> None:
    left = columns(
        {"name": "马小龙", "id": DRAGON, "born": "2009-03-04"},
        {"name": "马小虎", "id": TIGER, "born": "2011-05-06"},
        {"name": "马小凤", "id": PHOENIX, "born": "2013-07-08", "sex": "女"},
    )
    right = columns(
        *({"name": name, "id": FATHER, "born": None, "sex": None} for name in ("马小凤", "马小龙", "马小虎"))
    )
    found = match(left, right)
    assert found.other.tolist() == [2, 0, 1]
    assert not (found.handling == AUTOMATIC).any()
    assert all("成年人的身份证号" in text for text in reasons(found, left, right))


def test_two_lines_for_one_child_go_to_one_student() -> None:
    left = columns({"name": "马小龙", "id": DRAGON, "born": "2009-03-04"})
    right = columns(
        {"name": "马小龙", "id": DRAGON, "born": "2009-03-04"},
        {"name": "马晓龙", "id": DRAGON, "born": "2009-03-04"},
        {"name": "马小龙", "id": None, "born": "2009-03-04"},
    )
    found = match(left, right)
    assert found.other.tolist() == [0, 0, 0]
    assert "另一条登记" in reasons(found, left, right)[1]


def test_a_sisters_number_under_a_name_of_one_sound_makes_no_second_line_of_hers() -> None:
    """许欣子 stands in the list with the number of 许欣梓 but with a birth date of her own."""
    left = columns(
        {"name": "许欣子", "id": PHOENIX, "born": "2013-07-08"},
        {"name": "许欣梓", "id": TIGER, "born": "2011-05-06"},
    )
    right = columns(
        {"name": "许欣梓", "id": TIGER, "born": "2011-05-06"},
        {"name": "许欣子", "id": TIGER, "born": "2013-07-08"},
    )
    found = match(left, right)
    assert found.other.tolist() == [1, 0]
    assert found.handling[1] != AUTOMATIC
    # The same under one name: a birth date typed wrong, and one child.
    again = columns(
        {"name": "许欣梓", "id": TIGER, "born": "2011-05-06"},
        {"name": "许欣梓", "id": TIGER, "born": "2013-07-08"},
    )
    assert match(left, again).other.tolist() == [1, 1]


def test_a_brothers_number_makes_no_second_line_of_him_where_both_are_there() -> None:
    """Without birth dates 马龙, who stands with the number of 马小龙, would look like him with a character left out."""
    left = columns(
        {"name": "马小龙", "id": DRAGON, "born": "2009-03-04"},
        {"name": "马龙", "id": TIGER, "born": "2011-05-06"},
    )
    right = columns(
        {"name": "马小龙", "id": DRAGON, "born": None}, {"name": "马龙", "id": DRAGON, "born": None}
    )
    assert match(left, right).other.tolist() == [0, 1]


def test_a_child_renamed_and_entered_again_under_its_number_is_one_child() -> None:
    left = columns({"name": "马小龙", "id": DRAGON, "born": "2009-03-04"})
    right = columns(
        {"name": "马小龙", "id": DRAGON, "born": "2009-03-04"},
        {"name": "马龙龙", "id": DRAGON, "born": "2009-03-04"},
    )
    found = match(left, right)
    assert found.other.tolist() == [0, 0]
    assert found.handling[1] != AUTOMATIC
    # With a twin of that name in school it is the twin, whose line was given the wrong number.
    two = columns(
        {"name": "马小龙", "id": DRAGON, "born": "2009-03-04"},
        {"name": "马龙龙", "id": TWIN, "born": "2009-03-04"},
    )
    assert match(two, right).other.tolist() == [0, 1]


def _probable(**changes: str | None) -> float:
    """Of one name alone, without number and birth date, in a county of 400 other children."""
    others = [
        {"name": f"{a}{b}", "id": None, "born": "2012-01-02", "guardians": f"{a}成", "village": f"{b}村"}
        for a in "王李张陈刘赵周吴徐孙朱胡郭何林罗郑梁谢宋" for b in "东南西北中春夏秋冬山水木火土金日月星云雨"
    ]  # fmt: skip
    child = {"name": "马可欣", "id": DRAGON, "born": "2009-03-04", "guardian_ids": FATHER}
    found = match(columns(child, *others), columns({"name": "马可欣", "id": None, "born": None} | changes))
    assert found.other.tolist() == [0] or found.near.tolist() == [0]
    return float(found.probability[0])


def test_a_grandfather_is_another_guardian_and_another_man_of_the_fathers_age_another_family() -> None:
    old, other = (head + check_digit(head) for head in ("64039919520101121", "64039919820101121"))
    there = {"guardians": "王秀山", "village": None}
    assert _probable(guardian_ids=old, **there) > _probable(guardian_ids=other, **there)


def test_a_township_that_nobody_in_school_lives_in_says_less_than_one_that_others_do() -> None:
    where = {"guardians": None, "guardian_ids": None}
    assert _probable(township="新源镇", village="河草沟村", **where) > _probable(
        township="新源镇", village=None, **where
    )


def test_twins_of_one_sound_are_two_children_also_where_one_has_no_number() -> None:
    left = columns(
        {"name": "马亮浩", "id": DRAGON, "born": "2009-03-04"},
        {"name": "马亮昊", "id": TWIN, "born": "2009-03-04"},
    )
    right = columns(
        {"name": "马亮浩", "id": None, "born": "2009-03-04"},
        {"name": "马亮昊", "id": TWIN, "born": "2009-03-04"},
    )
    assert match(left, right).other.tolist() == [0, 1]


def test_the_lone_twin_stays_on_the_missing_list() -> None:
    left = columns({"name": "马小龙", "id": DRAGON, "born": "2009-03-04"})
    right = columns({"name": "马小虎", "id": TWIN, "born": "2009-03-04"})
    found = match(left, right)
    assert found.other.tolist() == [-1]
    assert found.near.tolist() == [0]
    assert "疑为双胞胎" in reasons(found, left, right)[0]


def test_each_line_is_told_of_itself_and_of_no_other() -> None:
    """Lines alike in every level have one sentence, but for what is written in them."""
    number = "64039920110506123" + check_digit("64039920110506123")
    left = columns(
        {"name": "馬小龍", "id": DRAGON, "born": "2009-03-04"},
        {"name": "马小虎", "id": number, "born": "2011-05-06"},
        {"name": "马小强", "id": None, "born": "2012-01-02"},
        {"name": "马小明", "id": PHOENIX, "born": "2013-07-08"},
    )
    right = columns(
        {"name": "马小龙", "id": DRAGON, "born": "2009-03-04"},
        {"name": "马小虎", "id": number, "born": "2011-05-06"},
        {"name": "马小强", "id": TIGER, "born": "2012-01-02"},
        {"name": "马小明", "id": None, "born": "2013-07-08"},
    )
    found = match(left, right)
    said = reasons(found, left, right)
    assert (found.handling == AUTOMATIC).all()
    assert [text.partition("；出生")[0] for text in said] == [
        "姓名相同：马小龙/馬小龍；身份证号相同", "姓名相同；身份证号相同", "姓名相同；学籍没有身份证号", "姓名相同；名册没有身份证号",
    ]  # fmt: skip


def test_twins_on_both_lists_are_not_mixed_up() -> None:
    left = columns(
        {"name": "马小龙", "id": DRAGON, "born": "2009-03-04"},
        {"name": "马小虎", "id": TWIN, "born": "2009-03-04"},
    )
    right = columns(
        {"name": "马晓虎", "id": None, "born": "2009-03-04"},
        {"name": "马小龙", "id": None, "born": "2009-03-04"},
    )
    assert match(left, right).other.tolist() == [1, 0]


def test_no_rows_on_a_side() -> None:
    one = columns({"name": "马小龙", "id": None, "born": None})
    none: dict[str, list[str | None]] = {"name": []}
    assert match(none, one).other.tolist() == [-1]
    assert match(one, none).other.tolist() == []
    assert match({"name": [None, ""]}, {"name": [None, "？？"]}).other.tolist() == [-1, -1]


def test_the_order_of_lines_changes_nothing() -> None:
    made = registers("household", "dirty", 35, pupils=1_500, listed=400)
    left, right = made.columns("left"), made.columns("right")
    first = match(left, right)
    back = match(
        {name: values[::-1] for name, values in left.items()},
        {name: values[::-1] for name, values in right.items()},
    )
    turned = np.where(back.other >= 0, len(made.left) - 1 - back.other, -1)[::-1]
    assert (turned != first.other).sum() <= 2  # only where two are equally likely
