"""通报: drafted from what the registers and duties say, checked, brought up to date, issued by another person, and kept as it was."""

from datetime import date

import pytest

from bureau.bulletins import actions, facts, queries, ranking_actions, section_actions
from bureau.bulletins.document import bulletin_document
from bureau.bulletins.fact_rows import SlipFact, Unit
from bureau.bulletins.models import Bulletin, Section
from bureau.bulletins.ranking import ASSUMED, ranked, unit_facts
from bureau.log.models import Entry
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.plans import duty_actions, target_actions
from bureau.plans.duty_models import Duty
from bureau.plans.models import Plan
from bureau.plans.target_models import Target
from junheng.documents.official import flaws
from plan_rows import published_plan, unit
from site_rows import COUNTY, NOW, TODAY
from town.bulletin_story import bulletin_story

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(cast: dict[str, User]) -> Plan:
    plan = published_plan(cast["office"])
    target_actions.bind_suggested(targets=list(Target.objects.all()), by=cast["office"], at=NOW)
    Duty.objects.filter(task__number=1).update(due=date(2026, 2, 1))
    return plan


def slip(**changes: object) -> SlipFact:
    finance = unit("财政局")
    whole: dict[str, object] = {
        "key": 1, "number": "督〔2026〕1号", "title": "拨付资金", "unit": Unit(finance.pk, finance.name), "rectification": False,
        "closed": False, "late": True, "in_period": True, "due": date(2026, 2, 2), "standing": "已逾期",
    }  # fmt: skip
    return SlipFact(**(whole | changes))  # type: ignore[arg-type]


def drafted(by: User, kind: str = "quarterly", **changes: object) -> Bulletin:
    whole: dict[str, object] = {
        "county_code": COUNTY, "county_name": "同心县", "plan": None, "kind": kind, "year": 2026, "part": 1, "as_of": TODAY,
        "slips": [slip()], "by": by, "at": NOW, "today": TODAY,
    }  # fmt: skip
    return actions.draft(**(whole | changes))  # type: ignore[arg-type]


def text_of(one: Bulletin, kind: str) -> str:
    return Section.objects.get(bulletin=one, kind=kind).text


def test_a_draft_says_what_the_data_says_and_every_figure_has_its_source(
    plan: Plan, cast: dict[str, User]
) -> None:
    before = Entry.objects.count()
    one = drafted(cast["office"])
    assert Entry.objects.count() == before + 1
    problems, unsourced = queries.flaws_of(queries.check(one))
    assert (problems, unsourced) == ([], [])
    verdicts = list(Target.objects.values_list("verdict", flat=True))
    known = {row.key: row for row in queries.figures(one)}
    for verdict in ("met", "on_course", "behind", "no_data"):
        assert known[f"targets.{verdict}"].value == f"{verdicts.count(verdict)}个"
    assert known["duties.overdue"].value == "1项"
    assert known["duties.overdue"].listed == ["提高普及水平"]
    assert (known["slips.late"].value, known["slips.open"].value) == ("1件", "1件")
    own = known[f"unit.{unit('教育体育局').pk}.overdue"]
    assert f"教育体育局1项〔{own.code}〕" in text_of(one, "tasks")
    assert "财政局“拨付资金”（督〔2026〕1号）" in text_of(one, "slips")
    # The figure of a target is the stored reading, with its numerator, denominator and run.
    target = Target.objects.get(number=1)
    reading = target.readings.last()
    figure = known[f"target.{target.pk}.value"]
    assert reading is not None
    assert (figure.as_of, figure.run_id) == (reading.day, reading.run_id)
    assert figure.value == f"{reading.value:.2f}".rstrip("0").rstrip(".") + "%"
    assert figure.denominator == f"{reading.denominator:g}"


@pytest.mark.parametrize(("kind", "wanted"), [("half_yearly", "hearing"), ("yearly", "change")])
def test_the_longer_kinds_have_their_own_parts(
    plan: Plan, cast: dict[str, User], kind: str, wanted: str
) -> None:
    one = drafted(cast["office"], kind)
    assert text_of(one, wanted)
    assert queries.flaws_of(queries.check(one)) == ([], [])


def test_one_bulletin_a_period_and_all_faults_at_once(plan: Plan, cast: dict[str, User]) -> None:
    drafted(cast["office"])
    with pytest.raises(Refused, match="这一期已有一份"):
        drafted(cast["office"])
    with pytest.raises(Refused, match=r"年份应是.*请填写数据截止日期"):
        drafted(cast["office"], year=None, as_of=None)
    with pytest.raises(Refused, match="不能撰写通报"):
        drafted(cast["unit"])


