"""Registers as versions: commit whole, read as of a day, undo whole, compare three ways."""

from datetime import date
from typing import Any

import pytest
from django.db import connection

from bureau.people.models import User
from bureau.registry import actions, apply, asking, bulk, commit_actions, moving, queries
from bureau.registry.import_models import Import, ImportChange
from bureau.registry.models import School
from site_rows import COUNTY, NOW, TODAY, csv_of

pytestmark = pytest.mark.django_db

FIRST, SECOND = date(2030, 9, 1), date(2031, 9, 1)
TOWNSHIP = "豫海镇"


def school(code: str, name: str, **more: str) -> dict[str, str]:
    return {
        "学校标识码": code,
        "学校名称": name,
        "办学类型": "小学",
        "举办者类型": "县级教育部门",
        "城乡类型": "镇中心区",
        "乡镇": TOWNSHIP,
    } | more


A, B = "2164980001", "2164980002"


@pytest.fixture
def office(county: str) -> User:
    return User.objects.get(username="office")


def bring(by: User, rows: list[dict[str, str]], day: date, *, complete: bool = False, **more: Any) -> Import:
    of = actions.receive(
        by=by, files=[("学校.csv", csv_of(rows))], day=day, county_code=COUNTY, complete=complete, at=NOW
    )
    return actions.stage(of=of, today=TODAY, progress=lambda share: None)


def commit(of: Import, by: User) -> Import:
    return commit_actions.commit(of=of, by=by, at=NOW, accept_low_match=True, accept_rejected=True)


def names(day: date) -> dict[str, str | None]:
    rows = queries.rows_on("schools", day, COUNTY).filter(school_code__in=(A, B))
    return dict(rows.values_list("school_code", "school_name"))


def everything() -> list[tuple[Any, ...]]:
    return sorted(
        School.objects.values_list("key", "valid_from", "valid_to", "school_name", "replaced_by"), key=str
    )


def test_a_new_day_ends_the_open_version_and_both_days_stay_readable(office: User) -> None:
    commit(bring(office, [school(A, "甲校"), school(B, "乙校")], FIRST), office)
    of = bring(office, [school(A, "甲校新名")], SECOND)
    assert of.counts["schools"]["changed"] == 1
    commit(of, office)
    assert names(FIRST) == {A: "甲校", B: "乙校"}
    assert names(SECOND) == {A: "甲校新名", B: "乙校"}


def test_the_same_file_again_changes_nothing(office: User) -> None:
    commit(bring(office, [school(A, "甲校")], FIRST), office)
    again = bring(office, [school(A, "甲校")], FIRST)
    assert again.counts["schools"]["unchanged"] == 1
    assert "完全一致" in (commit_actions.why_not_commit(again) or "")


@pytest.mark.parametrize("day", [date(2029, 9, 1), FIRST, date(2030, 12, 1), SECOND, date(2032, 1, 1)])
def test_undo_restores_the_register_exactly(office: User, day: date) -> None:
    commit(bring(office, [school(A, "甲校"), school(B, "乙校")], FIRST), office)
    commit(bring(office, [school(A, "甲校二")], SECOND), office)
    before = everything()
    of = commit(bring(office, [school(A, "甲校三"), school("2164980003", "丙校")], day), office)
    assert everything() != before
    commit_actions.undo(of=of, by=office, reason="选错了日期", at=NOW)
    assert everything() == before


def test_a_back_dated_correction_holds_until_the_next_version(office: User) -> None:
    commit(bring(office, [school(A, "甲校")], FIRST), office)
    commit(bring(office, [school(A, "甲校二")], SECOND), office)
    between = date(2030, 12, 1)
    commit(bring(office, [school(A, "甲校间")], between), office)
    assert [names(day)[A] for day in (FIRST, between, SECOND)] == ["甲校", "甲校间", "甲校二"]


def test_undo_is_refused_while_a_later_import_depends_on_it(office: User) -> None:
    first = commit(bring(office, [school(A, "甲校")], FIRST), office)
    commit(bring(office, [school(A, "甲校二")], SECOND), office)
    with pytest.raises(moving.RefusedError, match="须先撤销"):
        commit_actions.undo(of=first, by=office, reason="试一试", at=NOW)


