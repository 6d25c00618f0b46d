"""Every child of a county judged for a term: once, by the registers of origin, stored whole or not at all."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from bureau.entitlements import evaluation, evaluation_actions, lists, terms
from bureau.entitlements.evaluation_facts import Elsewhere, pupils
from bureau.entitlements.evaluation_models import Claim, EvaluatedChild, Evaluation, Profile, Sentence
from bureau.entitlements.evaluation_rules import Entry as SchoolEntry
from bureau.entitlements.evaluation_rules import own_facts
from bureau.entitlements.queries import county_book
from bureau.links.facts import Known
from bureau.log.models import Entry
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.registry.import_models import Import, RegisterVersion
from bureau.registry.models import Student
from bureau.work import aid_tasks
from junheng.aid import Child, outcomes, term_fen
from site_rows import COUNTY, NOW, TODAY

pytestmark = pytest.mark.django_db
TERM = terms.Term(2025, "秋")
Outside = Mapping[str, Mapping[str, Known]]


def judged(
    by: User | None = None,
    *,
    term: terms.Term = TERM,
    outside: Outside | None = None,
    further: tuple[Elsewhere, ...] = (),
    stop_at: float = 2,
) -> Evaluation | None:
    one = evaluation_actions.ask(county_code=COUNTY, term=term, by=by, at=NOW, today=TODAY)

    def progress(share: float) -> None:
        if share >= stop_at:
            raise evaluation.CancelledError

    return evaluation_actions.compute(
        evaluation_id=one.pk,
        at=lambda: NOW,
        today=TODAY,
        progress=progress,
        outside=lambda county, day: outside or {},
        sources=lambda county, day: [["低保", "2025-09-01", "1", ""]] if outside else [],
        further=lambda county, day: further,
    )


def test_every_child_once_and_each_line_as_the_reference_says(county: str) -> None:
    """The slow twin: each child judged alone, clause after clause."""
    one = judged()
    assert one is not None
    found = {pupil.key: pupil for pupil in pupils(county, one.register_day, {}, {})}
    assert one.children == len(found) == EvaluatedChild.objects.filter(evaluation=one).count()
    book = county_book(county)
    clauses = {clause.id: clause for clause in book.clauses}
    expected = set()
    for key, pupil in found.items():
        child = Child(pupil.stage, pupil.grade, county, pupil.facts)
        for outcome in outcomes(book, child, one.rules_day):
            clause = clauses[outcome.clause]
            rate = clause.on(one.rules_day)
            if clause.kind != "cash" or rate is None:
                continue
            if outcome.state in ("paid", "cut"):
                fen = term_fen(rate, outcome.fen, "秋")
            elif outcome.state in ("unconfirmed", "unknown"):
                fen = term_fen(rate, outcome.due, "秋")
            else:
                continue
            expected.add((key, outcome.clause, outcome.state, fen))
    rows = Claim.objects.filter(evaluation=one)
    assert expected
    assert set(rows.values_list("student_key", "clause", "state", "due_fen")) == expected
    assert rows.count() == len(expected)


def test_the_stored_counts_are_those_of_the_lines(county: str) -> None:
    one = judged()
    assert one is not None
    lines = Counter(Claim.objects.filter(evaluation=one).values_list("standing", flat=True))
    assert {name: row["lines"] for name, row in one.counts.items() if name != "all"} == dict(lines)
    assert sum(Profile.objects.filter(evaluation=one).values_list("children", flat=True)) == one.children


def test_a_term_is_judged_by_the_rules_of_its_first_day_and_no_year_without_data(
    county: str, cast: dict[str, User]
) -> None:
    one = judged(cast["office"])
    assert one is not None
    assert (one.rules_day, one.register_day) == (date(2025, 9, 1), date(2025, 9, 20))
    with pytest.raises(Refused, match="没有学籍数据"):
        judged(cast["office"], term=terms.Term(2025, "春"))
    with pytest.raises(Refused, match="不能"):
        judged(cast["school"])


def test_another_evaluation_replaces_the_first_and_leaves_its_sums(county: str) -> None:
    first, second = judged(), judged()
    assert first is not None
    assert second is not None
    first.refresh_from_db()
    assert (first.current, second.current) == (False, True)
    assert first.counts == second.counts
    for model in (Claim, EvaluatedChild, Profile, Sentence):
        assert not model._default_manager.filter(evaluation=first.pk).exists()
    assert lists.current(COUNTY, TERM.text) == second


@pytest.mark.parametrize("stop_at", [0.1, 0.4, 0.6, 0.85])
def test_one_that_is_stopped_leaves_the_one_before(county: str, stop_at: float) -> None:
    before = judged()
    assert before is not None
    lines = set(Claim.objects.values_list("pk", "standing", "due_fen"))
    assert judged(stop_at=stop_at) is None
    stopped = Evaluation.objects.order_by("-pk")[0]
    assert (stopped.state, stopped.current) == ("cancelled", False)
    assert lists.current(COUNTY, TERM.text) == before
    assert set(Claim.objects.values_list("pk", "standing", "due_fen")) == lines
    assert not EvaluatedChild.objects.filter(evaluation=stopped).exists()


def test_cancelling_is_for_the_office_and_only_while_it_waits(county: str, cast: dict[str, User]) -> None:
    one = evaluation_actions.ask(county_code=COUNTY, term=TERM, by=cast["office"], at=NOW, today=TODAY)
    with pytest.raises(Refused, match="正在判断"):
        evaluation_actions.ask(county_code=COUNTY, term=TERM, by=cast["office"], at=NOW, today=TODAY)
    with pytest.raises(Refused, match="不能"):
        evaluation_actions.cancel(of=one, by=cast["school"], at=NOW)
    evaluation_actions.cancel(of=one, by=cast["office"], at=NOW)
    with pytest.raises(Refused, match="已经结束"):
        evaluation_actions.cancel(of=one, by=cast["office"], at=NOW)
    assert aid_tasks.carry_out(one.pk) is None
    assert Entry.objects.filter(kind="aid_evaluation", key=str(one.pk)).count() == 2


def day_pupil() -> Student:
    """A day pupil of a village primary school about whom the school entered everything with no."""
    return Student.objects.filter(
        stage="小学", school_code="2164990003", attendance_way="走读", registered_household=False, minimum_living=False,
        destitute=False, disability="无", household_kind="农业户口",
    ).order_by("pk")[0]  # fmt: skip


def known(value: bool) -> Known:
    return Known(value, "低保", 1, date(2025, 9, 1), 17 if value else None, "低保表!17" if value else "", date(2025, 1, 1) if value else None, None, "二档" if value else "")  # fmt: skip


def test_the_register_of_origin_decides_and_the_schools_entry_is_kept(county: str) -> None:
    child = day_pupil()
    before = judged()
    assert before is not None
    assert not Claim.objects.filter(student_key=child.key).exists()
    one = judged(outside={child.key: {"低保": known(True)}})
    assert one is not None
    line = Claim.objects.get(evaluation=one, student_key=child.key)
    assert (line.clause, line.state, line.due_fen) == ("cn.day", "paid", 31_250)
    kept = EvaluatedChild.objects.get(evaluation=one, student_key=child.key)
    assert kept.conflicts == one.conflicts == 1
    assert kept.origins["低保"] == {
        "value": True, "source": "低保", "day": "2025-09-01", "place": "低保表!17", "detail": "二档", "since": "2025-01-01",
        "school": False,
    }  # fmt: skip


def test_who_is_not_on_the_register_is_not_paid_whatever_the_school_says(county: str) -> None:
    child = (
        Student.objects.filter(minimum_living=True, registered_household=True, stage="小学")
        .order_by("pk")[0]
    )  # fmt: skip
    one = judged(outside={child.key: {"低保": known(False), "建档立卡": known(False)}})
    assert one is not None
    assert not Claim.objects.filter(evaluation=one, student_key=child.key, state="paid").exists()
    assert EvaluatedChild.objects.get(evaluation=one, student_key=child.key).conflicts == 2


def test_who_studies_elsewhere_is_judged_with_what_is_known(county: str) -> None:
    further = (Elsewhere("away-1", "本科", 1, {"低保": True}, "演示大学"), Elsewhere("away-2", "", 0, {}, ""))
    one = judged(further=further)
    assert one is not None
    child = EvaluatedChild.objects.get(evaluation=one, student_key="away-1")
    assert (child.elsewhere, child.school_code) == ("演示大学", "")
    states = set(Claim.objects.filter(evaluation=one, student_key="away-1").values_list("clause", "state"))
    assert ("cn.university_grant", "unconfirmed") in states
    assert not EvaluatedChild.objects.filter(evaluation=one, student_key="away-2").exists()


def test_a_child_who_moves_counts_at_each_school_in_its_term(county: str) -> None:
    one = judged()
    assert one is not None
    line = Claim.objects.filter(evaluation=one, state="paid", stage="小学").exclude(school_code="2164990001")[
        0
    ]
    Student.objects.filter(key=line.student_key).update(school_code="2164990001")
    spring = judged(term=terms.Term(2026, "春"))
    assert spring is not None
    assert Claim.objects.get(pk=line.pk).school_code == line.school_code
    assert Claim.objects.get(evaluation=spring, student_key=line.student_key, clause=line.clause).school_code == "2164990001"  # fmt: skip


def test_pupils_who_left_are_counted_and_not_judged(county: str) -> None:
    child = Student.objects.order_by("pk")[0]
    Student.objects.filter(pk=child.pk).update(enrolment_status="转出")
    one = judged()
    assert one is not None
    assert one.left_out == {"转出": 1}
    assert not EvaluatedChild.objects.filter(evaluation=one, student_key=child.key).exists()


def test_every_night_only_what_has_changed(county: str) -> None:
    asked = Evaluation.objects.filter(state="queued")
    aid_tasks.nightly(today=TODAY, at=NOW)
    assert list(asked.values_list("term", flat=True)) == ["2026春"]
    aid_tasks.carry_out(asked.get().pk)
    aid_tasks.nightly(today=TODAY, at=NOW)
    assert not asked.exists()
    RegisterVersion.objects.filter(county_code=COUNTY, sheet="students").update(version=99)
    aid_tasks.nightly(today=TODAY, at=NOW)
    assert asked.count() == 1
    assert Import.objects.exists()  # the registers themselves are left alone


def test_facts_of_the_sheet_are_those_of_the_packs(county: str) -> None:
    """A fact that a pack asks for under another name would never be known."""
    names = set(county_book(county).facts)
    blank = SchoolEntry(*[None] * len(SchoolEntry._fields))
    assert set(own_facts(blank)) <= names


def test_one_whose_worker_was_cut_off_blocks_nothing_for_long(county: str, cast: dict[str, User]) -> None:
    one = evaluation_actions.ask(county_code=COUNTY, term=TERM, by=None, at=NOW, today=TODAY)
    Evaluation.objects.filter(pk=one.pk).update(state="running")
    assert evaluation_actions.give_up(at=NOW + timedelta(hours=1)) == 0
    assert evaluation_actions.give_up(at=NOW + timedelta(hours=3)) == 1
    one.refresh_from_db()
    assert (one.state, one.current) == ("failed", False)
    assert "断开" in one.note
    assert judged(cast["office"]) is not None