def test_a_day_in_the_past_is_reckoned_from_what_was_known_then(plan: Plan, cast: dict[str, User]) -> None:
    duty = Duty.objects.get(task__number=1)
    office, leader = cast["office"], cast["leader"]
    duty_actions.claim(duty_ids=[duty.pk], text="已全部化解完成", by=office, at=NOW)
    whole = {
        "plans": Plan.objects.filter(pk=plan.pk),
        "kind": "quarterly",
        "year": 2026,
        "part": 1,
        "slips": None,
    }
    now = facts.gather(as_of=TODAY, **whole)  # type: ignore[arg-type]
    then = facts.gather(as_of=date(2026, 2, 20), **whole)  # type: ignore[arg-type]
    [today] = [one for one in now.duties if one.key == duty.pk]
    [before] = [one for one in then.duties if one.key == duty.pk]
    assert (today.state, today.late, today.closed_late) == ("claimed", 0, True)
    assert (before.state, before.late) == ("pending", 19)
    assert ("没有达到" in today.against) == (Target.objects.get(number=1).verdict in ("behind", "on_course"))
    duty_actions.send_back(duty_ids=[duty.pk], reason="没有佐证", by=leader, at=NOW)
    [again] = [one for one in facts.gather(as_of=TODAY, **whole).duties if one.key == duty.pk]  # type: ignore[arg-type]
    assert (again.state, again.returned, again.late) == ("returned", 1, 29)
    assert {row.verdict for row in facts.gather(as_of=date(2001, 1, 1), **whole).targets} == {"no_data"}  # type: ignore[arg-type]


def test_wrong_figures_and_bare_numerals_keep_a_bulletin_from_going_out(
    plan: Plan, cast: dict[str, User]
) -> None:
    office, leader = cast["office"], cast["leader"]
    one = drafted(office)
    part = Section.objects.get(bulletin=one, kind="overall")
    wrong = part.text.replace("量化目标3个", "量化目标4个") + "另表彰教师15人。"
    section_actions.save_section(part=part, heading="总体情况", text=wrong, by=office, at=NOW)
    with pytest.raises(Refused, match=r"F1 应为 3个，文中是.*4个.*1 个没有出处的数字"):
        actions.submit(bulletin=one, by=office, at=NOW)
    fixed = wrong.replace("量化目标4个", "量化目标3个")
    part = section_actions.save_section(part=part, heading="总体情况", text=fixed, by=office, at=NOW)
    with pytest.raises(Refused, match="请写明"):
        section_actions.acknowledge(part=part, words="另表彰教师15人", source=" ", by=office, at=NOW)
    section_actions.acknowledge(part=part, words="另表彰教师15人", source="表彰文件", by=office, at=NOW)
    one = actions.submit(bulletin=one, by=office, at=NOW)
    with pytest.raises(Refused, match="只有拟稿中的才能修改"):
        section_actions.save_section(part=part, heading="改", text="改", by=office, at=NOW)
    with pytest.raises(Refused, match="另一人"):
        actions.issue(bulletin=one, number="同教发〔2026〕1号", by=office, at=NOW)
    with pytest.raises(Refused, match="六角括号"):
        actions.issue(bulletin=one, number="同教发[2026]1号", by=leader, at=NOW)
    one = actions.issue(bulletin=one, number="同教发〔2026〕1号", by=leader, at=NOW)
    assert [event.what for event in one.events.all()] == [
        "draft", "text", "text", "acknowledge", "submit", "issue",
    ]  # fmt: skip
    changed = one.events.filter(what="text").first()
    assert changed is not None
    assert changed.changes[0]["after"] == wrong
    assert actions.withdraw(bulletin=one, reason="数据有误", by=leader, at=NOW).state == "withdrawn"
    again = drafted(office)
    again = actions.submit(bulletin=again, by=office, at=NOW)
    with pytest.raises(Refused, match="已经用在"):
        actions.issue(bulletin=again, number="同教发〔2026〕1号", by=leader, at=NOW)


