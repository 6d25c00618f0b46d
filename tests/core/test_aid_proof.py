"""Proof of aid packs: the shipped ones hold; every sort of fault is found and named."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from core.aid_small_pack import SMALL, small
from junheng.aid import Child
from junheng.aid.compare import changes
from junheng.aid.proof import days_of, prove
from junheng.aid.whatif import raised, widened
from junheng.policy.clauses import FactIs, book_of, load_book


def test_shipped_packs_are_proved():
    book = load_book()
    proof = prove(book)
    assert proof.problems == ()
    assert proof.profiles > 100_000
    assert proof.examples >= 45


@pytest.mark.parametrize("name", ["nation", "ningxia", "jinfeng", "tongxin", "pingluo", "jingyuan", "xiji"])
def test_each_pack_alone_is_proved(name):
    assert prove(load_book([name])).problems == ()


def clauses(*rows):
    raw = yaml.safe_load(SMALL)
    base = raw["clauses"][0]
    raw["clauses"] = [
        {**base, "id": f"c{number}", "name": f"条{number}", **row} for number, row in enumerate(rows)
    ]
    return raw


def test_a_wrong_example_is_found():
    book = book_of(
        [
            small(
                examples=[
                    {
                        "day": date(2020, 1, 1),
                        "stage": "小学",
                        "grade": 1,
                        "county": "640106",
                        "has": ["困难"],
                        "pays": 600,
                    }
                ]
            )
        ]
    )
    assert "应为600元，算得应享受500元" in prove(book).problems[0]


def test_an_example_that_expects_no_known_state_is_said():
    example = {"day": date(2020, 1, 1), "stage": "小学", "county": "640106", "state": "given"}
    assert any("state 应为" in one for one in prove(book_of([small(examples=[example])])).problems)


def test_an_unreachable_clause_is_found():
    book = book_of([small(when={"all": ["困难", {"not": "困难"}]})])
    assert "在任何日期、任何情形下都不会享受" in prove(book).problems[0]


def test_a_fact_that_lowers_the_total_is_found_and_may_be_excused():
    raw = clauses(
        {"when": "困难", "group": "g"}, {"when": {"all": ["困难", "孤儿"]}, "amount": 300, "group": "g"}
    )
    raw["groups"][0]["rule"] = "first"
    raw["clauses"].reverse()
    problems = prove(book_of([raw])).problems
    assert any("“孤儿”由否变为" in problem or "“孤儿”由不明变为" in problem for problem in problems)
    assert any("少200元" in problem for problem in problems)
    raw["lowerings"] = [{"fact": "孤儿", "reason": "文件如此"}]
    assert prove(book_of([raw])).problems == ()


def test_two_clauses_that_contradict_each_other_are_found():
    book = book_of([clauses({"amount": 500}, {"amount": 600})])
    assert any("可能重复或矛盾" in problem for problem in prove(book).problems)
    assert prove(
        book_of([clauses({"amount": 500, "group": "g"}, {"amount": 600, "group": "g"})])
    ).problems == ("条款“c0 条0”在任何日期、任何情形下都不会享受，请核对条件",)


def test_days_are_those_on_which_anything_changes():
    book = book_of([small(since=date(2020, 9, 1), until=date(2021, 8, 31))])
    assert days_of(book) == [date(2020, 8, 31), date(2020, 9, 1), date(2021, 9, 1)]


def test_changes_between_versions_are_counted():
    book = load_book(["jinfeng"])
    on = date(2018, 10, 1)
    assert changes(book, book, on) == []
    children = [Child("小学", 3, "640106", {"困难": True}), Child("小学", 4, "640106", {"困难": False})] * 3
    found = changes(book, raised(book, "jf.primary", {"小学": 600_00}), on, children)
    assert {(change.area, change.stage, change.delta) for change in found} == {("金凤区", "小学", 100_00)}
    assert found[0].grades == (1, 2, 3, 4, 5, 6)
    assert found[0].clauses == ("jf.primary",)
    assert (found[0].children, found[0].fen) == (3, 300_00)
    wider = changes(book, widened(book, "jf.primary", FactIs("留守")), on)
    assert wider[0].example == ("留守",)
    assert wider[0].delta == 500_00


def test_the_old_law_stays_runnable():
    """Nothing of the files is needed twice: the same book answers for 2018 and for 2025."""
    folder = Path(__file__).resolve().parents[2] / "src/junheng/policy/packs_aid"
    assert sorted(path.stem for path in folder.glob("*.yaml")) == sorted(
        ["nation", "ningxia", "jinfeng", "tongxin", "pingluo", "jingyuan", "xiji"]
    )
    boarder = load_book().clause("cn.boarder")
    assert boarder.on(date(2018, 1, 1)).fen_for("小学", 3) == 1000_00
    assert boarder.on(date(2025, 1, 1)).fen_for("小学", 3) == 1250_00