def test_a_complete_list_ends_what_it_lacks_and_a_partial_one_does_not(office: User) -> None:
    everyone = [
        {"学校标识码": code}
        for code in queries.rows_on("schools", FIRST, COUNTY).values_list("school_code", flat=True)
    ]
    assert everyone
    commit(bring(office, [school(A, "甲校"), school(B, "乙校")], FIRST), office)
    assert B in names(FIRST)
    of = bring(office, [school(A, "甲校")], SECOND, complete=True)
    assert of.counts["schools"]["missing"] == len(everyone) + 1
    commit(of, office)
    assert names(SECOND) == {A: "甲校"}
    assert names(FIRST) == {A: "甲校", B: "乙校"}


def test_a_downloaded_row_is_compared_with_what_its_clerk_saw(office: User) -> None:
    commit(bring(office, [school(A, "甲校", 地址="一号")], FIRST), office)
    seen = School.objects.get(key=A, valid_to=None, replaced_by=None).pk
    commit(bring(office, [school(A, "甲校", 地址="二号")], FIRST), office)
    mine = school(A, "甲校改", 地址="一号", 行标识=str(seen))
    of = bring(office, [mine], FIRST)
    assert of.counts["schools"]["changed"] == 1
    commit(of, office)
    now = School.objects.get(key=A, valid_to=None, replaced_by=None)
    assert (now.school_name, now.address) == ("甲校改", "二号")


def test_two_clerks_changing_one_cell_is_a_conflict_that_someone_settles(office: User) -> None:
    commit(bring(office, [school(A, "甲校")], FIRST), office)
    seen = School.objects.get(key=A, valid_to=None, replaced_by=None).pk
    commit(bring(office, [school(A, "甲校（她改的）")], FIRST), office)
    of = bring(office, [school(A, "甲校（我改的）", 行标识=str(seen))], FIRST)
    change = ImportChange.objects.get(of=of)
    assert change.kind == "conflict"
    assert change.fields == [["学校名称", "甲校", "甲校（我改的）", "甲校（她改的）"]]
    actions.settle(of=of, change=change, keep_mine=True)
    commit(of, office)
    assert names(FIRST)[A] == "甲校（我改的）"


def test_the_second_of_two_commits_sees_what_changed(office: User) -> None:
    one = bring(office, [school(A, "甲校")], FIRST)
    other = bring(office, [school(A, "甲校另名")], FIRST)
    commit(one, office)
    with pytest.raises(moving.RefusedError, match="重新比对"):
        commit(other, office)
    other.refresh_from_db()
    asking.ask_compare(of=other)
    again = actions.compare_again(of=other, progress=lambda share: None)
    assert again.counts["schools"]["changed"] == 1
    commit(again, office)
    assert names(FIRST)[A] == "甲校另名"


def test_rows_with_errors_are_left_out_only_when_asked(office: User) -> None:
    of = bring(office, [school(A, "甲校"), school("12", "标识码太短")], FIRST)
    assert of.counts["schools"]["rejected"] == 1
    with pytest.raises(moving.RefusedError, match="错误"):
        commit_actions.commit(of=of, by=office, at=NOW, accept_low_match=True)
    commit(of, office)
    assert names(FIRST) == {A: "甲校"}


def test_a_low_match_stops_and_asks(office: User) -> None:
    of = bring(office, [school(A, "甲校"), school(B, "乙校")], FIRST)
    assert of.match_share == 0
    with pytest.raises(moving.RefusedError, match="选错了文件"):
        commit_actions.commit(of=of, by=office, at=NOW)


def test_an_unknown_township_is_an_error_with_a_hint(office: User) -> None:
    of = bring(office, [school(A, "甲校", 乡镇="豫海")], FIRST)
    problem = of.problems.get(column="乡镇")
    assert problem.severity == "error"
    assert "豫海镇" in problem.message


