"""计划文件的状态与规则: every state against every event, every refusal as the sentence a person reads. No database."""

from datetime import date

import pytest

from bureau.plans import confirming_fields as spec
from bureau.plans import document_rules as rules
from bureau.plans.confirming_form import cleaned
from bureau.plans.confirming_words import describe
from bureau.plans.document_dates import first_day, last_day
from bureau.plans.document_rules import Openings
from bureau.plans.document_states import NEXT, WORDS, Event, State, next_state
from bureau.plans.models import Item, Plan, Task
from bureau.plans.publishing import same_task
from bureau.plans.reading_period import period_of

DONE = Openings(tasks=3)


def test_the_words_and_values_are_those_that_are_stored() -> None:
    assert dict(Plan.State.choices) == {str(state): words for state, words in WORDS.items()}


def test_only_what_was_checked_is_published_and_what_was_published_is_kept() -> None:
    assert {pair for pair, to in NEXT.items() if to == State.PUBLISHED} == {(State.IN_REVIEW, Event.PUBLISH)}
    assert {event for (state, event) in NEXT if state == State.PUBLISHED} == {Event.REPLACE, Event.WITHDRAW}
    for end in (State.REPLACED, State.WITHDRAWN):
        assert not [event for event in Event if next_state(end, event)]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Event)
def test_a_step_outside_the_table_is_refused_by_a_sentence(state: State, event: Event) -> None:
    refusal = rules.why_not_move(state, event)
    assert (refusal is None) == (next_state(state, event) is not None)
    if refusal:
        assert WORDS[state] in refusal


def test_every_open_reason_is_named_at_once() -> None:
    openings = Openings(
        unread=1, doubtful=2, repairs=3, contradictions=4, residual=5, unknown_units=("甲办", "乙办"), leaderless=6,
        tasks=0, title=False, dated=False, ends=False, order=False,
    )  # fmt: skip
    reasons = rules.reasons_not_to_publish(openings)
    assert len(reasons) == 12
    for words in ("1 个无疑义", "2 个存疑", "3 处修复", "4 处矛盾", "5 个数字", "甲办、乙办", "6 项任务", "没有任务", "标题", "成文日期"):  # fmt: skip
        assert any(words in reason for reason in reasons), words
    sentence = rules.why_not_publish("in_review", openings, role="office")
    assert sentence is not None
    assert all(reason in sentence for reason in reasons)
    assert rules.why_not_publish("in_review", DONE, role="office") is None


@pytest.mark.parametrize("role", ["school", "township", "unit", "inspector", "auditor", "administrator"])
def test_who_may_not_publish_is_told_who_may(role: str) -> None:
    assert "局领导、业务科室" in str(rules.why_not_publish("in_review", DONE, role=role))
    assert "局领导、业务科室" in str(rules.why_not_edit("in_review", role=role))


def test_a_published_plan_is_not_edited_and_another_countys_is_not_touched() -> None:
    assert "上传新版本" in str(rules.why_not_edit("published", role="office"))
    assert "不在您的辖区" in str(rules.why_not_edit("in_review", role="office", in_county=False))
    assert rules.why_not_edit("in_review", role="leader") is None


@pytest.mark.parametrize(
    ("name", "size", "words"),
    [
        ("计划.exe", 10, "不是可以读取的类型"),
        ("计划", 10, "不是可以读取的类型"),
        ("计划.docx", 0, "空文件"),
        ("计划.pdf", 41_000_000, "超过 40 MB"),
    ],
)
def test_files_that_are_not_taken(name: str, size: int, words: str) -> None:
    assert words in str(rules.why_not_file(name, size))
    assert rules.why_not_file("计划.DOCX", 10) is None


@pytest.mark.parametrize(
    ("previous", "has_next", "words"),
    [
        ("published", True, "已经有一个新版本"),
        ("in_review", False, "只有已发布的计划"),
        ("withdrawn", False, "已撤下"),
    ],
)
def test_what_cannot_have_a_next_version(previous: str, has_next: bool, words: str) -> None:
    assert words in str(rules.why_not_version_of(previous, has_next=has_next))
    assert rules.why_not_version_of("published", has_next=False) is None
    assert rules.why_not_version_of(None, has_next=False) is None


