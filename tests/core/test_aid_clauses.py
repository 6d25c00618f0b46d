"""Aid packs: what loads, what is refused with which sentences, and that quotations stand in the documents."""

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from core.aid_small_pack import SMALL, small
from junheng.aid import Child, outcomes
from junheng.aid.proof import prove
from junheng.policy import PackError
from junheng.policy.clauses import AllOf, AnyOf, FactIs, Not, book_of, judge, load_book, shipped

SEEDS = Path(__file__).resolve().parents[2].parent / "shared" / "seeds"


def problems(raw):
    with pytest.raises(PackError) as caught:
        book_of([raw])
    return "\n".join(caught.value.problems)


def test_shipped_packs_load_without_warnings():
    book = load_book()
    assert set(shipped()) == {"nation", "ningxia", "jinfeng", "tongxin", "pingluo", "jingyuan", "xiji"}
    assert [pack.id for pack in book.packs[:2]] == ["nation", "ningxia"]
    assert all(not pack.warnings for pack in book.packs)
    assert all(clause.entered_by for clause in book.clauses)
    assert {book.areas[code] for code in ("640106", "640324", "640221", "640424", "640422")} == {
        "金凤区", "同心县", "平罗县", "泾源县", "西吉县",
    }  # fmt: skip


def test_a_county_pack_brings_the_packs_it_extends():
    book = load_book(["jinfeng"])
    assert [pack.id for pack in book.packs] == ["nation", "ningxia", "jinfeng"]
    assert book.version == load_book(["jinfeng"]).version != load_book(["tongxin"]).version


def test_unverified_figures_are_not_shipped():
    book = load_book()
    amounts = {fen for clause in book.clauses for rate in clause.rates for fen in rate.fen.values()}
    assert 12000_00 not in amounts  # earlier limits of the loan were from memory
    assert 16000_00 not in amounts
    assert not [clause for clause in book.clauses if "雨露" in clause.name]
    meals = book.clause("cn.nutrition")
    assert meals.on(date(2014, 11, 1)) is None  # the day on which 4 元 began was never seen
    for clause in book.clauses:
        for rate in clause.rates:
            if rate.form in ("average", "range"):
                assert not rate.payable


def quotations():
    book = load_book()
    cites = [rate.cite for clause in book.clauses for rate in clause.rates]
    cites += [cite for pack in book.packs for _, cite in pack.restatements]
    cites += [area_fact.cite for area_fact in book.area_facts]
    return sorted({(book.texts[c.document], c.quote) for c in cites if c.document in book.texts})


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the plan documents are not beside the repository")
@pytest.mark.parametrize(("key", "quote"), quotations())
def test_quotation_stands_in_the_document(key, quote):
    text = re.sub(r"\s", "", (SEEDS / f"{key}.txt").read_text(encoding="utf-8"))
    assert quote
    assert re.sub(r"\s", "", quote) in text


def test_every_clause_of_a_stored_document_is_quoted():
    book = load_book()
    assert len(quotations()) >= 20
    for clause in book.clauses:
        if clause.pack in ("jinfeng", "tongxin", "pingluo"):
            assert all(rate.cite.document in book.texts and rate.cite.quote for rate in clause.rates)


def test_all_problems_come_at_once():
    found = problems(
        small(
            when={"any": ["困难", "不存在"]},
            document="别的文",
            status="X",
            group="没有",
            kind="gift",
            mystery=1,
        )
    )
    for part in ("不认识的“mystery”", "kind 应为", "“不存在”既不是", "没有互斥组“没有”"):
        assert part in found
    found = problems(small(document="别的文", status="X", item="", amount=-5, per="week"))
    for part in ("“别的文”不在文件列表中", "status 应为", "缺少 item", "大于 0", "per 应为"):
        assert part in found


