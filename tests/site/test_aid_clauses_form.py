"""A clause as a clerk types it: every problem at once, sums in 元 or 万元, conditions in words, periods that follow one another."""

from datetime import date

import pytest
from django.utils.datastructures import MultiValueDict

from bureau.entitlements import clause_yaml
from bureau.entitlements.clause_checks import check, sums_in
from bureau.entitlements.queries import shipped_book, shipped_raws
from bureau.pages.clauses_form import Filled, read
from bureau.pages.clauses_form_shown import shown
from bureau.pages.clauses_words import money_of
from bureau.people.rules import Refused
from junheng.policy.clauses import book_of, load_book
from junheng.policy.clauses.quotations import plain

COUNTY = "640324"
GOOD = {
    "name": ["普高助学金"],
    "kind": ["cash"],
    "stage": ["普高"],
    "when-1": ["低保", "特困"],
    "form": ["fixed"],
    "per": ["year"],
    "amount-普高": ["2000"],
    "since": ["2026-09-01"],
    "number": ["同教发〔2026〕1号"],
    "title": ["演示文件"],
    "item": ["二"],
    "quote": ["每生每年2000元"],
    "status": ["V"],
}


def filled(**changes: list[str]) -> Filled:
    typed = MultiValueDict({**GOOD, **{name.replace("_", "-"): value for name, value in changes.items()}})
    return read(typed, shipped_book(), county=COUNTY, documents={}, kept=None)


def test_a_good_form_is_a_row_of_a_pack() -> None:
    found = filled()
    assert not found.problems
    assert found.document == ("同教发〔2026〕1号", "演示文件")
    assert found.since == date(2026, 9, 1)
    assert found.row["when"] == {"any": ["低保", "特困"]}
    assert found.row["amount"] == {"普高": 2000}


def test_every_problem_is_named_at_once() -> None:
    found = read(MultiValueDict(), shipped_book(), county=COUNTY, documents={}, kept=None)
    fields = {name for name, _sentence in found.problems}
    assert {"name", "kind", "stage", "per", "form", "since", "document", "item", "quote", "status"} <= fields


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"amount-普高": ["两千"]}, "amount-普高", "不是大于0的数"),
        ({"amount-普高": ["-1"]}, "amount-普高", "不是大于0的数"),
        ({"amount-普高": ["1e9"]}, "amount-普高", "不是大于0的数"),
        ({"amount-普高": ["1:x"]}, "amount-普高", "看不懂"),
        ({"stage": ["火星"]}, "stage", "至少选择一个学段"),
        ({"grades": ["一至三"]}, "grades", "看不懂"),
        ({"grades": ["5"]}, "grades", "没有5年级"),
        ({"when-1": ["富裕"]}, "when", "没有“富裕”"),
        ({"since": ["2026-13-01"]}, "since", "不是日期"),
        ({"since": ["0026-09-01"]}, "since", "不合理"),
        ({"until": ["2025-01-01"]}, "until", "早于起用日期"),
        ({"per": ["month"]}, "units", "一年发几次"),
        ({"form": ["tiers"]}, "tiers", "至少写两档"),
        ({"form": ["average"], "average": ["2000"]}, "assumption", "文件没有载明什么"),
        ({"form": ["range"], "assumption": ["x"]}, "low", "最低和最高"),
        ({"form": ["up_to"]}, "most", "最高限额"),
        ({"share-county": ["90"]}, "share-centre", "合计 100"),
        ({"cap": ["无"]}, "cap", "没有上限的不用填"),
        ({"group": ["x"]}, "group", "没有这个互斥组"),
        ({"example-day-1": ["2026-09-01"], "example-has-1": ["外星人"], "example-stage-1": ["普高"]}, "example-has-1", "没有“外星人”"),
    ],
)  # fmt: skip
def test_each_problem_says_what_to_do(changes: dict[str, list[str]], field: str, sentence: str) -> None:
    problems = dict(filled(**changes).problems)
    assert sentence in problems[field]


@pytest.mark.parametrize(
    ("text", "yuan"),
    [("2000", 2000), ("2,000元", 2000), ("0.2万", 2000), ("1.5万元", 15000), ("62.5", 62.5), ("0", None), ("万", None), ("9" * 20, None)],
)  # fmt: skip
def test_sums_as_people_write_them(text: str, yuan: float | None) -> None:
    assert money_of(text) == yuan