def test_newer_data_moves_the_figures_and_shows_which_texts_changed(
    plan: Plan, cast: dict[str, User]
) -> None:
    office = cast["office"]
    one = drafted(office, as_of=date(2026, 2, 20), slips=[])
    part = Section.objects.get(bulletin=one, kind="next")
    section_actions.save_section(part=part, heading=part.heading, text="自己写的一句话。", by=office, at=NOW)
    late = Duty.objects.get(task__number=1)
    duty_actions.claim(duty_ids=[late.pk], text="已全部化解完成", by=office, at=NOW)
    one = actions.refresh(bulletin=one, as_of=TODAY, slips=[slip()], by=office, at=NOW, today=TODAY)
    moved = {row["name"]: (row["before"], row["after"]) for row in one.refresh["figures"]}
    assert moved["逾期的应办事项"] == ("1项", "0项")
    assert "总体情况" in [row["section"] for row in one.refresh["texts"]]
    assert "逾期0项" in text_of(one, "overall")
    assert "截至2026年3月2日" in text_of(one, "overall")  # it says up to which day
    assert "2月20日" not in text_of(one, "overall")
    assert text_of(one, "next") == "自己写的一句话。"
    gone = [row for row in queries.figures(one) if row.gone]
    assert "教育体育局：逾期的应办事项" in [row.name for row in gone]  # nothing of it is left to count
    problems, _unsourced = queries.flaws_of(queries.check(one))
    assert any("数据已不存在" in words for words in problems)
    actions.redraft(part=Section.objects.get(bulletin=one, kind="tasks"), slips=[slip()], by=office, at=NOW)
    assert "没有逾期的应办事项" in text_of(one, "tasks")
    with pytest.raises(Refused, match="今天或更早"):
        actions.refresh(bulletin=one, as_of=date(2030, 1, 1), slips=[], by=office, at=NOW, today=TODAY)


def test_parts_are_added_moved_and_removed_and_their_words_stay_in_the_history(
    plan: Plan, cast: dict[str, User]
) -> None:
    office = cast["office"]
    one = drafted(office)
    part = section_actions.add_section(bulletin=one, heading="附记", by=office, at=NOW)
    for _step in range(20):
        section_actions.move_section(part=part, up=True, by=office, at=NOW)
    assert queries.sections(one)[0].heading == "附记"
    section_actions.save_section(part=part, heading="附记", text="几句话", by=office, at=NOW)
    section_actions.remove_section(part=Section.objects.get(pk=part.pk), by=office, at=NOW)
    last = queries.events(one).first()
    assert last is not None
    assert last.changes == [{"section": "附记", "before": "几句话", "after": ""}]
    actions.delete(bulletin=one, by=office, at=NOW)
    assert not Bulletin.objects.exists()


def test_the_ranking_follows_the_county_s_own_rule_and_old_ones_are_kept(
    plan: Plan, cast: dict[str, User]
) -> None:
    office = cast["office"]
    assert queries.ranking(COUNTY).assumed
    whole = facts.gather(
        plans=Plan.objects.filter(pk=plan.pk),
        kind="quarterly",
        year=2026,
        part=1,
        as_of=TODAY,
        slips=[slip()],
    )
    scores = {one.facts.unit: one for one in ranked(unit_facts(whole), ASSUMED)}
    assert scores["财政局"].facts.counts["slips"] == 1
    late = scores["教育体育局"].facts.counts
    assert (late["late"], late["late_days"]) == (1, 29)
    ranking_actions.set_ranking(county_code=COUNTY, criteria=ASSUMED, reason="局长办公会", by=office, at=NOW)
    held = queries.ranking(COUNTY)
    assert (held.assumed, held.by, held.criteria) == (False, office.display_name, ASSUMED)
    with pytest.raises(Refused, match="原因"):
        ranking_actions.set_ranking(county_code=COUNTY, criteria=ASSUMED, reason="", by=office, at=NOW)
    assert queries.ranking_history(COUNTY).count() == 1
    assert "假定" not in drafted(office).data["rule"]


def test_the_document_has_no_flaw_and_refers_to_each_figure(plan: Plan, cast: dict[str, User]) -> None:
    one = drafted(cast["office"])
    one.number = "同教发〔2026〕1号"
    made = bulletin_document(
        one, queries.sections(one), queries.figures(one), issuer="同心县教育体育局", head="同心县教育体育局文件",
        day=TODAY, marked="",
    )  # fmt: skip
    assert flaws(made) == ()
    assert made.sources[0].code == "F1"
    assert len({source.code for source in made.sources}) == len(made.sources)
    assert {one.title for one in made.attachments} >= {"逾期应办事项一览表", "单位排名和得分明细"}


def test_the_story_of_the_made_up_county(plan: Plan, cast: dict[str, User]) -> None:
    User.objects.filter(username="office").update(username="basic")
    assert bulletin_story(COUNTY, at=NOW) == 3
    assert bulletin_story(COUNTY, at=NOW) == 0
    states = sorted(Bulletin.objects.values_list("kind", "state"))
    assert states == [("half_yearly", "issued"), ("quarterly", "draft"), ("quarterly", "issued")]
    for one in Bulletin.objects.all():
        assert queries.flaws_of(queries.check(one)) == ([], []), one.title