def test_a_wrong_part_does_not_hide_another():
    found = problems(small(stage="大学", when="贫穷", since="昨天", status="X", examples=[{"day": "x"}]))
    for part in ("stage“大学”", "“贫穷”既不是", "since 应为日期", "status 应为", "算例1"):
        assert part in found
    raw = small(group="g")
    raw["groups"][0]["rule"] = "best"
    assert "没有互斥组" not in problems(raw)
    raw["clauses"] *= 2
    assert "条款编号“a”重复" in problems(raw)


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("groups", [{"id": "g", "rule": ["highest"]}], "互斥组须有 id"),
        ("areas", ["640106"], "areas 应为"),
        (
            "area_facts",
            [{"fact": "困难", "since": [], "document": "文", "item": "一", "status": "V"}],
            "since 应为日期",
        ),
    ],
)
def test_what_is_of_another_kind_is_said(key, value, sentence):
    assert sentence in problems({**small(), key: value})


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"amount": {"average": 2000}}, "不能直接发放"),
        ({"amount": {"range": [200, 4000]}}, "不能直接发放"),
        ({"amount": {"average": 2000}, "assumed": True}, "须用 assumption 写明"),
        ({"amount": {"range": [4000, 200]}, "assumed": True, "assumption": "未载明"}, "最低数大于最高数"),
        ({"amount": {"average": 9, "range": [10, 20]}, "assumed": True, "assumption": "未载明"}, "不在 range"),
        ({"since": date(2024, 1, 1), "until": date(2023, 1, 1)}, "早于施行日"),
        ({"amount": None, "rates": [{"amount": 1, "until": date(2024, 3, 1)}, {"amount": 2, "since": date(2024, 3, 1)}]}, "早于前一标准的截止日"),
        ({"amount": None, "rates": [{"amount": 1, "since": date(2024, 3, 1)}, {"amount": 2, "since": date(2024, 1, 1)}]}, "由早到晚"),
        ({"amount": {"初中": 5}}, "不在 stage 之内"),
        ({"grades": "九"}, "grades 应为"),
        ({"grades": 8}, "没有8年级"),
        ({"per": "day"}, "一年的次数"),
        ({"shares": {"centre": 80, "county": 10}}, "合计 100"),
        ({"cap": 0}, "上限"),
        ({"examples": [{"day": "x"}]}, "算例1"),
        ({"stage": "大学"}, "stage“大学”应为"),
        ({"since": "昨天"}, "应为日期"),
        ({"amount": 0.001}, "不足一分"),
        ({"amount": float("nan")}, "大于 0"),
        ({"amount": float("inf")}, "大于 0"),
        ({"cap": float("inf")}, "上限"),
        ({"kind": ["cash"]}, "kind 应为"),
        ({"per": {}}, "per 应为"),
        ({"examples": [{"day": date(2020, 1, 1), "stage": "小学", "grade": "三", "pays": 500}]}, "grade 应为"),
        ({"examples": [{"day": date(2020, 1, 1), "stage": "小学", "has": "贫穷", "pays": 500}]}, "没有事实“贫穷”"),
        ({"examples": [{"day": date(2020, 1, 1), "stage": "小学", "pays": float("nan")}]}, "pays 应为"),
    ],
)  # fmt: skip
def test_each_problem_is_said(changes, sentence):
    assert sentence in problems(small(**changes))


def test_a_slip_between_yuan_and_ten_thousand_is_warned_of():
    assert "单位是否应为元" in book_of([small(amount=5_000_000)]).packs[0].warnings[0]
    assert "误写成万元" in book_of([small(amount=0.05)]).packs[0].warnings[0]


def test_a_stored_document_must_be_quoted():
    raw = small(quote=None)
    raw["documents"][0]["text"] = "some_text"
    assert "须有 quote" in problems(raw)


def test_replacing_a_clause_above_needs_a_responsible_person():
    raw = yaml.safe_load(SMALL)
    changed = yaml.safe_load(SMALL) | {
        "id": "own",
        "extends": "small",
        "documents": [],
        "facts": [],
        "groups": [],
    }
    with pytest.raises(PackError, match="responsible"):
        book_of([raw, changed])
    book = book_of([raw, changed | {"responsible": "王某"}])
    assert book.clause("a").pack == "own"


def test_a_named_person_confirms_and_tiers_become_clauses():
    raw = small(
        amount=None,
        tiers=[{"name": "一档", "when": "孤儿", "amount": 900}, {"name": "二档", "amount": 400}],
    )
    book = book_of([raw])
    assert [clause.id for clause in book.clauses] == ["a/1", "a/2"]
    assert {clause.group for clause in book.clauses} == {"a/分档"}
    open_ = small(amount=2000, assumed=True, assumption="期满后是否继续，未载明")
    assert not book_of([open_]).clauses[0].rates[0].payable
    signed = book_of(
        [
            open_,
            {
                "kind": "aid",
                "id": "sign",
                "title": "确认",
                "scope": ["640106"],
                "confirm": [{"of": "a", "by": "李某", "checked_by": "王某"}],
            },
        ]
    )
    assert signed.clauses[0].rates[0].payable
    assert signed.clauses[0].rates[0].confirmed_by == "李某、王某"


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ({}, "确认人姓名"),
        ({"by": "李某"}, "复核人姓名"),
        ({"by": "李某", "checked_by": " 李某 "}, "须由两人确认"),
    ],
)
def test_nobody_confirms_alone(names, sentence):
    open_ = small(amount=2000, assumed=True, assumption="未载明")
    sign = {
        "kind": "aid",
        "id": "sign",
        "title": "确认",
        "scope": ["640106"],
        "confirm": [{"of": "a", **names}],
    }
    with pytest.raises(PackError, match=sentence):
        book_of([open_, sign])
    with pytest.raises(PackError, match="须由两人确认"):
        book_of([small(amount=2000, assumed=True, assumption="未载明", confirmed_by="李某")])
    both = book_of([small(amount=2000, assumed=True, assumption="未载明", confirmed_by=["李某", "王某"])])
    assert both.clauses[0].rates[0].confirmed_by == "李某、王某"