@pytest.mark.parametrize(
    "text",
    ["1:6000，2-:3000", "1:6000,2-:3000", "1：6,000；2-：3,000元", " 1年级: 0.6万 ; 2至: 3000 ", "１：６０００、２及以上：３０００", "1:6,000,2-:3,000"],
)  # fmt: skip
def test_sums_by_grade_with_any_marks(text: str) -> None:
    found = filled(**{"amount-普高": [text]})
    assert not found.problems
    assert found.row["amount"] == {"普高": {"1": 6000, "2-": 3000}}


def test_sums_in_a_quotation() -> None:
    assert sums_in("一次性给予10万元安家费") == {10_000_000}
    assert sums_in("每生每年补助小学500元、初中 625 元") == {50_000, 62_500}
    assert sums_in("提供 200-4000 元的资助") == {20_000, 400_000}
    assert plain("每生每年 1,500 元（“一免一补”）") == plain("每生每年1，500元(“一免一补”)")


@pytest.mark.parametrize("name", [clause.id for clause in load_book().clauses])
def test_every_shipped_clause_can_be_shown_and_read_back(name: str) -> None:
    """What the form shows of a clause means the same when it is saved unchanged."""
    book = shipped_book()
    pack = clause_yaml.new_pack(book.clause(name).areas[0].ljust(6, "0"), "某县", [])
    row = clause_yaml.row_of(pack, shipped_raws(), name)
    assert row is not None
    typed = shown(row, book, {})
    typed["since"] = typed.get("since") or "2017-01-01"
    typed["quote"] = typed.get("quote") or "原文"
    found = read(typed, book, county=COUNTY, documents={}, kept=row.get("when"))
    assert not found.problems
    if not typed.get("keep"):
        assert clause_yaml.groups_of(found.row.get("when")) == clause_yaml.groups_of(row.get("when"))
    rate = book.clause(name).rates[-1]
    made = {**clause_yaml.new_pack(COUNTY, "同心县", []), "responsible": "演示", "entered_by": "演示"}
    made["clauses"] = [{**found.row, "id": "c640324.1", "document": rate.cite.document}]
    again = book_of([*shipped_raws(), made]).clause("c640324.1")
    assert again.stages == book.clause(name).stages
    assert again.rates[-1].form == rate.form
    assert dict(again.rates[-1].fen) == dict(rate.fen)
    assert (again.rates[-1].low, again.rates[-1].high) == (rate.low, rate.high)
    assert dict(again.rates[-1].grades) == dict(rate.grades) or not rate.grades


def test_conditions_as_groups_and_back() -> None:
    groups = (("any", ("寄宿",)), ("any", ("低保", "特困")), ("none", ("孤儿", "残疾")), ("none", ("随迁",)))
    assert clause_yaml.groups_of(clause_yaml.condition_of(groups)) == groups
    assert clause_yaml.condition_of(()) is None
    assert clause_yaml.groups_of({"any": [{"all": ["农村", "低保"]}, "残疾"]}) is None


def test_a_new_standard_ends_the_one_before() -> None:
    row = {"id": "x", "amount": 500, "since": date(2018, 9, 1), "document": "a", "item": "1"}
    found = clause_yaml.with_rate(row, {"amount": 800, "document": "b"}, date(2026, 9, 1))
    assert found["rates"] == [
        {"amount": 500, "since": date(2018, 9, 1), "document": "a", "item": "1", "until": date(2026, 8, 31)},
        {"amount": 800, "document": "b", "since": date(2026, 9, 1)},
    ]
    with pytest.raises(Refused, match="不晚于前一标准的起用日"):
        clause_yaml.with_rate(row, {}, date(2018, 9, 1))
    with pytest.raises(Refused, match="早于前一标准的截止日 2026-12-31"):
        clause_yaml.ended({**row, "until": date(2026, 12, 31)}, date(2026, 9, 1))


def test_a_foreign_or_self_confirmed_pack_is_refused_with_all_problems() -> None:
    pack = clause_yaml.new_pack("640106", "金凤区", [])
    pack |= {
        "confirm": [{"of": "cn.senior_grant", "by": "某人"}],
        "clauses": [{"id": "a", "areas": ["64"], "confirmed_by": "x"}],
    }
    found = check(clause_yaml.write(pack), county_code=COUNTY, texts={})
    words = "".join(found.problems)
    assert all(
        one in words
        for one in ("id 应为 c640324", "scope 应为", "不能写 confirm", "不能写 confirmed_by", "只能是本县")
    )
