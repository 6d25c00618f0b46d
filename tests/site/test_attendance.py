"""考勤: roll calls that are corrected, refused, imported; homerooms handed over; what others read from them."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from openpyxl import load_workbook

from bureau.attendance import (
    actions,
    homeroom_actions,
    homeroom_sheet,
    queries,
    rules,
    setting_actions,
    sheet,
)
from bureau.attendance.models import Absence, ClassDay, Homeroom
from bureau.attendance.shapes import ClassRef, Named, RollCall
from bureau.log.models import Entry
from bureau.people.models import User
from bureau.people.rules import Refused
from site_rows import COUNTY

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY, SATURDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 7)
TODAY = date(2026, 3, 6)
AT = datetime(2026, 3, 6, 2, 0, tzinfo=UTC)


@pytest.fixture
def ref(county: str) -> ClassRef:
    """A class of the small school with three pupils and more."""
    rolls = queries.rolls(COUNTY, TODAY, school_code="2164990001")
    return max(rolls, key=lambda one: rolls[one])


def enter(ref: ClassRef, by: User, day: date = TODAY, *named: Named, **more: object) -> ClassDay:
    given: dict[str, object] = {"absences": named, "by": by, "at": AT, "today": TODAY}
    return actions.enter(ref=ref, day=day, **(given | more))  # type: ignore[arg-type]


def pupils(ref: ClassRef) -> list[str]:
    return list(queries.roll(ref, TODAY))


def test_a_correction_keeps_what_stood_before(ref: ClassRef, cast: dict[str, User]) -> None:
    a, b, *_rest = pupils(ref)
    first = enter(ref, cast["school"], TODAY, Named(a, "sick", "day", "发烧"), Named(b, "late"))
    assert (first.roll, first.away_halves, first.absent, first.late) == (len(pupils(ref)), 2, 1, 1)
    same = enter(ref, cast["school"], TODAY, Named(b, "late"), Named(a, "sick", "day", "发烧"))
    assert same.pk == first.pk
    with pytest.raises(Refused, match="写明原因"):
        enter(ref, cast["school"], TODAY, Named(a, "sick", "am"))
    second = enter(ref, cast["school"], TODAY, Named(a, "sick", "am"), reason="下午返校")
    assert [one.pk for one in queries.versions(ref, TODAY)] == [second.pk, first.pk]
    rows = list(queries.absences(COUNTY, TODAY, TODAY))
    assert [(one.student_key, one.kind, one.halves) for one in rows] == [(a, "sick", 1)]
    assert Absence.objects.filter(of=first).count() == 2
    assert Entry.objects.filter(verb="attend").count() == 2


def test_two_at_the_same_time_do_not_overwrite_each_other(ref: ClassRef, cast: dict[str, User]) -> None:
    a, b, *_rest = pupils(ref)
    enter(ref, cast["school"], TODAY, Named(a, "sick"), expected=None)
    with pytest.raises(Refused, match="刚刚登记过"):
        enter(ref, cast["office"], TODAY, Named(b, "sick"), expected=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClassDay.objects.create(**ref._asdict(), day=TODAY, roll=1, source="desk", by=cast["school"], at=AT)


def test_who_and_when(ref: ClassRef, cast: dict[str, User]) -> None:
    with pytest.raises(Refused, match="不是这个班的班主任"):
        enter(ref, cast["teacher"])
    homeroom_actions.appoint(ref=ref, user=cast["teacher"], since=MONDAY, by=cast["school"], at=AT)
    enter(ref, cast["teacher"])
    with pytest.raises(Refused, match="不是上学日"):
        enter(ref, cast["school"], date(2026, 3, 1))
    with pytest.raises(Refused, match="还没有到"):
        enter(ref, cast["school"], SATURDAY)
    with pytest.raises(Refused, match="不能登记考勤"):
        enter(ref, cast["township"])
    other = next(one for one in queries.rolls(COUNTY, TODAY) if one.school_code != ref.school_code)
    with pytest.raises(Refused, match="不在您的辖区"):
        enter(other, cast["school"])
    with pytest.raises(Refused, match="没有在读学生"):
        enter(ref._replace(class_number=77), cast["school"])
    with pytest.raises(Refused, match="不在这个班"):
        enter(ref, cast["school"], MONDAY, Named("nobody", "sick"))


def test_many_are_all_or_none_and_say_every_problem(ref: ClassRef, cast: dict[str, User]) -> None:
    a = pupils(ref)[0]
    calls = [RollCall(ref, MONDAY), RollCall(ref, SATURDAY), RollCall(ref, TUESDAY, (Named("x", "sick"),))]
    with pytest.raises(Refused) as refusal:
        actions.enter_many(county_code=COUNTY, calls=calls, by=cast["school"], at=AT, today=date(2026, 3, 9))
    assert "2026-03-07" in str(refusal.value)
    assert "2026-03-03" in str(refusal.value)
    assert not ClassDay.objects.exists()
    good = [RollCall(ref, MONDAY), RollCall(ref, TUESDAY, (Named(a, "sick"),))]
    kept = {"county_code": COUNTY, "by": cast["school"], "at": AT, "today": TODAY}
    assert actions.enter_many(calls=good, **kept) == (2, 0)  # type: ignore[arg-type]
    assert actions.enter_many(calls=good, **kept) == (0, 0)  # type: ignore[arg-type]
    changed = [RollCall(ref, MONDAY), RollCall(ref, TUESDAY, (Named(a, "personal"),))]
    assert actions.enter_many(calls=changed, **kept) == (0, 1)  # type: ignore[arg-type]
    assert [one.kind for one in queries.absences(COUNTY, MONDAY, TUESDAY)] == ["personal"]


def test_what_other_rooms_read(ref: ClassRef, cast: dict[str, User]) -> None:
    a, b, c, *_rest = pupils(ref)
    size = len(pupils(ref))
    enter(ref, cast["office"], MONDAY, Named(a, "unexcused"), Named(b, "sick", "am"))
    enter(ref, cast["office"], TUESDAY, Named(a, "unexcused"), Named(c, "official"))
    # Nobody called the roll on Wednesday and Thursday.
    enter(ref, cast["office"], TODAY, Named(a, "personal"), Named(b, "late"))
    month = queries.pupil_days(COUNTY, MONDAY, TODAY)[0]
    assert (month.school_days, month.entered_days, month.missing_days) == (5, 3, 2)
    assert month.roll_days == 3 * size
    assert month.present_days == 3 * size - 3 - 1 - month.present_days.__class__("0.5")
    (streak,) = queries.streaks(COUNTY, TODAY, at_least=2)
    assert (streak.student_key, streak.days, streak.unexcused, streak.unknown) == (a, 3, 2, 2)
    assert streak.since == MONDAY
    assert queries.seen_since(COUNTY, [a, b, c], MONDAY, on=TODAY) == {b: TUESDAY, c: TODAY}
    own = queries.child(COUNTY, a, MONDAY, TODAY)
    assert (own.entered_days, own.absent_halves, own.rate) == (3, 6, 0.0)
    assert own.streak
    assert own.streak.days == 3
    tables = queries.tables(COUNTY, MONDAY, TODAY)
    assert len(tables["absences"]["student_key"]) == 6
    assert tables["streaks"]["days"] == [3]
    assert {len(column) for column in tables["class_days"].values()} == {3}


def test_homerooms_are_handed_over_with_history(ref: ClassRef, cast: dict[str, User]) -> None:
    homeroom_actions.appoint(
        ref=ref, user=None, teacher_name="演示前任", since=MONDAY, by=cast["school"], at=AT
    )
    homeroom_actions.appoint(
        ref=ref, user=cast["teacher"], since=TUESDAY, by=cast["office"], at=AT, reason="调动"
    )
    assert queries.classes_of(cast["teacher"], MONDAY) == []
    assert queries.classes_of(cast["teacher"], TUESDAY) == [ref]
    held = queries.homeroom_of(ref, MONDAY)
    assert held
    assert (held.teacher_name, held.until) == ("演示前任", TUESDAY)
    with pytest.raises(Refused, match="不能更早"):
        homeroom_actions.appoint(
            ref=ref, user=None, teacher_name="某人", since=MONDAY, by=cast["school"], at=AT
        )
    with pytest.raises(Refused, match="写明原因"):
        homeroom_actions.end_homeroom(ref=ref, until=TODAY, by=cast["school"], at=AT, reason=" ")
    homeroom_actions.end_homeroom(ref=ref, until=TODAY, by=cast["school"], at=AT, reason="毕业")
    assert queries.homeroom_of(ref, TODAY) is None
    assert Homeroom.objects.count() == 2


def rolls_of(ref: ClassRef) -> list[sheet.Roll]:
    return [sheet.Roll(ref, [(key, name, "") for key, name in queries.roll(ref, TODAY).items()])]


def test_the_sheet_comes_back_as_it_went_out(ref: ClassRef) -> None:
    a = pupils(ref)[0]
    standing = {(ref, MONDAY): RollCall(ref, MONDAY, (Named(a, "sick", "pm", "=1+1"),))}
    content = sheet.workbook(rolls_of(ref), [MONDAY, TUESDAY], standing)
    found = sheet.read(content, rolls_of(ref))
    assert found.problems == []
    assert found.calls == list(standing.values())


def test_every_problem_of_a_sheet_names_its_cell(ref: ClassRef) -> None:
    rolls = rolls_of(ref)
    name = rolls[0].pupils[0][1]
    book = load_workbook(BytesIO(sheet.workbook(rolls, [MONDAY], {})))
    book["点名"]["E2"] = "有"
    away = book["缺勤"]
    grade = book["点名"]["B2"].value
    for row in (
        ["三月二日", grade, ref.class_number, name, None, "病假"],
        [MONDAY, "七年级级", "二", name, None, "感冒"],
        [MONDAY, grade, 99, name, None, "病假"],
        [MONDAY, grade, ref.class_number, f"{name}某", None, "病假", "晚上"],
        [MONDAY, grade, ref.class_number, name, None, "事假", None, "长" * 101],
        [MONDAY, grade, ref.class_number, name, None, None],
    ):
        away.append(row)
    out = BytesIO()
    book.save(out)
    problems = sheet.read(out.getvalue(), rolls).problems
    for words in (
        "工作表“点名”第2行“已点名”：“有”", "第2行“日期”：“三月二日”", "第3行“年级”：“七年级级”", "第3行“班号”：“二”",
        "第3行“类别”：“感冒”", "第4行“班号”", f"第5行“姓名”：“{name}某”", f"是否“{name}”", "第5行“时段”：“晚上”",
        "第6行“事由”：有 101 个字", "第7行“类别”：没有填写", "第7行“姓名”：与第6行",
    ):  # fmt: skip
        assert any(words in one for one in problems), (words, problems)
    assert sheet.read(b"not a workbook", rolls).problems
    assert "没有填任何一次点名" in sheet.read(sheet.workbook(rolls, [MONDAY], {}), rolls).problems[0]


def test_homerooms_by_sheet(ref: ClassRef, cast: dict[str, User]) -> None:
    content = homeroom_sheet.workbook([ref], {ref.school_code: "演示学校"}, {})
    book = load_workbook(BytesIO(content))
    page = book["班主任"]
    page["E2"], page["G2"] = "teacher", "2026-03-02"
    page.append([ref.school_code, "", page["C2"].value, 77, "nobody", "", "2026年3月2日"])
    page.append([ref.school_code, "", "九十年级", "x", "", "某人", "昨天"])
    out = BytesIO()
    book.save(out)
    rows, problems = homeroom_sheet.read(out.getvalue(), COUNTY)
    assert len(problems) == 3
    found, more = homeroom_sheet.settle(rows, [ref])
    assert len(more) == 1
    assert found == [(ref, cast["teacher"], "", MONDAY)]
    assert homeroom_actions.appoint_many(rows=found, by=cast["school"], at=AT) == 1
    assert homeroom_actions.appoint_many(rows=found, by=cast["school"], at=AT) == 0


def test_typed_terms_take_the_place_of_assumed_ones(ref: ClassRef, cast: dict[str, User]) -> None:
    known = queries.school_calendar(COUNTY)
    assert known.is_school_day(MONDAY)
    given = {
        "county_code": COUNTY,
        "until": date(2026, 7, 3),
        "source": "演示校历",
        "by": cast["office"],
        "at": AT,
    }
    setting_actions.set_term(name="2026春", since=date(2026, 3, 4), **given)  # type: ignore[arg-type]
    assert not queries.school_calendar(COUNTY).is_school_day(MONDAY)
    with pytest.raises(Refused, match="重叠"):
        setting_actions.set_term(name="2025春", since=date(2026, 3, 1), **given)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="不超过学校"):
        setting_actions.set_limits(
            county_code=COUNTY, teacher_days=9, school_days=3, by=cast["office"], at=AT
        )


# --- pages ---------------------------------------------------------------------------------------------------------


def test_the_pages_of_a_day(
    ref: ClassRef, cast: dict[str, User], browser_of: Callable[[str], Client]
) -> None:
    a = pupils(ref)[0]
    enter(ref, cast["office"], MONDAY, Named(a, "unexcused", "day", "演示"))
    address = f"/attendance/{ref.school_code}/{ref.grade}/{ref.class_number}/"
    for role in ("leader", "school", "township", "auditor"):
        text = browser_of(role).get("/attendance/?day=2026-03-02").content.decode()
        assert "未登记" in text, role
        assert "Traceback" not in text
    school = browser_of("school")
    page = school.get(f"{address}?day=2026-03-02").content.decode()
    assert queries.roll(ref, TODAY)[a] in page
    assert 'value="unexcused" data-key="3" checked' in page
    assert Entry.objects.filter(verb="view", kind="roll_call").exists()
    month = school.get(f"{address}matrix/?month=2026-03")
    assert month.status_code == 200
    book = load_workbook(BytesIO(school.get(f"{address}matrix/?month=2026-03&format=xlsx").content))
    cells = [cell.value for row in book.active.iter_rows() for cell in row]
    assert "无" in cells
    assert "未登记" in cells
    # Outside one's area and another teacher's class look like no class at all.
    other = next(one for one in queries.rolls(COUNTY, TODAY) if one.school_code != ref.school_code)
    away = f"/attendance/{other.school_code}/{other.grade}/{other.class_number}/"
    assert school.get(away).status_code == 404
    assert browser_of("teacher").get(address).status_code == 404
    assert browser_of("office").get("/attendance/not-a-school/1/1/").status_code == 404


def test_a_teacher_calls_the_roll(
    ref: ClassRef, cast: dict[str, User], browser_of: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("attendance", "attendance_class", "attendance_place", "attendance_sheet"):
        monkeypatch.setattr(f"bureau.pages.{module}.localdate", lambda: TODAY)
    homeroom_actions.appoint(ref=ref, user=cast["teacher"], since=MONDAY, by=cast["school"], at=AT)
    teacher = browser_of("teacher")
    mine = teacher.get("/attendance/").content.decode()
    address = f"/attendance/{ref.school_code}/{ref.grade}/{ref.class_number}/?day=2026-03-06"
    assert address in mine
    a, b, *_rest = pupils(ref)
    posted = {f"kind-{a}": "sick", f"part-{a}": "am", f"reason-{a}": "发烧", f"kind-{b}": "", "expected": ""}
    answer = teacher.post(address, posted, headers={"user-agent": "Mobile"})
    assert answer.status_code == 302
    saved = queries.entry(ref, TODAY)
    assert saved
    assert (saved.source, saved.away_halves, saved.by) == ("phone", 1, cast["teacher"])
    # What was typed stays on the page when it is refused.
    again = teacher.post(address, {f"kind-{b}": "unexcused", "expected": str(saved.pk)})
    assert again.status_code == 422
    text = again.content.decode()
    assert "更正请写明原因" in text
    assert 'value="unexcused" data-key="3" checked' in text
    stale = teacher.post(address, {f"kind-{b}": "unexcused", "expected": "", "reason": "更正"})
    assert "刚刚登记过" in stale.content.decode()


def test_the_sheet_by_upload(
    ref: ClassRef, cast: dict[str, User], browser_of: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bureau.pages.attendance_sheet.localdate", lambda: TODAY)
    school = browser_of("school")
    out = school.get("/attendance/sheet/?since=2026-03-02&until=2026-03-06").content
    book = load_workbook(BytesIO(out))
    grade = book["点名"]["B2"].value
    for row in book["点名"].iter_rows(min_row=2):
        row[4].value = "是"
    name = next(
        row[2].value for row in book["名单"].iter_rows(min_row=2) if (row[0].value, row[1].value) == (grade, book["点名"]["C2"].value)
    )  # fmt: skip
    book["缺勤"].append([MONDAY, grade, book["点名"]["C2"].value, name, None, "病假", None, "发烧"])
    filled = BytesIO()
    book.save(filled)
    filled.seek(0)
    filled.name = "考勤.xlsx"
    text = school.post("/attendance/upload/", {"file": filled}).content.decode()
    assert "新登记" in text
    assert not ClassDay.objects.exists()
    assert school.post("/attendance/upload/", {"apply": "1"}).status_code == 302
    classes = len(queries.rolls(COUNTY, TODAY, school_code=ref.school_code))
    assert ClassDay.objects.count() == 5 * classes
    assert Absence.objects.get().reason == "发烧"
    bad = BytesIO(b"PK nonsense")
    bad.name = "x.xlsx"
    refused = school.post("/attendance/upload/", {"file": bad})
    assert refused.status_code == 422
    assert "什么也没有保存" in refused.content.decode()


def plain_streaks(day: date) -> list[tuple[str, int, date, date, int, int]]:
    """From every roll call and absence there is: (pupil, days, since, last, unexcused, unknown)."""
    calls: dict[tuple[str, str, int], set[date]] = {}
    for row in ClassDay.objects.filter(day__lte=day, replaced_at=None):
        calls.setdefault((row.school_code, row.grade, row.class_number), set()).add(row.day)
    away: dict[tuple[str, tuple[str, str, int]], dict[date, str]] = {}
    for one in Absence.objects.filter(day__lte=day, replaced_at=None, halves=2).exclude(kind="late"):
        away.setdefault((one.student_key, (one.school_code, one.grade, one.class_number)), {})[one.day] = (
            one.kind
        )
    days, found = queries.school_calendar(COUNTY).between(day - timedelta(days=150), day), []
    for (key, of), kinds in away.items():
        told = rules.streak(days, calls[of], kinds)
        if told and told.last == max(calls[of]) and told.days >= 3:
            found.append((key, told.days, told.since, told.last, told.unexcused, told.unknown))
    return found


@pytest.mark.parametrize("seed", range(3))
def test_a_days_streaks_from_those_before_it_are_those_read_anew(
    cast: dict[str, User], county: str, seed: int
) -> None:
    chance = random.Random(seed)
    rolls = queries.rolls(COUNTY, TODAY, school_code="2164990001")
    refs = sorted(rolls, key=lambda one: -rolls[one])[:2]
    kinds = ("sick", "unexcused", "unexcused", "unexcused", "unexcused", "late")
    first, found = MONDAY - timedelta(days=14), 0
    for number in range(19):
        day = first + timedelta(days=number)
        if not queries.school_calendar(COUNTY).is_school_day(day):
            continue
        for ref in refs:
            # Now and then a class does not call the roll, one stops for good, and most of those away stay away.
            if chance.random() < 0.8 and (ref == refs[0] or number < 9):
                named = [
                    Named(key, chance.choice(kinds)) for key in pupils(ref)[:6] if chance.random() < 0.95
                ]
                actions.enter(ref=ref, day=day, absences=named, by=cast["office"], at=AT, today=TODAY)
        before = queries.streaks(COUNTY, day - timedelta(days=1), at_least=2)
        told = queries.streaks_with(COUNTY, day, before, at_least=3)
        anew = queries.streaks(COUNTY, day, at_least=3)
        assert sorted(told, key=repr) == sorted(anew, key=repr)
        assert {
            (one.student_key, one.days, one.since, one.last, one.unexcused, one.unknown) for one in anew
        } == set(plain_streaks(day))
        found += len(anew)
    assert found


def test_homerooms_streaks_and_settings_open(
    ref: ClassRef, cast: dict[str, User], browser_of: Callable[[str], Client]
) -> None:
    a = pupils(ref)[0]
    for day in (MONDAY, TUESDAY, date(2026, 3, 4)):
        enter(ref, cast["office"], day, Named(a, "unexcused"))
    office = browser_of("office")
    assert queries.roll(ref, TODAY)[a] in office.get("/attendance/streaks/?day=2026-03-04").content.decode()
    assert browser_of("school").get("/attendance/homerooms/").status_code == 200
    page = f"/attendance/homerooms/{ref.school_code}/{ref.grade}/{ref.class_number}/"
    assert office.post(page, {"name": "演示班主任", "since": "2026-03-02"}).status_code == 302
    assert "演示班主任" in office.get(page).content.decode()
    refused = office.post(page, {"name": "某人", "since": "昨天"})
    assert "不是日期" in refused.content.decode()
    answer = office.post("/attendance/terms/", {"name": "2026春", "since": "2026-03-02", "until": "2026-07-03", "source": "演示"})  # fmt: skip
    assert answer.status_code == 302
    assert "演示" in office.get("/attendance/terms/").content.decode()
    assert browser_of("school").post("/attendance/terms/", {"name": "2026春"}).status_code == 422