@pytest.mark.parametrize(
    "amount", [{"average": 2000}, {"average": 2000, "range": [1000, 3000]}, {"range": [200, 4000]}, "actual"]
)
def test_a_mean_is_never_paid_to_everybody_because_it_was_confirmed(amount):
    """Two names say that the mean is right; who gets how much only tiers or amounts can say."""
    open_ = small(amount=amount, assumed=True, assumption="各档金额和对象未载明")
    sign = {
        "kind": "aid", "id": "sign", "title": "确认", "scope": ["640106"],
        "confirm": [{"of": "a", "by": "李某", "checked_by": "王某"}],
    }  # fmt: skip
    with pytest.raises(PackError, match="tiers（分档）或固定金额"):
        book_of([open_, sign])
    with pytest.raises(PackError, match="tiers（分档）或固定金额"):
        book_of([small(amount=amount, assumed=True, assumption="未载明", confirmed_by=["李某", "王某"])])
    tiers = small(
        amount=None, tiers=[{"name": "一档", "when": "孤儿", "amount": 900}, {"name": "二档", "amount": 400}]
    )
    own = {**tiers, "id": "own", "responsible": "王某", "scope": ["640106"], "facts": [], "documents": []}
    own["clauses"][0]["areas"] = ["640106"]
    child = Child("小学", 1, "640106", {"困难": True, "孤儿": False})
    states = {
        one.clause: (one.state, one.fen) for one in outcomes(book_of([open_, own]), child, date(2020, 1, 1))
    }
    assert states["a/2"] == ("paid", 40000)


def test_what_cannot_be_read_is_said(tmp_path):
    with pytest.raises(PackError, match="没有这个条款包"):
        load_book(["不存在"])
    with pytest.raises(PackError, match="没有找到文件"):
        load_book([str(tmp_path / "no.yaml")])
    (tmp_path / "bad.yaml").write_text("a: [1", encoding="utf-8")
    with pytest.raises(PackError, match="不是有效的 YAML"):
        load_book([str(tmp_path / "bad.yaml")])
    (tmp_path / "typed.yaml").write_text("kind: aid\nid： c640324\nclauses:\n\t- id: a\n", encoding="utf-8")
    with pytest.raises(PackError) as typed:
        load_book([str(tmp_path / "typed.yaml")])
    said = "\n".join(typed.value.problems)
    assert re.search("第2行.*冒号是全角的", said)
    assert re.search("第4行.*制表符", said)
    (tmp_path / "loop.yaml").write_text("kind: aid\nid: loop\ntitle: 圈\nextends: loop\n", encoding="utf-8")
    with pytest.raises(PackError, match="扩展了自己"):
        load_book(["loop"], (tmp_path,))


@pytest.mark.parametrize(
    ("condition", "facts", "answer"),
    [
        (FactIs("甲"), {}, 1),
        (Not(FactIs("甲")), {"甲": None}, 1),
        (Not(FactIs("甲")), {"甲": True}, 0),
        (AnyOf((FactIs("甲"), FactIs("乙"))), {"甲": None, "乙": True}, 2),
        (AnyOf((FactIs("甲"), FactIs("乙"))), {"甲": None, "乙": False}, 1),
        (AllOf((FactIs("甲"), FactIs("乙"))), {"甲": None, "乙": False}, 0),
        (AllOf(()), {}, 2),
    ],
)
def test_three_values(condition, facts, answer):
    assert judge(condition, facts) == answer


def test_the_documented_pack_loads_and_is_proved(tmp_path):
    """The example in docs/aid-packs.md is a real one."""
    text = (Path(__file__).resolve().parents[2] / "docs" / "aid-packs.md").read_text(encoding="utf-8")
    (tmp_path / "mycounty.yaml").write_text(text.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    book = load_book(["mycounty"], (tmp_path,))
    assert book.clause("mc.primary").rates[-1].assumption.startswith("期满后")
    assert book.clause("mc.primary").rates[-1].confirmed_by == "赵某、钱某"
    assert prove(book).problems == ()


def test_a_person_confirms_for_their_own_area_only():
    open_ = small(amount=2000, assumed=True, assumption="未载明")
    open_["scope"] = ["64"]
    sign = {
        "kind": "aid",
        "id": "sign",
        "title": "确认",
        "scope": ["640106"],
        "confirm": [{"of": "a", "by": "李某", "checked_by": "王某"}],
    }
    book = book_of([open_, sign])
    states = [
        outcomes(book, Child("小学", 1, county, {"困难": True}), date(2020, 1, 1))[0].state
        for county in ("640106", "640324", "")
    ]
    assert states == ["paid", "unconfirmed", "unknown"]
    with pytest.raises(PackError, match="请写明 scope"):
        book_of([open_, {name: value for name, value in sign.items() if name != "scope"}])


def test_what_only_lists_say_is_still_a_third_answer():
    """Where pages wait for a list, the clause itself says that it does not know; the list's yes or no settles it like any fact."""
    book = load_book()
    assert book.by_list == {"获国家奖学金", "获励志奖学金"}
    assert all(book.facts[name].list_of for name in book.by_list)
    said = {None: "unknown", True: "paid", False: "not_met"}
    for value, state in said.items():
        child = Child("本科", 2, "640324", {"获国家奖学金": value})
        found = {one.clause: one.state for one in outcomes(book, child, date(2025, 10, 1))}
        assert found["cn.scholarship"] == state
