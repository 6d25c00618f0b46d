"""缺口台账: the ledger follows the data through three imports, and nobody closes a line by saying so."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from bureau.cases import actions, escalating
from bureau.cases import bulk as bulk_work
from bureau.cases.models import Bulk, Case, Event
from bureau.cases.verdicts import verdicts
from bureau.gaps import queries
from bureau.log.models import Entry
from bureau.people.models import Area, User
from bureau.people.rules import Refused
from bureau.registry.import_models import Import
from bureau.registry.models import School
from bureau.runs.models import IndicatorResult, Run, SchoolResult
from bureau.work import gap_tasks

pytestmark = pytest.mark.django_db

# A county of its own beside the small one, which has a ledger already.
COUNTY, TOWN, OTHER = "649999", "649999100", "649999101"
FAR, NEAR = "2199990001", "2199990002"
AUTUMN, SPRING, NEXT = date(2025, 9, 1), date(2026, 3, 1), date(2026, 9, 1)
Found = dict[tuple[str, str], tuple[str, float | None]]


@pytest.fixture(autouse=True)
def people(county: str) -> dict[str, User]:
    """The county, its two schools, and an account of each kind."""
    area = Area.objects.create(code=COUNTY, name="县", kind="county", path=COUNTY, pinyin="x")
    town = Area.objects.create(code=TOWN, name="镇", kind="township", path=f"{COUNTY}/{TOWN}", pinyin="z")
    of = Import.objects.order_by("pk")[0]
    for code, township in ((FAR, TOWN), (NEAR, OTHER)):
        School.objects.create(
            key=f"{COUNTY} {code}", county_code=COUNTY, valid_from=date(2020, 1, 1), created_by=of,
            school_code=code, school_name=f"演示{code[-1]}小", township_code=township,
        )  # fmt: skip

    def person(name: str, role: str, where: Area | None = area, school: str = "") -> User:
        return User.objects.create(
            username=f"ledger-{name}", role=role, display_name=name, area=where, school_code=school, office=""
        )

    return {
        "office": person("office", "office"),
        "other": person("other", "office"),
        "inspector": person("inspector", "inspector"),
        "township": person("township", "township", town),
        "school": person("school", "school", None, FAR),
        "administrator": person("administrator", "administrator", None),
    }


def run_of(day: date, found: Found, *, out: str = "") -> None:
    """A finished run: {(school, indicator): (verdict, gap)}; the ledger follows it on its day."""
    run = Run.objects.create(
        county_code=COUNTY, day=day, pack="balanced-2017", state="done", asked_at=at(day), finished_at=at(day)
    )
    for school in sorted({school for school, _ in found}):
        where = {"school_code": school, "school": f"演示{school[-1]}小", "stage": "小学"}
        SchoolResult.objects.create(
            run=run, **where, in_scope=school != out, reason="教学点不足50人" if school == out else "",
            passes=0, unreported=0, verdict="未达标",
        )  # fmt: skip
    for (school, code), (verdict, gap) in found.items():
        IndicatorResult.objects.create(
            run=run, school_code=school, school=f"演示{school[-1]}小", stage="小学", code=code,
            title={"R1": "高于规定学历教师", "R5": "运动场馆面积"}[code], unit="", verdict=verdict, gap=gap,
            gap_unit="名" if code == "R1" else "㎡", borderline=False, clause="教督〔2017〕6号",
        )  # fmt: skip
    follow(day)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def follow(day: date) -> dict[str, int]:
    """The ledger after the newest run: what that changed."""
    (sweep,) = gap_tasks.follow(COUNTY, at=at(day), today=day)
    assert sweep.error == ""
    names = ("opened", "refreshed", "gone", "back", "reopened", "contradicted")
    return {name: getattr(sweep, name) for name in names if getattr(sweep, name)}


def the(code: str = "R1", school: str = FAR) -> Any:
    return (
        queries.lines(User.objects.get(username="ledger-office"))
        .filter(code=code, subject_key=school)
        .latest("pk")
    )


def step(move: str, by: User, day: date = SPRING, case: Case | None = None, **more: Any) -> Case:
    return actions.move(case_id=(case or the()).pk, move=move, by=by, at=at(day), today=day, **more)


def history(case: Case) -> list[str]:
    return list(Event.objects.filter(of=case).order_by("id").values_list("what", flat=True))


def test_each_shortfall_becomes_one_line_and_doing_it_again_changes_nothing() -> None:
    run_of(AUTUMN, {(FAR, "R1"): ("未达标", 3), (FAR, "R5"): ("未报", None), (NEAR, "R1"): ("达标", 0), (NEAR, "R5"): ("未达标", 412.5)})  # fmt: skip
    cases = Case.objects.filter(county_code=COUNTY).order_by("subject_key")
    assert [(one.subject_key, one.item, one.state, one.label) for one in cases] == [
        (FAR, "小学 R1", "open", "演示1小"),
        (NEAR, "小学 R5", "open", "演示2小"),
    ]
    assert (the().shortage, the().unit, the("R5", NEAR).shortage) == (3, "名", 412.5)
    entries, events = Entry.objects.count(), Event.objects.count()
    assert follow(AUTUMN) == {}
    assert (Entry.objects.count(), Event.objects.count()) == (entries, events)


def test_a_school_out_of_scope_opens_nothing_and_its_line_awaits_review() -> None:
    run_of(AUTUMN, {(FAR, "R1"): ("未达标", 3)}, out=FAR)
    assert not Case.objects.filter(county_code=COUNTY).exists()
    run_of(SPRING, {(FAR, "R1"): ("未达标", 3)})
    run_of(NEXT, {(FAR, "R1"): ("未达标", 3)}, out=FAR)
    assert (the().state, the().shortage) == ("solved", 0)


def test_unreported_or_absent_data_closes_nothing_and_is_said_once() -> None:
    run_of(AUTUMN, {(FAR, "R1"): ("未达标", 3), (NEAR, "R1"): ("未达标", 2)})
    run_of(SPRING, {(FAR, "R1"): ("未报", None)})
    for school, amount in ((FAR, 3), (NEAR, 2)):
        assert (the(school=school).state, the(school=school).shortage) == ("open", amount)
        assert history(the(school=school)) == ["opened", "found"]
        assert "没有报数" in Event.objects.filter(of=the(school=school)).latest("id").text
    assert follow(SPRING) == {}


def test_silence_opens_nothing_of_last_year() -> None:
    Run.objects.filter(county_code=COUNTY).delete()
    run_of(AUTUMN, {(FAR, "R1"): ("未达标", 3)})
    Case.objects.filter(county_code=COUNTY).delete()
    run_of(SPRING, {(FAR, "R1"): ("未报", None), (FAR, "R5"): ("达标", 0)})
    assert not Case.objects.filter(county_code=COUNTY).exists()
    columns, day = verdicts(COUNTY)
    assert (day, columns["code"], columns["newest"]) == (SPRING, ["R5", "R1"], [True, False])


def test_the_whole_loop(people: dict[str, User]) -> None:
    run_of(AUTUMN, {(FAR, "R1"): ("未达标", 3)})
    plan = {"office": "人事股", "until": "2026-12-31"}
    step("plan", people["office"], AUTUMN, fields=plan)
    assert (the().state, the().office, the().due) == ("under_way", "人事股", date(2026, 12, 31))
    step("claim", people["school"], AUTUMN, fields={"result": "已招2人"})
    with pytest.raises(Refused, match="才能复核销号"):
        step("close", people["inspector"])

    run_of(SPRING, {(FAR, "R1"): ("未达标", 1)})
    assert (the().state, the().shortage) == ("claimed", 1)
    assert the().contradiction
    assert "缺口：3 → 1" in " ".join(Event.objects.filter(of=the()).values_list("text", flat=True))

    run_of(NEXT, {(FAR, "R1"): ("达标", 0)})
    assert (the().state, the().shortage, the().contradiction) == ("solved", 0, "")
    with pytest.raises(Refused, match="不能复核"):
        step("close", people["school"], NEXT)
    step("close", people["inspector"], NEXT, text="已到校核对")
    assert (the().phase, the().closed_by) == ("closed", people["inspector"])
    assert queries.with_opening(queries.lines(people["office"])).get(pk=the().pk).shortage_at_opening == 3


def test_who_claimed_cannot_close_not_even_in_the_database(people: dict[str, User]) -> None:
    run_of(AUTUMN, {(FAR, "R1"): ("未达标", 3)})
    step("claim", people["office"], AUTUMN, fields={"result": "好了"})
    run_of(SPRING, {(FAR, "R1"): ("达标", 0)})
    with pytest.raises(Refused, match="不能自己销号"):
        step("close", people["office"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=the().pk).update(phase="closed", closed_by=people["office"], closed_on=SPRING)
    step("close", people["other"])


def test_two_persons_even_where_nobody_claimed(people: dict[str, User]) -> None:
    run_of(AUTUMN, {(FAR, "R1"): ("未达标", 3)})
    run_of(SPRING, {(FAR, "R1"): ("达标", 0)})
    with pytest.raises(Refused, match="先由一人"):
        step("close", people["inspector"])
    step("verify", people["inspector"], text="到校看过")
    with pytest.raises(Refused, match="不能自己销号"):
        step("close", people["inspector"])
    step("close", people["office"])


def test_a_fact_that_returns_reopens_its_line_or_falls_back(people: dict[str, User]) -> None:
    run_of(AUTUMN, {(FAR, "R1"): ("未达标", 3), (FAR, "R5"): ("未达标", 10)})
    run_of(SPRING, {(FAR, "R1"): ("达标", 0), (FAR, "R5"): ("达标", 0)})
    step("verify", people["office"], text="看过")
    closed = step("close", people["other"], text="属实")
    run_of(NEXT, {(FAR, "R1"): ("未达标", 2), (FAR, "R5"): ("未达标", 4)})
    assert (the().pk, the().state, the().reopened, the().shortage) == (closed.pk, "open", 1, 2)
    assert (the("R5").state, the("R5").shortage) == ("open", 4)


def test_after_more_than_a_year_it_is_another_line_that_names_the_first(people: dict[str, User]) -> None:
    run_of(AUTUMN, {(FAR, "R1"): ("未达标", 3)})
    run_of(SPRING, {(FAR, "R1"): ("达标", 0)})
    step("verify", people["office"], text="看过")
    first = step("close", people["other"])
    run_of(SPRING + timedelta(days=600), {(FAR, "R1"): ("未达标", 2)})
    assert the().pk != first.pk
    assert list(queries.earlier(the())) == [first]


def test_an_import_undone_after_closing_brings_the_line_back(people: dict[str, User]) -> None:
    run_of(SPRING, {(FAR, "R1"): ("未达标", 3)})
    run_of(NEXT, {(FAR, "R1"): ("达标", 0)})
    step("verify", people["office"], NEXT, text="看过")
    step("close", people["other"], NEXT + timedelta(days=20))
    Run.objects.filter(county_code=COUNTY, day=NEXT).update(state="failed")
    assert follow(NEXT + timedelta(days=21)) == {"reopened": 1}
    assert (the().state, the().shortage) == ("open", 3)


def test_sent_back_with_a_reason_and_not_brought_up_by_the_same_data(people: dict[str, User]) -> None:
    run_of(AUTUMN, {(FAR, "R5"): ("未达标", 3)})
    run_of(SPRING, {(FAR, "R5"): ("达标", 0)})
    with pytest.raises(Refused, match="要写明情况"):
        step("back", people["inspector"], case=the("R5"))
    step("back", people["inspector"], case=the("R5"), text="场地是借的")
    assert the("R5").state == "under_way"
    assert follow(SPRING + timedelta(days=1)) == {}
    run_of(NEXT, {(FAR, "R5"): ("达标", 0)})
    assert the("R5").state == "solved"


def test_a_school_writes_its_measure_and_the_bureau_decides_the_rest(people: dict[str, User]) -> None:
    run_of(AUTUMN, {(FAR, "R1"): ("未达标", 3)})
    with pytest.raises(Refused, match="“责任科室”由教育局填写；“完成时限”由教育局填写"):
        step("plan", people["school"], fields={"measure": "招聘", "office": "人事", "until": "2027-01-01"})
    step("plan", people["school"], fields={"measure": "招聘"})
    with pytest.raises(Refused, match="“填整改计划”由学校、教育局办理"):
        step("plan", people["township"], fields={"measure": "x"})
    with pytest.raises(Refused, match="“整改措施”由学校、教育局填写"):
        actions.change_fields(case_id=the().pk, fields={"measure": "x"}, by=people["township"], at=at(SPRING), today=SPRING)  # fmt: skip
    assert (the().measure, the().office) == ("招聘", None)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"until": "2020-01-01"}, "完成时限“2020-01-01”已经过去"),
        ({"until": "明年"}, "“明年”不是日期"),
        ({"unit_price": "很贵"}, "“很贵”不是数字"),
        ({"unit_price": "-1"}, "小于最小值"),
        ({"unit_price": "100001"}, "超过最大值"),
    ],
)
def test_plan_values(people: dict[str, User], fields: dict[str, object], words: str) -> None:
    run_of(AUTUMN, {(FAR, "R1"): ("未达标", 3)})
    with pytest.raises(Refused, match=words):
        step("plan", people["office"], fields=fields)
    assert the().state == "open"


def test_a_deadline_people_set_stays_overdue_on_the_desk_above(people: dict[str, User]) -> None:
    run_of(AUTUMN, {(FAR, "R1"): ("未达标", 3)})
    step("plan", people["office"], AUTUMN, fields={"until": "2025-12-31"})
    escalating.escalate(county_code=COUNTY, at=at(SPRING), today=SPRING)
    assert (the().level, the().due) == ("bureau", date(2025, 12, 31))
    late = queries.lines(people["office"], COUNTY).filter(queries.condition("overdue", today=SPRING))
    assert [one.pk for one in late] == [the().pk]
    actions.change_fields(case_id=the().pk, fields={"until": "2026-08-31"}, by=people["office"], at=at(SPRING), today=SPRING)  # fmt: skip
    assert the().due == date(2026, 8, 31)


def test_many_are_filled_in_whatever_state_they_are_in(people: dict[str, User]) -> None:
    run_of(AUTUMN, {(FAR, "R1"): ("未达标", 3), (FAR, "R5"): ("未达标", 9), (NEAR, "R1"): ("未达标", 1)})
    step("claim", people["school"], AUTUMN, case=the("R5"), fields={"result": "好了"})
    cases = list(Case.objects.filter(county_code=COUNTY))
    Case.objects.filter(pk=the(school=NEAR).pk).update(revision=9)
    changes = [[one.pk, one.revision, {"office": "项目办"}] for one in cases]
    job = bulk_work.ask(kind="upload", county_code=COUNTY, ledger="gaps", arguments={"changes": changes}, by=people["office"], at=at(SPRING))  # fmt: skip
    done = bulk_work.run(pk=job.pk, at=lambda: at(SPRING), today=SPRING, progress=lambda share: None)
    assert done is not None
    assert done.state == Bulk.State.DONE
    assert [(pk, "已被他人修改" in words) for pk, _, words in done.refused] == [(the(school=NEAR).pk, True)]
    assert (the().state, the("R5").state, the(school=NEAR).state) == ("under_way", "claimed", "open")
    assert (the().office, the("R5").office) == ("项目办", "项目办")


def test_each_account_sees_and_touches_its_own_area(people: dict[str, User]) -> None:
    run_of(AUTUMN, {(FAR, "R1"): ("未达标", 3), (NEAR, "R1"): ("未达标", 2)})
    seen = {name: queries.lines(user, COUNTY).count() for name, user in people.items()}
    assert seen == {"office": 2, "other": 2, "inspector": 2, "township": 1, "school": 1, "administrator": 0}
    with pytest.raises(Refused, match="不在您的辖区内"):
        step("claim", people["school"], case=the(school=NEAR), fields={"result": "x"})


def test_nobody_opens_a_gap_by_hand(people: dict[str, User]) -> None:
    with pytest.raises(Refused, match="只由数据立案"):
        actions.open_case(county_code=COUNTY, ledger="gaps", subject_key=FAR, item="小学 R1", by=people["office"], at=at(SPRING), today=SPRING)  # fmt: skip


def test_cost_is_shortage_times_price_and_yearly_pay_is_apart(people: dict[str, User]) -> None:
    run_of(AUTUMN, {(FAR, "R1"): ("未达标", 3), (FAR, "R5"): ("未达标", 100), (NEAR, "R5"): ("未达标", 10)})
    price = queries.Price("R1", 12.0, "", True, True)
    assert queries.cost(all_of(people), {"R1": price}) == queries.Cost(0.0, 36.0, 2)
    step("plan", people["office"], case=the("R5", NEAR), fields={"unit_price": "0.05"})
    known = {"R1": price, "R5": queries.Price("R5", 0.08, "造价站", False, False)}
    assert queries.cost(all_of(people), known) == queries.Cost(pytest.approx(8.5), 36.0, 0)
    shown = queries.with_cost(queries.lines(people["office"], COUNTY), known)
    assert sum(one.cost for one in shown) == pytest.approx(8.5 + 36)
    groups = {group.key: group for group in queries.counts_by_indicator(all_of(people), today=SPRING)}
    assert (groups["R5"].schools, groups["R5"].shortage, groups["R5"].unit) == (2, 110, "㎡")
    assert [(one.key, one.lines) for one in queries.counts_by_office(all_of(people), today=SPRING)] == [
        ("", 3)
    ]


def all_of(people: dict[str, User]) -> list[queries.Gap]:
    return queries.all_of(people["office"], COUNTY)


def test_counts_of_views_are_the_views(people: dict[str, User]) -> None:
    run_of(AUTUMN, {(school, code): ("未达标", 3) for school in (FAR, NEAR) for code in ("R1", "R5")})
    step("plan", people["office"], AUTUMN, case=the("R1", NEAR), fields={"until": "2025-12-31"})
    step("claim", people["school"], AUTUMN, fields={"result": "好了"})
    run_of(SPRING, {(FAR, "R5"): ("达标", 0), (FAR, "R1"): ("未达标", 3)})
    step("verify", people["office"], case=the("R5"), text="看过")
    step("close", people["other"], case=the("R5"))
    for today in (AUTUMN, SPRING, NEXT):
        told = queries.view_counts(all_of(people), today=today)
        lines = queries.lines(people["office"], COUNTY)
        assert told == {view: lines.filter(queries.condition(view, today=today)).count() for view in told}
    assert told["overdue"] == 2
    assert told["closed"] == told["contradiction"] == 1


def test_words_that_are_no_number_break_no_sum(people: dict[str, User]) -> None:
    run_of(AUTUMN, {(FAR, "R1"): ("未达标", 3)})
    Case.objects.filter(county_code=COUNTY).update(
        evidence={"缺口": "三名"}, fields={"unit_price": "贵", "until": "明年"}
    )
    assert queries.cost(all_of(people), {}) == queries.Cost(0.0, 0.0, 1)
    shown = queries.with_cost(queries.lines(people["office"], COUNTY), {})
    assert [(one.shortage, one.until, one.cost) for one in shown] == [(None, None, None)]