def test_a_school_sends_in_only_its_own_rows(office: User, county: str) -> None:
    own = User.objects.get(username="school")
    of = bring(own, [school(A, "别的学校")], FIRST)
    assert of.counts["schools"]["rejected"] == 1
    assert "只能导入本校" in of.problems.filter(severity="error").first().message  # type: ignore[union-attr]


def test_an_inspector_may_not_import(county: str) -> None:
    of = bring(User.objects.get(username="inspector"), [school(A, "甲校")], FIRST)
    assert of.state == "refused"
    assert "只能查看" in of.note


def test_a_killed_reading_starts_again_and_a_killed_commit_is_in_review(office: User) -> None:
    of = bring(office, [school(A, "甲校")], FIRST)
    Import.objects.filter(pk=of.pk).update(state="committing")
    moving.recover()
    of.refresh_from_db()
    assert of.state == "in_review"
    commit(of, office)
    assert names(FIRST) == {A: "甲校"}


def test_a_cancelled_import_keeps_nothing(office: User) -> None:
    from bureau.registry.staged_file import folder

    of = bring(office, [school(A, "甲校")], FIRST)
    assert folder(of.pk).exists()
    actions.cancel(of=of, by=office, at=NOW)
    assert not folder(of.pk).exists()
    assert not ImportChange.objects.filter(of=of).exists()


def test_identifiers_are_sealed_in_the_database_and_found_by_hash(office: User) -> None:
    from bureau.people.secret import lookup, unseal
    from bureau.registry.models import Student

    student = Student.objects.filter(id_number__isnull=False, replaced_by=None).first()
    assert student is not None
    number = unseal(student.id_number)
    assert len(number) == 18
    assert number.encode() not in bytes(student.id_number)
    assert Student.objects.filter(id_number_lookup=lookup(number)).exists()
    assert student.key == lookup(unseal(student.enrolment_number))


def test_others_wait_only_while_prepared_rows_are_moved_over(
    office: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What can be done before the transaction is done before it: the depth of transactions says where we are."""
    depths: dict[str, int] = {}
    prepare, write = apply.prepare, bulk.Waiting.write

    def preparing(*args: Any, **more: Any) -> apply.Prepared:
        depths["prepare"] = len(connection.savepoint_ids)
        return prepare(*args, **more)

    def writing(rows: bulk.Waiting) -> int:
        depths["write"] = len(connection.savepoint_ids)
        return write(rows)

    monkeypatch.setattr(apply, "prepare", preparing)
    monkeypatch.setattr(bulk.Waiting, "write", writing)
    outside = len(connection.savepoint_ids)
    commit(bring(office, [school(A, "甲校")], FIRST), office)
    assert depths == {"prepare": outside, "write": outside + 1}


def test_a_refused_commit_is_in_review_again_and_leaves_no_temporary_table(
    office: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = bring(office, [school(A, "甲校")], FIRST)
    dropped: list[str] = []
    drop = bulk.Waiting.drop

    def dropping(rows: bulk.Waiting) -> None:
        drop(rows)
        dropped.append(rows.table)

    def full(rows: bulk.Waiting) -> int:
        raise OSError("No space left on device")

    monkeypatch.setattr(bulk.Waiting, "drop", dropping)
    monkeypatch.setattr(bulk.Waiting, "write", full)
    with pytest.raises(moving.RefusedError, match="磁盘空间不足"):
        commit(of, office)
    of.refresh_from_db()
    assert (of.state, len(dropped)) == ("in_review", 1)
    assert "磁盘空间不足" in of.note
    monkeypatch.undo()
    assert commit(of, office).note == ""


def test_after_a_commit_the_database_knows_how_the_rows_are_spread(office: User) -> None:
    commit(bring(office, [school(A, "演示甲小学"), school(B, "演示乙小学")], FIRST), office)
    known = {
        "sqlite": "SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'registry_school'",
        "postgresql": "SELECT count(*) FROM pg_stats WHERE tablename = 'registry_school'",
    }
    with connection.cursor() as cursor:
        cursor.execute(known[connection.vendor])
        assert cursor.fetchone()[0] > 0
    bulk.weigh()