@pytest.mark.parametrize(
    ("partial", "first", "last"),
    [
        ("2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2019-08-31", date(2019, 8, 31), date(2019, 8, 31)),
        ("2020-13", None, None),
        ("2020-02-30", None, None),
        ("明年", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_partial_dates(partial: str | None, first: date | None, last: date | None) -> None:
    assert (first_day(partial), last_day(partial)) == (first, last)
    if partial:
        assert (rules.why_not_partial(partial) is None) == (first is not None)


@pytest.mark.parametrize(
    ("title", "number", "dated", "deadlines", "expected"),
    [
        ("三年行动计划（2018-2020年）", "", "2018-10-08", [], (date(2018, 1, 1), date(2020, 12, 31))),
        ("实施方案", "", "2023-03-17", ["2024", "2027"], (date(2023, 3, 17), date(2027, 12, 31))),
        ("实施方案", "", "2023-03-17", ["2027", "2099"], (date(2023, 3, 17), date(2027, 12, 31))),
        ("实施方案", "教函〔2021〕5号", "", ["2018", "2025-06"], (None, date(2025, 6, 30))),
        ("实施方案", "", "", [], (None, None)),
    ],
)
def test_the_period_of_a_plan(
    title: str, number: str, dated: str, deadlines: list[str], expected: tuple[date | None, date | None]
) -> None:
    compiled = {"deadlines": [{"kind": "by", "t_end": day} for day in deadlines], "targets": [{"by": None}]}
    assert period_of(title, number, dated, compiled) == expected


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        ("target", {"ind": "小学巩固率", "cmp": "ge", "val": 96, "unit": "%", "by": "2020"}, "小学巩固率 ≥96%（2020）"),
        ("target", {"ind": "示范课", "cmp": "between", "val": 3, "val2": 5, "unit": "堂"}, "示范课 3—5堂"),
        ("money", {"ind": "教育基金", "cmp": "eq", "val": 1000, "unit": "万元", "per": "年", "payer": "县财政"}, "教育基金 ＝1,000万元／年，县财政出资"),
        ("implicit", {"kind": "cover", "ind": "结对帮扶"}, "结对帮扶 全覆盖（100%）"),
        ("deadline", {"kind": "recur", "freq": "1sem", "n": 2}, "每学期2次"),
        ("deadline", {"kind": "by", "t_end": "2027"}, "2027 前完成"),
        ("unit", {"kind": "resp", "units": ["教育局", "财政局"]}, "责任单位：教育局、财政局"),
        ("reference", {"title": "督导办法", "no": "教督〔20176号", "no_fixed": "教督〔2017〕6号"}, "《督导办法》（教督〔2017〕6号）"),
    ],
)  # fmt: skip
def test_an_item_in_one_line(kind: str, fields: dict[str, object], words: str) -> None:
    assert describe(kind, fields) == words


def test_a_form_is_read_whole_and_every_mistake_is_named() -> None:
    fields, problems = cleaned(
        "target", {"ind": "", "kind": "?", "cmp": "between", "val": "多", "by": "2020-13"}, {}
    )
    assert len(problems) == 4, problems
    _, problems = cleaned(
        "target", {"ind": "率", "kind": "target", "cmp": "between", "val": "9", "val2": "5"}, {}
    )
    assert problems == ["上限 5 小于下限 9，请更正"]
    fields, problems = cleaned(
        "money", {"ind": "补助", "kind": "standard", "cmp": "eq", "val": "1,000", "unit": "万元", "per": "生学年"},
        {"yuan": 5, "yuan2": 7, "val2": 1, "value_start": 3},
    )  # fmt: skip
    assert (problems, fields["yuan"], fields["value_start"]) == ([], 10_000_000, 3)
    assert "yuan2" not in fields
    assert "val2" not in fields
    fields, problems = cleaned("unit", {"kind": "lead", "units": "教育局、财政局\n\n教育局"}, {})
    assert fields["units"] == ["教育局", "财政局"]


@pytest.mark.parametrize("kind", spec.FIELDS)
def test_every_form_survives_nonsense(kind: str) -> None:
    for junk in ("", "𠀀" * 400, "<script>", "1e999", "nan", "-", "\x00"):
        fields, problems = cleaned(kind, {one.name: junk for one in spec.FIELDS[kind]}, {})
        assert all(problem and not problem.isascii() for problem in problems)
        describe(kind, fields, junk)


def test_every_kind_of_item_has_its_words() -> None:
    assert set(spec.KINDS) == set(spec.FIELDS)
    assert {kind for kind in spec.KINDS if len(kind) > Item._meta.get_field("kind").max_length} == set()


def test_which_task_a_task_of_the_next_version_continues() -> None:
    old = [
        Task(title="加强 教师队伍", section="一、任务", measures="甲" * 30),
        Task(title="加强教师队伍", section="二、保障", measures="乙" * 30),
        Task(
            title="旧题目",
            section="二、保障",
            measures="建设标准化学校，配齐教师，改善条件，落实经费保障机制",
        ),
    ]
    assert same_task(Task(title="加强教师队伍", section="二、保障", measures="丙"), old) is old[1]
    assert same_task(Task(title="加强教师队伍", section="别处", measures="丙"), old) is old[0]
    assert (
        same_task(
            Task(title="新题目", measures="建设标准化学校，配齐教师，改善条件，落实好经费保障机制"), old
        )
        is old[2]
    )
    assert same_task(Task(title="全新", measures="完全不同的内容"), old) is None
