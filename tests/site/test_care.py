"""控辍关爱: the roll of school age, tutors proposed and accepted, reports that come out by themselves, each refusal in a sentence."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from cases_help import COUNTY, PDF, at, know_holidays, move, pupil
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from bureau.care import filings, pairing, roll, roll_queries
from bureau.care.filing_rules import BY_NAME, ended, period_of
from bureau.care.models import Filing, Pairing, RollChild, RollDay
from bureau.care.roll_rules import Followed, Known, counts_no_more, state_of
from bureau.cases import actions, duty_lines, pack_actions, packs
from bureau.cases.models import Case, Holding
from bureau.links.models import Line, Link, OutsideRegister
from bureau.log.models import Entry
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.registry.models import Student

pytestmark = pytest.mark.django_db
Cast = dict[str, User]
BrowserOf = Callable[[str], Client]
TODAY = date(2026, 3, 10)


def household(children: list[tuple[str, str, date, str]], by: User) -> OutsideRegister:
    """A household register: (name, student key or "", birth date, state of the comparison)."""
    register = OutsideRegister.objects.create(
        county_code=COUNTY, source="household", day=TODAY, state="matched", matched_at=at(TODAY), by=by, at=at(TODAY)
    )  # fmt: skip
    for number, (name, student, born, state) in enumerate(children, 1):
        line = Line.objects.create(
            of=register, number=number, place=str(number + 1), name=name, id_number=b"", guardian_ids=b"", phone=b"", birth_date=born, township="豫海镇",
            village="演示村", key=f"line{number}", fingerprint="f",
        )  # fmt: skip
        Link.objects.create(
            line=line,
            of=register,
            state=state,
            student_key=student,
            machine=state,
            probability=0.9 if student else 0.1,
        )
    return register


@pytest.fixture
def rolled(cast: Cast) -> list[Student]:
    """Three pupils on the register, one child who studies nowhere, one doubtful, one past school age."""
    know_holidays()
    school = cast["school"].school_code
    pupils = [pupil(school, skip=number) for number in range(3)]
    born = date(2016, 5, 1)
    Student.objects.filter(pk__in=[one.pk for one in pupils]).update(birth_date=born)
    rows = [(one.person_name or "甲", one.key, born, "automatic") for one in pupils]
    rows += [
        ("演示未入学", "", date(2017, 1, 1), "unmatched"),
        ("演示待核", "", date(2015, 1, 1), "to_check"),
    ]
    rows += [("演示成年", "", date(2000, 1, 1), "unmatched")]
    household(rows, cast["office"])
    roll.refresh(county_code=COUNTY, today=TODAY, at=at(TODAY))
    return pupils


def test_every_child_of_school_age_with_its_state(rolled: list[Student], cast: Cast) -> None:
    found = {one.name: one for one in RollChild.objects.filter(on_register=True)}
    assert found["演示未入学"].state == "absent"
    assert found["演示待核"].state == "check"
    assert "演示成年" not in found
    one = found[rolled[0].person_name or ""]
    assert (one.state, one.school_code, one.township_code) == ("studying", rolled[0].school_code, "640324100")
    # Pupils who are on no household register are on the roll as well, and say so.
    assert RollChild.objects.filter(on_register=False, state="studying").exists()
    assert sum(day.children for day in RollDay.objects.all()) == RollChild.objects.count()


def test_only_what_changed_is_written_and_a_state_keeps_its_day(rolled: list[Student], cast: Cast) -> None:
    before = dict(RollChild.objects.values_list("name", "pk"))
    logged = Entry.objects.count()
    again = roll.refresh(county_code=COUNTY, today=TODAY + timedelta(days=1), at=at(TODAY))
    assert (again.came, again.left, again.changed, Entry.objects.count()) == (0, 0, 0, logged)
    assert dict(RollChild.objects.values_list("name", "pk")) == before
    case = actions.open_case(
        county_code=COUNTY, ledger="dropout", subject_key=rolled[0].key, text="演示", by=cast["office"], at=at(TODAY), today=TODAY
    )  # fmt: skip
    third = roll.refresh(county_code=COUNTY, today=TODAY + timedelta(days=2), at=at(TODAY))
    one = RollChild.objects.get(student_key=rolled[0].key)
    assert (third.changed, one.state, one.since, one.case_id) == (
        1,
        "dropped",
        TODAY + timedelta(days=2),
        case.pk,
    )
    assert "辍学学生台账" in one.case_state
    assert dict(roll_queries.trend(cast["office"], COUNTY)) == {
        TODAY: 1, TODAY + timedelta(days=1): 1, TODAY + timedelta(days=2): 2
    }  # fmt: skip


def test_without_a_household_register_the_roll_stays_and_says_so(rolled: list[Student], cast: Cast) -> None:
    count = RollChild.objects.count()
    OutsideRegister.objects.update(state="withdrawn")
    run = roll.refresh(county_code=COUNTY, today=TODAY, at=at(TODAY))
    assert "没有户籍人口名册" in run.note
    assert RollChild.objects.count() == count
    with pytest.raises(Refused, match="不能"):
        roll.refresh(county_code=COUNTY, today=TODAY, at=at(TODAY), by=cast["school"])


@pytest.mark.parametrize(
    ("known", "followed", "linked", "state"),
    [
        (Known("automatic", "在读", "小学"), {}, True, "studying"),
        (Known("automatic", "在读", "学前"), {}, True, "preschool"),
        (Known("automatic", "在读", "小学", "送教上门"), {}, True, "home"),
        (Known("automatic", "休学", "小学"), {}, True, "suspended"),
        (Known("automatic", "毕业", "初中"), {}, True, "finished"),
        (Known("automatic", "毕业", "小学"), {}, True, "left"),
        (Known("automatic", None), {}, True, "left"),
        (Known("unmatched", None, elsewhere=True), {}, False, "elsewhere"),
        (Known("unmatched", None), {"children": Followed("children", 1, "", "在外地就读")}, False, "elsewhere"),
        (Known("unmatched", None), {}, False, "absent"),
        (Known("second", None), {}, False, "check"),
        (Known("automatic", "在读", "小学"), {"suspected": Followed("suspected", 1, "")}, True, "suspected"),
        (Known("automatic", "在读", "小学"), {"suspected": Followed("suspected", 1, "", live=False)}, True, "studying"),
        (Known("automatic", "在读", "小学"), {"suspected": Followed("suspected", 1, ""), "dropout": Followed("dropout", 2, "")}, True, "dropped"),
    ],
)  # fmt: skip
def test_the_state_of_a_child(known: Known, followed: dict[str, Followed], linked: bool, state: str) -> None:
    assert state_of(known, followed, linked=linked, deferred=False) == state


def test_a_child_put_off_and_one_who_is_none() -> None:
    assert state_of(Known("automatic", None), {}, linked=True, deferred=True) == "deferred"
    gone = Followed("children", 1, "", "已死亡或迁出", live=False)
    assert counts_no_more({"children": gone})
    assert not counts_no_more({"children": Followed("children", 1, "", "已死亡或迁出")})


def test_the_page_of_the_roll(rolled: list[Student], browser_of: BrowserOf) -> None:
    client = browser_of("office")
    page = client.get(reverse("school-age"), {"q": "演示未入学"}).content.decode()
    assert "演示未入学</" in page
    assert "豫海镇" in page
    only = client.get(reverse("school-age"), {"state": "absent"}).content.decode()
    assert "演示未入学" in only
    assert "演示待核" not in only
    export = client.get(reverse("school-age"), {"export": "xlsx"})
    assert export.status_code in (200, 302)
    own = browser_of("school").get(reverse("school-age"), {"on_register": "True"}).content.decode()
    assert "演示未入学" not in own
    assert (rolled[0].person_name or "") in own
    assert browser_of("teacher").get(reverse("school-age")).status_code == 403


@pytest.fixture
def cared(cast: Cast) -> list[Case]:
    """Four children of a school in the care ledger."""
    know_holidays()
    return [
        actions.open_case(
            county_code=COUNTY, ledger="left_behind", subject_key=pupil(cast["school"].school_code, skip=number).key, text="演示", by=cast["school"],
            at=at(TODAY), today=TODAY,
        )
        for number in range(4)
    ]  # fmt: skip


def test_a_proposal_is_nothing_until_a_person_accepts_it(cared: list[Case], cast: Cast) -> None:
    school = cast["school"].school_code
    proposed = pairing.school_of(COUNTY, school, "care", today=TODAY)
    assert len(proposed.proposal.pairs) == 4
    loads = proposed.proposal.loads.values()
    assert max(loads) - min(loads) <= 1
    assert not Pairing.objects.exists()
    first = proposed.proposal.pairs[0].pupil
    other = next(key for key in proposed.tutors if key != proposed.proposal.pairs[0].tutor)
    given = {"county_code": COUNTY, "school_code": school, "kind": "care", "at": at(TODAY), "today": TODAY}
    with pytest.raises(Refused, match="有变化"):
        pairing.accept(mark="other", by=cast["school"], **given)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="不能"):
        pairing.accept(mark=proposed.mark, by=cast["teacher"], **given)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="不是本校专任教师"):
        pairing.accept(mark=proposed.mark, chosen={first: "nobody"}, by=cast["school"], **given)  # type: ignore[arg-type]
    assert pairing.accept(mark=proposed.mark, chosen={first: other}, by=cast["school"], **given) == 4  # type: ignore[arg-type]
    assert Pairing.objects.get(student_key=first).chosen
    # What stands is kept, and accepting again makes nothing new.
    again = pairing.school_of(COUNTY, school, "care", today=TODAY)
    assert {pair.why for pair in again.proposal.pairs} == {"kept"}
    assert pairing.accept(mark=again.mark, by=cast["school"], **given) == 0  # type: ignore[arg-type]
    covered = pairing.coverage(COUNTY, "care")[school]
    assert (covered.children, covered.paired, covered.share) == (4, 4, 1.0)
    one = Pairing.objects.get(student_key=first)
    with pytest.raises(Refused, match="为什么解除"):
        pairing.end(pk=one.pk, reason=" ", by=cast["school"], at=at(TODAY), today=TODAY)
    pairing.end(pk=one.pk, reason="教师调离", by=cast["school"], at=at(TODAY), today=TODAY)
    assert pairing.coverage(COUNTY, "care")[school].paired == 3


def test_pages_of_tutors(cared: list[Case], cast: Cast, browser_of: BrowserOf) -> None:
    school = cast["school"].school_code
    assert browser_of("office").get(reverse("tutors")).status_code == 200
    client = browser_of("school")
    page = client.get(reverse("tutors-school", args=[school])).content.decode()
    assert cared[0].label in page
    mark = pairing.school_of(COUNTY, school, "care", today=localdate()).mark
    answer = client.post(reverse("tutors-accept", args=[school]), {"kind": "care", "mark": mark}, follow=True)
    assert "已采用方案" in answer.content.decode()
    # The child's own page names the tutor.
    child = Student.objects.filter(key=cared[0].subject_key).latest("pk")
    tutor = Pairing.objects.get(student_key=child.key, until=None)
    told = client.get(reverse("student", args=[child.pk])).content.decode()
    assert "结对教师" in told
    assert tutor.teacher_name in told
    assert client.get(reverse("tutors-school", args=[school]), {"format": "xlsx"}).status_code == 200
    assert client.get(reverse("tutors-school", args=["9999999999"])).status_code == 404


def test_reports_come_out_once_with_their_deadline(cared: list[Case], cast: Cast) -> None:
    assert (
        filings.make_due(county_code=COUNTY, at=at(TODAY), today=TODAY) == 0
    )  # nothing of the dropout ledgers yet
    child = pupil(cast["school"].school_code)
    actions.open_case(county_code=COUNTY, ledger="suspected", subject_key=child.key, text="演示", by=cast["office"], at=at(TODAY), today=TODAY)  # fmt: skip
    later = date(2026, 4, 2)
    made = filings.make_due(county_code=COUNTY, at=at(later), today=later)
    assert made > 1
    assert filings.make_due(county_code=COUNTY, at=at(later), today=later) == 0
    own = Filing.objects.get(kind="monthly", school_code=cast["school"].school_code)
    assert (own.since, own.until, own.due) == (date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 5))
    assert own.figures["suspected"]["opened"] == 1
    county = Filing.objects.get(kind="quarterly")
    assert (county.words, county.figures["suspected"]["after"]) == ("2026年第1季度", 1)
    with pytest.raises(Refused, match="不属于您的单位"):
        filings.send(pk=county.pk, text="", by=cast["township"], at=at(later), today=later)
    with pytest.raises(Refused, match="逾期的原因"):
        filings.send(pk=own.pk, text="", by=cast["school"], at=at(later), today=date(2026, 4, 6))
    filings.send(pk=own.pk, text="", by=cast["school"], at=at(later), today=later)
    with pytest.raises(Refused, match="已经上报"):
        filings.send(pk=own.pk, text="", by=cast["school"], at=at(later), today=later)
    filings.give_back(pk=own.pk, reason="人数不符", by=cast["office"], at=at(later))
    own.refresh_from_db()
    assert own.state == "returned"
    assert filings.owed(cast["school"], COUNTY).get() == own


def test_pages_of_reports(cast: Cast, browser_of: BrowserOf) -> None:
    know_holidays()
    child = pupil(cast["school"].school_code)
    day = localdate() - timedelta(days=40)
    actions.open_case(county_code=COUNTY, ledger="suspected", subject_key=child.key, text="演示", by=cast["office"], at=at(day), today=day)  # fmt: skip
    filings.make_due(county_code=COUNTY, at=at(localdate()), today=localdate())
    one = Filing.objects.filter(school_code=cast["school"].school_code).latest("since")
    client = browser_of("school")
    assert one.words in client.get(reverse("filings")).content.decode()
    # What is owed stands on the school's desk with its day, and on nobody's who could not send it.
    for desk in ("home", "my-cases"):
        assert (one.words if desk == "my-cases" else "份控辍保学报告") in client.get(
            reverse(desk)
        ).content.decode()
    assert "份控辍保学报告" not in browser_of("township").get(reverse("home")).content.decode()
    assert client.get(reverse("filing", args=[one.pk])).status_code == 200
    answer = client.post(
        reverse("filing-change", args=[one.pk, "send"]), {"text": "演示：已核对"}, follow=True
    )
    assert "已上报" in answer.content.decode()
    assert client.get(reverse("filing", args=[one.pk]), {"format": "docx"}).status_code == 200
    other = Filing.objects.exclude(school_code=cast["school"].school_code).first()
    if other is not None:
        assert client.get(reverse("filing", args=[other.pk])).status_code == 404


def test_periods_that_ended() -> None:
    assert period_of("term", date(2026, 1, 15)).words.startswith("2025")
    begun, today = date(2025, 6, 1), date(2026, 3, 10)
    months = ended(BY_NAME["monthly"], begun=begun, today=today, back=45)
    assert [one.words for one in months] == ["2026年1月", "2026年2月"]
    assert ended(BY_NAME["yearly"], begun=begun, today=today, back=200) == []
    # However far back is asked for, no period is made of before there were ledgers.
    assert len(ended(BY_NAME["monthly"], begun=begun, today=today, back=5000)) == 9


def test_how_far_back_reports_are_made_up_for_is_a_setting(cast: Cast) -> None:
    know_holidays()
    today = date(2026, 8, 20)
    actions.open_case(county_code=COUNTY, ledger="suspected", subject_key=pupil(cast["school"].school_code).key, text="演示", by=cast["office"], at=at(TODAY), today=TODAY)  # fmt: skip
    assert packs.ledger(COUNTY, "dropout").setting("monthly_back").assumed

    def months() -> set[date]:
        filings.make_due(county_code=COUNTY, at=at(today), today=today)
        return set(Filing.objects.filter(kind="monthly").values_list("since", flat=True))

    assert months() == {date(2026, 7, 1)}
    draft = pack_actions.set_setting(county_code=COUNTY, code="dropout", name="monthly_back", value=90, reason="局务会议定", by=cast["office"], at=at(today))  # fmt: skip
    pack_actions.check(pk=draft.pk, by=cast["leader"], at=at(today))
    assert months() == {date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)}


def test_the_lines_of_duty_have_owners_by_rule(cast: Cast) -> None:
    know_holidays()
    child = pupil(cast["school"].school_code)
    case = actions.open_case(county_code=COUNTY, ledger="dropout", subject_key=child.key, text="演示", by=cast["office"], at=at(TODAY), today=TODAY)  # fmt: skip
    assert duty_lines.fill(county_code=COUNTY, today=TODAY) >= 1
    assert duty_lines.fill(county_code=COUNTY, today=TODAY) == 0
    held = dict(Holding.objects.filter(of=case, until=None).exclude(line="").values_list("line", "user"))
    assert held["school"] == cast["school"].pk
    assert "village" not in held


def test_hours_taught_at_home_are_counted_from_the_records(cast: Cast) -> None:
    know_holidays()
    child = pupil(cast["school"].school_code)
    case = actions.open_case(county_code=COUNTY, ledger="left_behind", subject_key=child.key, text="演示", by=cast["school"], at=at(TODAY), today=TODAY)  # fmt: skip
    fields = {
        "by_state": "是",
        "by_statistics": "否",
        "categories": "留守",
        "carer": "演示：祖母",
        "relation": "祖父母",
    }
    move(case, "begin", cast["school"], TODAY, **fields)
    for calls in ("2", "3", "-1"):
        move(case, "contact", cast["school"], TODAY, way="亲情通话", calls_now=calls)
    got = Case.objects.get(pk=case.pk).fields
    assert (got["calls"], got["contacts"]) == ("4", "3")
    assert Case.objects.get(pk=case.pk).due == TODAY + timedelta(days=30)
    with pytest.raises(Refused, match="由系统算出"):
        actions.change_fields(
            case_id=case.pk, fields={"calls": "99"}, by=cast["school"], at=at(TODAY), today=TODAY
        )


def test_a_score_its_grade_and_a_veto(cast: Cast) -> None:
    know_holidays()
    school = cast["school"]
    case = actions.open_case(county_code=COUNTY, ledger="safety_review", subject_key=school.school_code, text="演示", by=school, at=at(TODAY), today=TODAY)  # fmt: skip
    full = {
        "duty": 10,
        "plans": 9,
        "building": 14,
        "fire": 15,
        "food": 14,
        "guard": 15,
        "teach": 9,
        "around": 9,
    }
    with pytest.raises(Refused, match="超过最大值（满分）10"):
        move(case, "score", school, TODAY, **(full | {"duty": 11}))
    move(case, "score", school, TODAY, **full)
    got = Case.objects.get(pk=case.pk).fields
    assert (got["total"], got["grade"]) == ("95", "优秀")
    move(case, "report", school, TODAY, files=[PDF], deaths="否", major="是", hidden="否")
    assert Case.objects.get(pk=case.pk).fields["grade"] == "不合格（一票否决）"
