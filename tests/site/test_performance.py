"""绩效考核 from the draft to the result: weights, computed and typed points, the second person, publication, appeals, history."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from bureau.log.models import Entry as LogEntry
from bureau.people.kept import Upload
from bureau.people.models import Organisation, User
from bureau.people.rules import Refused
from bureau.performance import actions, appeal_actions, queries, score_actions, score_sheet
from bureau.performance.drafting import Head, Line
from bureau.performance.models import Appeal, Result, Scheme, SchemeEvent, Score
from bureau.performance.score_actions import Entry
from bureau.plans.duty_models import Duty
from plan_rows import published_plan
from site_rows import COUNTY, NOW, TODAY
from town.performance_story import performance_story

pytestmark = pytest.mark.django_db
D = Decimal
HEAD = Head("乡镇考核（演示）", "2025—2026年", date(2025, 1, 1), date(2027, 12, 31), "township")
LINES = [
    Line("达标学校占比", D(40), "measure", measure="school.met_share", stage="义务教育", rule="proportional", target=D(100)),
    Line("台账", D(60), "evidence", "齐全 60 分"),
    Line("迟报", D(5), "deduction"),
    Line("弄虚作假", D(0), "veto"),
]  # fmt: skip


@pytest.fixture
def people(county: str) -> dict[str, User]:
    return {user.role: user for user in User.objects.all()}


def unit(name: str) -> Organisation:
    return Organisation.objects.get(county_code=COUNTY, name=name)


def written(
    people: dict[str, User], lines: list[Line] = LINES, head: Head = HEAD, **changes: object
) -> Scheme:
    made = actions.draft(county_code=COUNTY, what=head, by=people["office"], at=NOW)
    units = [unit("豫海镇人民政府"), unit("河西镇人民政府")]
    asked = {
        "lines": lines,
        "units": units,
        "bands": [("优秀", "90"), ("合格", "60"), ("不合格", "0")],
        "appeal_days": 5,
    }
    return actions.edit(scheme=made, what=head, by=people["office"], at=NOW, **(asked | changes))  # type: ignore[arg-type]


def begun(people: dict[str, User], **changes: object) -> Scheme:
    made = written(people, **changes)  # type: ignore[arg-type]
    made = actions.confirm_bands(scheme=made, by=people["leader"], at=NOW)
    made = actions.activate(scheme=made, by=people["office"], at=NOW)
    return score_actions.start(scheme=made, by=people["office"], at=NOW, today=TODAY)


def cell(scheme: Scheme, name: str, title: str) -> Score:
    return Score.objects.get(criterion__scheme=scheme, organisation__name=name, criterion__title=title)


def typed(people: dict[str, User], score: Score, points: Decimal, text: str) -> None:
    entry = Entry(score.organisation_id, score.criterion_id, points, text)
    score_actions.score_many(scheme=score.criterion.scheme, entries=[entry], by=people["office"], at=NOW)


def scored(people: dict[str, User], first: str = "50", second: str = "30") -> Scheme:
    scheme = begun(people)
    entries = []
    for score in Score.objects.filter(criterion__scheme=scheme, computed=False):
        points = D(0)
        if score.criterion.source == "evidence":
            points = D(first) if score.organisation.name.startswith("豫海") else D(second)
        entries.append(Entry(score.organisation_id, score.criterion_id, points, "查阅台账"))
    score_actions.score_many(scheme=scheme, entries=entries, by=people["office"], at=NOW)
    return scheme


def checked(people: dict[str, User], **changes: str) -> Scheme:
    scheme = scored(people, **changes)
    mine = list(Score.objects.filter(criterion__scheme=scheme, by__isnull=False).values_list("pk", flat=True))
    score_actions.check(scheme=scheme, scores=mine, by=people["inspector"], at=NOW)
    return scheme


def test_a_scheme_comes_into_force_only_when_its_weights_sum(people: dict[str, User]) -> None:
    scheme = written(people, lines=[Line("台账", D("99.5"), "evidence"), Line("没有指标", D(1), "measure")])
    with pytest.raises(Refused) as refused:
        actions.activate(scheme=scheme, by=people["office"], at=NOW)
    assert "权重之和是 100.5，应为 100，多出 0.5" in str(refused.value)
    assert "“没有指标”请从列表里选择数据指标" in str(refused.value)
    scheme.refresh_from_db()
    assert scheme.state == "draft"


def test_a_measure_becomes_points_with_its_evidence(people: dict[str, User]) -> None:
    scheme = begun(people)
    score = cell(scheme, "豫海镇人民政府", "达标学校占比")
    assert (score.value, score.points, score.computed, score.by) == (75.0, D("30.00"), True, None)
    assert score.numerator is not None
    assert score.numerator / score.denominator == 0.75  # type: ignore[operator]
    assert score.run is not None
    assert cell(scheme, "河西镇人民政府", "达标学校占比").points == D(0)  # 0 is 0
    with pytest.raises(Refused, match="由系统按数据计算，不能改"):
        typed(people, score, D(40), "说情")


def test_a_unit_without_a_figure_is_scored_by_a_person_with_a_reason(people: dict[str, User]) -> None:
    scheme = begun(people, units=[unit("豫海镇人民政府"), unit("下马关镇人民政府")])
    score = cell(scheme, "下马关镇人民政府", "达标学校占比")
    assert score.points is None
    assert score.missing
    with pytest.raises(Refused, match="写明依据"):
        typed(people, score, D(40), "")
    entry = Entry(score.organisation_id, score.criterion_id, None, "没有义务教育学校", exempt=True)
    score_actions.score_many(scheme=scheme, entries=[entry], by=people["office"], at=NOW)
    assert queries.totals(scheme)[score.organisation_id].full == D(60)


def test_duties_count_when_reported_done_by_their_day(people: dict[str, User]) -> None:
    plan = published_plan(people["office"])
    lines = [Line("按时完成率", D(100), "duties", rule="proportional", target=D(100))]
    duties = list(Duty.objects.filter(task__plan=plan, task__leads=unit("财政局")).order_by("due"))
    day = TODAY + timedelta(days=90)
    for number, duty in enumerate(duties[:2]):
        late = timedelta(days=1) if number else timedelta(0)
        duty.due, duty.state = TODAY, "closed"
        duty.claimed_by, duty.claimed_at = people["unit"], NOW + late
        duty.closed_by, duty.closed_at = people["inspector"], NOW + timedelta(days=20)
        duty.save()
    head = Head("部门考核（演示）", "2026年", date(2026, 1, 1), TODAY, "department")
    made = written(people, lines=lines, head=head, units=[unit("财政局"), unit("妇联")])
    made = actions.activate(scheme=made, by=people["office"], at=NOW)
    made = score_actions.start(scheme=made, by=people["office"], at=NOW, today=day)
    score = cell(made, "财政局", "按时完成率")
    assert score.denominator == min(len(duties), 2)
    assert score.numerator == 1
    assert score.points == (D(50) if len(duties) > 1 else D(100))
    assert cell(made, "妇联", "按时完成率").exempt  # nothing fell due: neither blank nor 0


def test_the_second_person_is_another(people: dict[str, User]) -> None:
    scheme = scored(people)
    score = cell(scheme, "豫海镇人民政府", "台账")
    with pytest.raises(Refused, match="请另一人复核"):
        score_actions.check(scheme=scheme, scores=[score.pk], by=people["office"], at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Score.objects.filter(pk=score.pk).update(checked_by=people["office"])
    score_actions.check(scheme=scheme, scores=[score.pk], by=people["inspector"], at=NOW)
    with pytest.raises(Refused, match="已复核"):
        typed(people, score, D(60), "再加")
    score_actions.send_back(
        scheme=scheme, scores=[score.pk], reason="材料不全", by=people["inspector"], at=NOW
    )
    score.refresh_from_db()
    assert score.points is None
    kept = SchemeEvent.objects.get(scheme=scheme, what="cell_return")
    assert kept.before is not None
    assert kept.before["before"]["points"] == "50"
    assert kept.text == "材料不全"


def test_one_bad_cell_and_nothing_is_saved(people: dict[str, User]) -> None:
    scheme = begun(people)
    good, bad = cell(scheme, "豫海镇人民政府", "台账"), cell(scheme, "河西镇人民政府", "台账")
    entries = [
        Entry(good.organisation_id, good.criterion_id, D(50), "", uploads=(Upload("证明.exe", b"MZ"),)),
        Entry(bad.organisation_id, bad.criterion_id, D(61), ""),
    ]
    with pytest.raises(Refused) as refused:
        score_actions.score_many(scheme=scheme, entries=entries, by=people["office"], at=NOW)
    assert "证明.exe" in str(refused.value)
    assert "河西镇人民政府“台账”：得分应在 0 到 60 之间" in str(refused.value)
    good.refresh_from_db()
    assert good.points is None


def test_publishing_fixes_totals_ranks_and_grades(people: dict[str, User]) -> None:
    scheme = scored(people)
    with pytest.raises(Refused, match="没有第二人复核"):
        actions.publish(scheme=scheme, by=people["leader"], at=NOW, today=TODAY)
    mine = list(Score.objects.filter(criterion__scheme=scheme, by__isnull=False).values_list("pk", flat=True))
    score_actions.check(scheme=scheme, scores=mine, by=people["inspector"], at=NOW)
    scheme = actions.publish(scheme=scheme, by=people["leader"], at=NOW, today=TODAY)
    rows = [(row.organisation.name, row.total, row.rank, row.grade) for row in queries.results(scheme)]
    assert rows == [("豫海镇人民政府", D("80.00"), 1, "合格"), ("河西镇人民政府", D("30.00"), 2, "不合格")]
    assert scheme.appeal_until == TODAY + timedelta(days=7)
    assert str(TODAY.year) in scheme.appeal_doubt


def test_an_upheld_appeal_changes_points_and_ranks_at_once(people: dict[str, User]) -> None:
    scheme = actions.publish(
        scheme=checked(people, first="20", second="51"), by=people["leader"], at=NOW, today=TODAY
    )
    own, other = unit("豫海镇人民政府"), unit("河西镇人民政府")
    criterion = scheme.criteria.get(title="台账")
    asked = {
        "scheme": scheme,
        "unit": own,
        "criterion": criterion,
        "text": "漏算",
        "by": people["township"],
        "at": NOW,
        "today": TODAY,
    }
    with pytest.raises(Refused, match="只有本单位"):
        appeal_actions.appeal(**(asked | {"unit": other}))  # type: ignore[arg-type]
    found = appeal_actions.appeal(**asked)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="已有一份申诉"):
        appeal_actions.appeal(**asked)  # type: ignore[arg-type]
    outcome = {"appeal": found, "upheld": True, "answer": "属实", "points": D(31), "at": NOW}
    for involved in ("office", "inspector"):
        with pytest.raises(Refused, match="参与过"):
            appeal_actions.decide(by=people[involved], **outcome)  # type: ignore[arg-type]
    assert Result.objects.get(scheme=scheme, organisation=own).rank == 2
    with pytest.raises(Refused, match="还有 1 份申诉"):
        actions.close(scheme=scheme, by=people["leader"], at=NOW, today=TODAY + timedelta(days=30))
    appeal_actions.decide(by=people["leader"], **outcome)  # type: ignore[arg-type]
    row = Result.objects.get(scheme=scheme, organisation=own)
    assert (row.total, row.rank) == (D("61.00"), 1)
    assert Result.objects.get(scheme=scheme, organisation=other).rank == 2
    event = SchemeEvent.objects.filter(scheme=scheme, what="decide_appeal").get()
    assert "由 20 改为 31" in event.text
    assert event.before == {"ranks": {"豫海镇人民政府": 2, "河西镇人民政府": 1}}
    scheme = actions.close(scheme=scheme, by=people["leader"], at=NOW, today=TODAY + timedelta(days=30))
    assert scheme.state == "closed"


def test_a_revision_is_a_new_version_and_the_old_one_is_kept(people: dict[str, User]) -> None:
    scheme = actions.activate(scheme=written(people), by=people["office"], at=NOW)
    with pytest.raises(Refused, match="可以先收回修订"):
        actions.edit(
            scheme=scheme, what=HEAD, lines=LINES, units=[], bands=[("好", "60"), ("差", "0")], appeal_days=5,
            by=people["office"], at=NOW,
        )  # fmt: skip
    scheme = actions.revise(scheme=scheme, reason="权重调整", by=people["office"], at=NOW)
    assert (scheme.state, scheme.version) == ("draft", 2)
    kept = SchemeEvent.objects.get(scheme=scheme, what="revise").before
    assert kept is not None
    assert kept["criteria"][1][:3] == ["台账", "60", "evidence"]


def test_changed_bands_have_to_be_confirmed_again(people: dict[str, User]) -> None:
    scheme = actions.confirm_bands(scheme=written(people), by=people["leader"], at=NOW)
    units = list(scheme.units.all())

    def again(bands: list[tuple[str, str]]) -> Scheme:
        return actions.edit(
            scheme=scheme,
            what=HEAD,
            lines=LINES,
            units=units,
            bands=bands,
            appeal_days=5,
            by=people["office"],
            at=NOW,
        )

    assert again([("优秀", "90"), ("合格", "60"), ("不合格", "0")]).confirmed_by is not None
    assert again([("优秀", "85"), ("不合格", "0")]).confirmed_by is None


def test_next_year_copies_this_one(people: dict[str, User]) -> None:
    scheme = written(people)
    what = Head("下一年", "2028年", date(2028, 1, 1), date(2028, 12, 31), "township")
    made = actions.copy(scheme=scheme, what=what, by=people["office"], at=NOW)
    assert [row.title for row in made.criteria.all()] == [line.title for line in LINES]
    assert scheme.criteria.count() == len(LINES)
    assert made.confirmed_by is None
    with pytest.raises(Refused, match="已有考核方案"):
        actions.copy(scheme=scheme, what=what, by=people["office"], at=NOW)


def test_the_sheet_goes_out_and_comes_back(people: dict[str, User]) -> None:
    from io import BytesIO

    import openpyxl

    scheme = begun(people)
    book = openpyxl.load_workbook(BytesIO(score_sheet.workbook(scheme)))
    tab = book["评分表"]
    assert tab.max_row == 1 + 6  # three typed criteria, two units
    for row in tab.iter_rows(min_row=2):
        row[6].value = 12.5 if row[2].value == "台账" else 0
    filled = BytesIO()
    book.save(filled)
    reading = score_sheet.read(filled.getvalue(), scheme)
    assert reading.problems == ()
    assert score_actions.score_many(scheme=scheme, entries=reading.entries, by=people["office"], at=NOW) == 6
    assert cell(scheme, "豫海镇人民政府", "台账").points == D("12.50")
    # The same file again changes nothing; another value typed into the old file would hide what was entered since.
    assert (
        score_actions.score_many(
            scheme=scheme,
            entries=score_sheet.read(filled.getvalue(), scheme).entries,
            by=people["office"],
            at=NOW,
        )
        == 0
    )
    tab["G2"].value, tab["G3"].value, tab["A4"].value, tab["G5"].value = 13, "九分", "9-9", None
    tab["H5"].value = "只写了说明"
    tab["A6"].value = tab["A2"].value
    wrong = BytesIO()
    book.save(wrong)
    found = "\n".join(score_sheet.read(wrong.getvalue(), scheme).problems)
    for words in ("第2行“得分”：下载后已有人改为“12.5”", "第3行“得分”：“九分”不是数", "第4行“编号”：“9-9”", "第5行“得分”：写了说明"):  # fmt: skip
        assert words in found
    assert "第6行“编号”：与第2行重复" in found


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"hello", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600]
)
def test_a_sheet_that_is_none_is_a_sentence(people: dict[str, User], content: bytes) -> None:
    reading = score_sheet.read(content, begun(people))
    assert len(reading.problems) == 1
    assert reading.problems[0].isprintable()
    assert reading.entries == ()


def test_another_countys_account_writes_nothing(people: dict[str, User]) -> None:
    from bureau.people.models import Area

    elsewhere = Area.objects.create(
        code="640522", name="演示县", kind="county", path="640522", pinyin="yanshi"
    )
    scheme = written(people)
    people["inspector"].area = elsewhere
    people["inspector"].save()
    scheme = actions.activate(scheme=scheme, by=people["office"], at=NOW)
    with pytest.raises(Refused, match="不在您的辖区"):
        score_actions.start(scheme=scheme, by=people["inspector"], at=NOW, today=TODAY)
    assert not queries.visible_schemes(people["inspector"], COUNTY).exists()


def test_each_step_leaves_one_line_in_the_log(people: dict[str, User]) -> None:
    before = LogEntry.objects.count()
    scheme = checked(people)
    actions.publish(scheme=scheme, by=people["leader"], at=NOW, today=TODAY)
    steps = LogEntry.objects.order_by("seq").values_list("detail", flat=True)[before:]
    assert [row["what"] for row in steps] == [
        "draft", "edit", "confirm_bands", "activate", "start", "score", "check", "publish",
    ]  # fmt: skip


def test_the_story_is_told_once(people: dict[str, User]) -> None:
    for name, role in (("basic", "office"), ("inspector2", "leader")):
        twin = User.objects.get(username=role)
        twin.pk, twin.username = None, name
        twin.role, twin._state.adding = "office" if name == "basic" else "inspector", True
        twin.organisation = None
        twin.save()
    assert performance_story(COUNTY, at=NOW.replace(month=11)) == 3
    assert Appeal.objects.filter(upheld=True).count() == 1
    assert {scheme.state for scheme in Scheme.objects.all()} == {"closed", "scoring", "draft"}
    assert performance_story(COUNTY, at=NOW) == 0
