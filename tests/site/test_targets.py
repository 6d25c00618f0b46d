"""目标: bound to measures that the registers answer, or reported with a second person; verdict, forecast, claims; pages and scope."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from bureau.log.models import Entry
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.plans import reading_actions, target_actions, target_queries
from bureau.plans.models import Plan
from bureau.plans.target_models import Reading, Target
from bureau.runs import measured
from bureau.runs.models import MeasureResult
from bureau.runs.subsets import scope_of_subset, subset_words
from bureau.work import plan_nightly
from junheng.engines import DuckDB
from junheng.measures import Scope, measure_value, measure_values
from junheng.measures.rates_together import every_measure
from plan_rows import published_plan
from site_rows import COUNTY, NOW, TODAY

pytestmark = pytest.mark.django_db
Signed = Callable[[str], Client]


@pytest.fixture
def plan(cast: dict[str, User]) -> Plan:
    return published_plan(cast["office"])


@pytest.fixture
def bound(plan: Plan, cast: dict[str, User]) -> Target:
    return target_actions.bind(
        target=Target.objects.get(number=1), measure="class.large_share", stage="义务教育", reason="与文件口径一致",
        by=cast["office"], at=NOW,
    )  # fmt: skip


def test_publishing_binds_what_is_sure_and_reads_every_data_day(plan: Plan, cast: dict[str, User]) -> None:
    rows = list(Target.objects.select_related("plan"))
    assert target_actions.bind_suggested(targets=rows, by=cast["office"], at=NOW) == 2
    first, second, third = Target.objects.order_by("number")
    assert (first.measure, second.measure) == ("class.large_share", "teacher.backbone_share")
    assert first.binding_reason.startswith("系统建议：")
    assert (third.measure, third.reported) == ("", False)
    days = [run.day for run in target_queries.runs_by_day(COUNTY)]
    assert list(first.readings.values_list("day", flat=True)) == days
    assert target_actions.bind_suggested(targets=rows, by=cast["office"], at=NOW) == 0


def test_a_number_of_schools_to_be_built_is_not_bound_by_itself(plan: Plan, cast: dict[str, User]) -> None:
    one = Target.objects.create(
        plan=plan, number=99, indicator="幼儿园", comparator="eq", value=10, unit="所", due=TODAY
    )
    assert target_actions.suggestions(one)
    assert target_actions.bind_suggested(targets=[one], by=cast["office"], at=NOW) == 0


def test_a_reading_is_what_the_run_stored_and_opens_to_it(bound: Target, browser_of: Signed) -> None:
    reading = bound.readings.last()
    assert reading is not None
    assert reading.run is not None
    row = MeasureResult.objects.get(run=reading.run, code="class.large_share", stage="义务教育", level="county", subset="")  # fmt: skip
    assert (reading.value, reading.numerator, reading.denominator) == (
        row.value,
        row.numerator,
        row.denominator,
    )
    bound.refresh_from_db()
    assert bound.outlook["latest"]["value"] == reading.value
    text = browser_of("leader").get(f"/why/target/{bound.pk}/").content.decode()
    assert "大班额占比不超过5%" in text
    assert "怎样计算" in text
    assert reading.run.snapshot_sha256[:12] in text


def test_a_new_run_replaces_the_reading_of_its_day(bound: Target) -> None:
    reading = bound.readings.last()
    assert reading is not None
    assert reading.run is not None
    MeasureResult.objects.filter(run=reading.run, code="class.large_share", stage="义务教育", level="county").update(value=1.5)  # fmt: skip
    assert reading_actions.follow(run=reading.run, today=TODAY) == 1
    bound.refresh_from_db()
    assert bound.verdict == "met"
    assert bound.outlook["latest"]["value"] == 1.5
    assert bound.readings.filter(day=reading.day).count() == 1


def test_what_cannot_be_bound_is_refused_with_a_reason(plan: Plan, cast: dict[str, User]) -> None:
    target, office = Target.objects.get(number=1), cast["office"]
    with pytest.raises(Refused, match="不能直接比较"):
        target_actions.bind(target=target, measure="class.large_count", stage="小学", reason="试", by=office, at=NOW)  # fmt: skip
    with pytest.raises(Refused, match="没有学段"):
        target_actions.bind(target=target, measure="class.large_share", stage="学前", reason="试", by=office, at=NOW)  # fmt: skip
    with pytest.raises(Refused, match="填报数列"):
        target_actions.bind(target=target, measure="network.coverage", reason="试", by=office, at=NOW)
    with pytest.raises(Refused, match="不能上传和核对计划文件"):
        target_actions.bind(target=target, measure="class.large_share", stage="小学", reason="试", by=cast["unit"], at=NOW)  # fmt: skip
    with pytest.raises(Refused, match="写明"):
        target_actions.bind(target=target, measure="class.large_share", stage="小学", reason=" ", by=office, at=NOW)  # fmt: skip


def test_unbound_there_is_no_figure(bound: Target, cast: dict[str, User]) -> None:
    target_actions.unbind(target=bound, reason="口径不同", by=cast["office"], at=NOW)
    bound.refresh_from_db()
    assert (bound.measure, bound.verdict, bound.readings.count()) == ("", "no_data", 0)
    assert "没有绑定指标" in bound.outlook["sentence"]


def test_a_reported_reading_counts_after_a_second_person(plan: Plan, cast: dict[str, User]) -> None:
    target = Target.objects.get(number=3)
    target_actions.report_series(target=target, reason="登记册没有支出", by=cast["office"], at=NOW)

    def enter(
        value: float | None, note: str, by: str = "unit", day: date | None = date(2025, 12, 31)
    ) -> Reading:
        return reading_actions.enter(target=target, day=day, value=value, note=note, by=cast[by], at=NOW, today=TODAY)  # fmt: skip

    with pytest.raises(Refused, match="佐证"):
        enter(96, "")
    with pytest.raises(Refused, match="还没有到"):
        enter(96, "财政支出月报", day=date(2026, 12, 31))
    with pytest.raises(Refused, match="只有牵头单位"):
        enter(96, "财政支出月报", by="township")
    reading = enter(96, "财政支出月报")
    target.refresh_from_db()
    assert target.verdict == "no_data"
    with pytest.raises(Refused, match="复核"):
        reading_actions.check(reading=reading, by=cast["unit"], at=NOW)
    reading_actions.check(reading=reading, by=cast["inspector"], at=NOW)
    target.refresh_from_db()
    assert (target.verdict, target.outlook["latest"]["value"]) == ("met", 96)
    again = enter(80, "更正后的月报")
    reading_actions.send_back(reading=again, reason="与决算不符", by=cast["inspector"], at=NOW)
    target.refresh_from_db()
    assert target.outlook["latest"]["value"] == 96


def test_a_typed_reading_never_replaces_a_computed_one(bound: Target, cast: dict[str, User]) -> None:
    with pytest.raises(Refused, match="由登记册测算"):
        reading_actions.enter(target=bound, day=TODAY, value=1, note="单位自报数", by=cast["office"], at=NOW, today=TODAY)  # fmt: skip
    before = bound.outlook
    reading_actions.claim(target=bound, day=TODAY, value=0, text="已全部化解", by=cast["office"], at=NOW, today=TODAY)  # fmt: skip
    bound.refresh_from_db()
    assert bound.outlook == before
    ((claim, said),) = target_queries.claims(bound)
    assert claim.value == 0
    assert said.computed == bound.outlook["latest"]["value"]


def test_baseline_and_milestones_make_the_trajectory(bound: Target, cast: dict[str, User]) -> None:
    office = cast["office"]
    with pytest.raises(Refused, match="来源"):
        target_actions.set_baseline(
            target=bound, value=20, day=date(2024, 9, 1), source="", by=office, at=NOW
        )
    target_actions.set_baseline(target=bound, value=20, day=date(2024, 9, 1), source="2024年统计报表", by=office, at=NOW)  # fmt: skip
    with pytest.raises(Refused, match="早于完成时限"):
        target_actions.set_milestones(target=bound, points=[(date(2028, 1, 1), 4)], by=office, at=NOW)
    target_actions.set_milestones(target=bound, points=[(date(2026, 8, 31), 10)], by=office, at=NOW)
    bound.refresh_from_db()
    assert [day for day, _value in bound.outlook["path"]] == ["2024-09-01", "2026-08-31", "2027-12-31"]
    with pytest.raises(Refused, match="晚于基期"):
        target_actions.set_baseline(target=bound, value=20, day=date(2026, 9, 30), source="报表", by=office, at=NOW)  # fmt: skip
    assert Entry.objects.filter(kind="target", key=str(bound.pk)).count() == 3


def test_only_some_schools_is_worked_out_and_stored(bound: Target, cast: dict[str, User]) -> None:
    assert scope_of_subset("乡村、公办") == Scope(locales=("乡村",), organizers=("公办",))
    assert subset_words(Scope(township="豫海镇")) is None
    office = cast["office"]
    target = target_actions.bind(
        target=bound, measure="class.large_share", stage="小学", subset="公办", reason="只算公办", by=office, at=NOW
    )  # fmt: skip
    assert not target.readings.exists()
    plan_nightly.measure_bound.func(COUNTY)
    reading = target.readings.last()
    assert reading is not None
    whole = MeasureResult.objects.get(run=reading.run, code="class.large_share", stage="小学", subset="", level="county")  # fmt: skip
    assert reading.denominator is not None
    assert whole.denominator is not None
    assert 0 < reading.denominator <= whole.denominator


def test_many_measures_together_are_those_one_by_one(plan: Plan) -> None:
    """The fast path of a run against the calculation of each measure by itself."""
    from bureau.runs.compute import county_pack

    run = target_queries.runs_by_day(COUNTY)[-1]
    rules = county_pack(COUNTY, run.pack).on(run.day)
    stored = {
        (row.code, row.stage): row for row in MeasureResult.objects.filter(run=run, level="county", subset="")
    }
    wanted = [(code, stage) for code, stage, _scope in every_measure()]
    assert set(stored) == set(wanted)
    folder = measured._snapshots() / run.snapshot
    with DuckDB() as engine:
        tables = {path.stem: engine.read_parquet(path) for path in folder.glob("*.parquet")}
        for code, stage in wanted[::5]:
            if (
                stored[code, stage].value is None
                or ("." in code and code[0] in "RGQS")
                or code in ("S1", "school.met_share")
            ):
                continue
            one = measure_value(code, tables, rules, stage=stage)
            if one.missing:
                continue
            assert one.value == pytest.approx(stored[code, stage].value), code
            schools = measure_values(code, tables, rules, by="school", stage=stage)
            assert [line[0] for line in stored[code, stage].schools] == [value.area for value in schools]


def test_the_pages_of_targets(bound: Target, browser_of: Signed) -> None:
    for role in ("leader", "office", "inspector", "auditor", "unit", "township", "school"):
        client = browser_of(role)
        assert "大班额占比" in client.get("/targets/").content.decode(), role
        page = client.get(f"/targets/{bound.pk}/")
        assert page.status_code == 200
        assert "<mark>" in page.content.decode()
    text = browser_of("unit").get(f"/targets/{bound.pk}/").content.decode()
    assert "所学校</summary>" not in text
    assert "所学校</summary>" in browser_of("leader").get(f"/targets/{bound.pk}/").content.decode()
    assert browser_of("administrator").get("/targets/").status_code == 403
    for view in ("behind", "on_course", "met", "no_data", "unbound", "nonsense"):
        assert browser_of("leader").get("/targets/", {"view": view}).status_code == 200
    book = browser_of("unit").get("/targets/", {"format": "xlsx"})
    assert book.status_code == 200
    assert book.headers["Content-Type"].endswith("sheet")


def test_forms_of_a_target_say_everything_that_is_wrong(bound: Target, browser_of: Signed) -> None:
    office = browser_of("office")

    def post(action: str, **form: object) -> str:
        answer = office.post(f"/targets/{bound.pk}/{action}/", form, follow=True)
        assert answer.status_code == 200
        return str(answer.content.decode())

    text = post("claim", value="很多", day="去年")
    assert "“很多”不是数" in text
    assert "“去年”不是日期" in text
    assert "不是数" in post("claim", value="nan", day="2025-12-31")
    assert "第 1 个节点" in post("milestones", day=["2026-01-01"], value=["x"])
    assert "阶段目标已保存" in post("milestones", day=["2026-08-31", ""], value=["8", ""])
    assert "请从指标目录中选择" in post("bind", measure="no.such", reason="试")
    assert "已绑定" in post("bind", measure="class.large_share", stage="小学", reason="只看小学")
    assert office.post(f"/targets/{bound.pk}/nonsense/").status_code == 404
    assert (
        browser_of("auditor").post(f"/targets/{bound.pk}/unbind/", {"reason": "试"}, follow=True).status_code
        == 200
    )
    bound.refresh_from_db()
    assert bound.stage == "小学"


def test_another_countys_target_is_not_there(cast: dict[str, User], browser_of: Signed) -> None:
    other = published_plan(cast["leader"], title="别县的计划", county="640106")
    target = Target.objects.filter(plan=other)[0]
    for role in ("unit", "township", "school", "inspector", "auditor"):
        assert browser_of(role).get(f"/targets/{target.pk}/").status_code == 404, role
        assert browser_of(role).get(f"/why/target/{target.pk}/").status_code == 404
        with pytest.raises(Refused):
            target_actions.unbind(target=target, reason="越权", by=cast[role], at=NOW)
