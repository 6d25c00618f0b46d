"""个案页面: desk, ledgers, a case's file and its steps, new cases, bulk work, Excel, visits, reports, packs, clearances."""

from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils.timezone import localdate, now
from openpyxl import load_workbook

from bureau.cases import actions, owning, packs, reports
from bureau.cases.counting import stand
from bureau.cases.models import Bulk, Case, Event, PackVersion, SavedFilter, Stay, Sweep, Watch
from bureau.log.models import Entry
from bureau.pages import my_cases
from bureau.pages.ledger_counts import stands
from bureau.pages.ledger_list import VIEWS, cases_in, view_counts
from bureau.pages.ledger_packs import EXAMPLE
from bureau.people.models import Clearance, User
from bureau.people.queries import townships
from bureau.registry.models import Student
from bureau.registry.queries import rows_on
from junheng.detecting import TABLES
from junheng.policy.ledgers import parse, shipped
from site_rows import COUNTY

pytestmark = pytest.mark.django_db
BrowserOf = Callable[[str], Client]
PDF = b"%PDF-1.4\n% demo\n"


def pupil(school: str = "2164990001", skip: int = 0) -> Student:
    rows = rows_on("students", localdate(), COUNTY).filter(school_code=school, enrolment_status="在读")
    found: Student = rows.order_by("pk")[skip]
    return found


def open_case(by: User, ledger: str = "suspected", skip: int = 0, key: str = "", **more: object) -> Case:
    given: dict[str, object] = {
        "county_code": COUNTY, "ledger": ledger, "subject_key": key or pupil(skip=skip).key, "by": by, "at": now(), "today": localdate(),
    }  # fmt: skip
    return actions.open_case(**(given | more))  # type: ignore[arg-type]


@pytest.fixture
def case(cast: dict[str, User]) -> Case:
    return open_case(cast["office"])


def file(name: str = "证明.pdf", content: bytes = PDF) -> BytesIO:
    made = BytesIO(content)
    made.name = name
    return made


def test_the_desk_and_the_lists(case: Case, browser_of: BrowserOf) -> None:
    office = browser_of("office")
    for address in (
        "/ledgers/",
        "/ledgers/suspected/",
        "/ledgers/suspected/?view=all",
        "/visits/?whose=every",
    ):
        text = office.get(address).content.decode()
        assert "Traceback" not in text
        assert ("疑似辍学" if address == "/ledgers/" else case.label) in text, address
    # Nobody is named yet: it lies on the desk of the school, and not of the bureau.
    assert case.label in browser_of("school").get("/my-cases/").content.decode()
    assert case.label not in office.get("/my-cases/").content.decode()
    assert Entry.objects.filter(verb="view", kind="ledger", key="suspected").exists()
    # Another school's cases, and a school from another place, are not there.
    other = (
        pupil("3164990007")
        if rows_on("students", localdate(), COUNTY).filter(school_code="3164990007").exists()
        else None
    )
    if other:
        far = open_case(User.objects.get(username="office"), key=other.key)
        assert browser_of("school").get(f"/cases/{far.pk}/").status_code == 404
        assert far.label not in browser_of("school").get("/ledgers/suspected/").content.decode()
    assert browser_of("teacher").get(f"/cases/{case.pk}/").status_code == 404
    assert browser_of("administrator").get("/my-cases/").status_code == 403


def test_the_desk_finds_what_lies_below_the_most_urgent(
    case: Case, cast: dict[str, User], browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(my_cases, "MOST", 1)
    today, mine = localdate(), {"level": "bureau", "owner": None}
    other = open_case(cast["office"], "hazards", key="2164990001")
    Case.objects.filter(pk=other.pk).update(due=today - timedelta(days=9), **mine)
    Case.objects.filter(pk=case.pk).update(due=today + timedelta(days=2), **mine)
    office = browser_of("office")
    assert "只列出最急的 1 件" in office.get("/my-cases/").content.decode()
    for asked in ("when=soon", f"ledger={case.ledger}", f"q={case.label}"):
        found = office.get(f"/my-cases/?{asked}").content.decode()
        assert f'href="/cases/{case.pk}/"' in found, asked
    Case.objects.filter(pk=case.pk).update(contradiction="演示：数据仍显示没有解决")
    wrong = office.get("/my-cases/?when=wrong").content.decode()
    assert f'href="/cases/{case.pk}/"' in wrong
    assert f'href="/cases/{other.pk}/"' not in wrong


def test_a_filter_is_kept_and_the_list_exported(case: Case, browser_of: BrowserOf) -> None:
    office = browser_of("office")
    assert (
        office.post("/ledgers/suspected/filters/", {"name": "豫海", "query": "view=all&q=a"}).status_code
        == 302
    )
    assert "豫海" in office.get("/ledgers/suspected/").content.decode()
    office.post("/ledgers/suspected/filters/", {"drop": str(SavedFilter.objects.get().pk)})
    assert not SavedFilter.objects.exists()
    book = load_workbook(BytesIO(office.get("/ledgers/suspected/?format=xlsx").content))
    assert any(case.label == cell.value for row in book.active.iter_rows() for cell in row)
    assert office.get("/ledgers/nothing/").status_code == 404


def test_a_step_refused_keeps_what_was_typed_and_says_why(case: Case, browser_of: BrowserOf) -> None:
    ledger = packs.ledger(COUNTY, "suspected")
    office = browser_of("office")
    page = office.get(f"/cases/{case.pk}/").content.decode()
    for move in ledger.moves_from(case.state):
        assert move.title in page
    assert Entry.objects.filter(verb="view", kind="case", key=str(case.pk)).exists()
    step = next(one for one in ledger.moves_from(case.state) if one.form)
    refused = browser_of("school").post(f"/cases/{case.pk}/move/", {"move": step.name, "text": ""})
    assert refused.status_code == 422
    done = browser_of("school").post(
        f"/cases/{case.pk}/move/", {"move": step.name, "text": "演示：到家中走访", "files": file()}
    )
    assert done.status_code == 302, done.content.decode()[-3000:]
    text = office.get(f"/cases/{case.pk}/").content.decode()
    assert "演示：到家中走访" in text
    assert "记录 1 次" in text
    assert "证明.pdf" in text
    kept = case.files.get()
    assert office.get(f"/cases/files/{kept.pk}/").content == PDF
    bad = office.post(f"/cases/{case.pk}/move/", {"move": "no-such", "text": "x"})
    assert bad.status_code == 422
    assert "没有这项办理" in bad.content.decode()
    assert office.post(f"/cases/{case.pk}/burn/").status_code == 404


def test_a_teacher_who_passes_a_case_on_is_told_and_not_left_before_nothing(
    case: Case, cast: dict[str, User], browser_of: BrowserOf
) -> None:
    hand = {"by": cast["school"], "at": now(), "today": localdate()}
    assert (
        owning.hand_over(case_ids=[case.pk], to=cast["teacher"], level="class", reason="演示", **hand) == []
    )
    ledger, case = packs.ledger(COUNTY, case.ledger), Case.objects.get(pk=case.pk)
    step = next(
        one
        for one in ledger.moves_from(case.state)
        if "class" in one.by
        and one.target
        and "file" not in one.needs
        and ledger.state(one.target).level == "school"
    )
    needed = [column for column in ledger.columns if step.target in column.required_in]
    given = {f"{step.name}-{one.name}": one.choices[0] if one.choices else "演示" for one in needed}
    done = browser_of("teacher").post(
        f"/cases/{case.pk}/move/", {"move": step.name, "text": "演示", **given}, follow=True
    )
    assert (done.status_code, done.redirect_chain[-1][0]) == (200, "/my-cases/")
    assert "不再在您名下" in done.content.decode()


def test_a_greyed_button_says_the_rules_sentence(
    case: Case, cast: dict[str, User], browser_of: BrowserOf
) -> None:
    text = browser_of("auditor").get(f"/cases/{case.pk}/").content.decode()
    assert "不能办理个案" in text
    assert f'action="/cases/{case.pk}/comment/"' not in text
    # A contradiction is red and first.
    Case.objects.filter(pk=case.pk).update(contradiction="11月1日报已返校，但数据仍显示缺勤")
    text = browser_of("office").get(f"/cases/{case.pk}/").content.decode()
    assert "与数据矛盾" in text
    assert "但数据仍显示缺勤" in text


def test_fields_comments_files_watching_and_handing_over(
    case: Case, cast: dict[str, User], browser_of: BrowserOf
) -> None:
    office = browser_of("office")
    address = f"/cases/{case.pk}"
    assert office.post(f"{address}/comment/", {"text": "演示备注"}).status_code == 302
    assert office.post(f"{address}/file/", {"files": file()}).status_code == 302
    wrong = office.post(f"{address}/file/", {"files": file("照片.jpg", b"not a photo")})
    assert "与后缀" in wrong.content.decode()
    office.post(f"{address}/watch/", {"on": "1"})
    assert Watch.objects.filter(user=cast["office"], of=case).exists()
    assert case.label in office.get("/my-cases/").content.decode()
    column = next(one for one in packs.ledger(COUNTY, "suspected").columns if one.kind == "choice")
    case.refresh_from_db()
    changed = office.post(
        f"{address}/fields/", {"based_on": case.revision, f"f-{column.name}": column.choices[0]}
    )
    assert changed.status_code == 302
    stale = office.post(
        f"{address}/fields/", {"based_on": case.revision, f"f-{column.name}": column.choices[1]}
    )
    assert "已被他人修改" in stale.content.decode()
    given = {"to": str(cast["school"].pk), "level": "school", "line": "", "reason": "演示：由学校办理"}
    assert office.post(f"{address}/hand-over/", given).status_code == 302
    case.refresh_from_db()
    assert case.owner == cast["school"]
    assert "由学校办理" in office.get(f"{address}/").content.decode()
    refused = office.post(f"{address}/hand-over/", given | {"reason": " "})
    assert "移交须写明理由" in refused.content.decode()


def test_a_new_case_by_hand(cast: dict[str, User], browser_of: BrowserOf) -> None:
    one = pupil(skip=3)
    school = browser_of("school")
    assert "疑似辍学" in school.get("/cases/new/").content.decode()
    found = school.get("/cases/new/", {"ledger": "suspected", "q": one.person_name}).content.decode()
    assert one.key in found
    made = school.post(
        "/cases/new/?ledger=suspected", {"ledger": "suspected", "key": one.key, "text": "演示：点名发现"}
    )
    assert made.status_code == 302
    again = school.post(
        "/cases/new/?ledger=suspected", {"ledger": "suspected", "key": one.key, "label": one.person_name}
    )
    assert again.status_code == 422
    assert "已有一件没有结束" in again.content.decode()
    # A child that no register has, found at the door.
    codes = [code for code, text in shipped().items() if parse(text).subject == "line"]
    township = {"label": "演示·马某", "township": "640324100", "village": "演示村", "text": "上门摸排"}
    done = browser_of("office").post(f"/cases/new/?ledger={codes[0]}", {"ledger": codes[0]} | township)
    assert done.status_code == 302
    assert Case.objects.get(ledger=codes[0]).village == "演示村"
    empty = browser_of("office").post(f"/cases/new/?ledger={codes[0]}", {"ledger": codes[0], "label": ""})
    assert "请填写孩子的姓名" in empty.content.decode()


def test_many_at_once_each_with_its_own_result(cast: dict[str, User], browser_of: BrowserOf) -> None:
    cases = [open_case(cast["office"], skip=skip) for skip in range(4)]
    actions.move(
        case_id=cases[0].pk, move="visit", text="演示", by=cast["school"], at=now(), today=localdate()
    )
    office = browser_of("office")
    form = office.post(
        "/cases/selected/assign/?ledger=suspected&view=live", {"ids": [one.pk for one in cases[:2]]}
    )
    assert "勾选的 2 件" in form.content.decode()
    assert "全部 4 件" in form.content.decode()
    given = {"do": "1", "every": "1", "level": "school", "to": str(cast["school"].pk), "reason": "演示"}
    done = office.post("/cases/selected/assign/?ledger=suspected&view=live", given)
    assert done.status_code == 302
    job = Bulk.objects.get()
    assert (job.total, job.state, job.refused) == (4, "done", [])
    assert "成功 4 件" in office.get(done.headers["Location"]).content.decode()
    given_to = Case.objects.filter(ledger="suspected").values_list("owner", flat=True)
    assert set(given_to) == {cast["school"].pk}
    wrong = given | {"to": str(cast["township"].pk)}
    refused = office.post("/cases/selected/assign/?ledger=suspected", wrong)
    assert "接手人不是学校的账号" in office.get(refused.headers["Location"]).content.decode()
    assert (
        office.post("/cases/selected/assign/?ledger=suspected", {"do": "1", "reason": ""}).status_code == 422
    )
    # Somebody else's job is not there.
    assert browser_of("school").get(f"/cases/bulk/{job.pk}/").status_code == 404


def test_counts_in_one_query_are_the_counts_of_the_views(cast: dict[str, User]) -> None:
    """The fast answers beside the plain ones."""
    cases = [open_case(cast["office"], skip=skip) for skip in range(5)]
    Case.objects.filter(pk=cases[0].pk).update(due=localdate() - timedelta(days=2), owner=cast["school"])
    Case.objects.filter(pk=cases[1].pk).update(contradiction="演示", phase="claimed")
    Case.objects.filter(pk=cases[2].pk).update(phase="solved", owner=cast["office"])
    Watch.objects.create(user=cast["office"], of=cases[3])
    ledger = packs.ledger(COUNTY, "suspected")
    for role in ("office", "school", "auditor"):
        counts = view_counts(cast[role], COUNTY, ledger, today=localdate())
        for view in VIEWS:
            found = cases_in(cast[role], COUNTY, ledger, view, today=localdate())
            assert counts[view] == found.count(), (role, view)
        days = [localdate() - timedelta(days=1), localdate()]
        plain = [sum(stand(cast[role], "suspected", day, by="").values()) for day in days]
        assert stands(cast[role], COUNTY, ["suspected"], days) == plain


def test_excel_out_and_in_again(case: Case, browser_of: BrowserOf) -> None:
    office = browser_of("office")
    book = load_workbook(BytesIO(office.get("/ledgers/suspected/sheet/").content))
    sheet = book.active
    heads = [cell.value for cell in sheet[1]]
    column = next(one for one in packs.ledger(COUNTY, "suspected").columns if one.kind == "choice")
    sheet.cell(2, heads.index(column.title) + 1, column.choices[0])
    out = BytesIO()
    book.save(out)
    seen = office.post("/ledgers/suspected/upload/", {"file": file("a.xlsx", out.getvalue())})
    assert column.choices[0] in seen.content.decode()
    case.refresh_from_db()
    assert column.name not in case.fields
    assert office.post("/ledgers/suspected/upload/", {"apply": "1"}).status_code == 302
    case.refresh_from_db()
    assert case.fields[column.name] == column.choices[0]
    sheet.cell(2, heads.index(column.title) + 1, "乱写")
    out = BytesIO()
    book.save(out)
    wrong = office.post("/ledgers/suspected/upload/", {"file": file("a.xlsx", out.getvalue())})
    assert wrong.status_code == 422
    assert "什么也没有保存" in wrong.content.decode()
    assert office.post("/ledgers/suspected/upload/", {"file": file("x.xlsx", b"junk")}).status_code == 422


def test_counts_reports_and_what_is_behind_a_figure(
    case: Case, cast: dict[str, User], browser_of: BrowserOf
) -> None:
    office = browser_of("office")
    for by in ("township", "school", "state", "age", "level"):
        text = office.get(f"/ledgers/suspected/counts/?by={by}").content.decode()
        assert "已核对" in text, by
    report = packs.ledger(COUNTY, "suspected").reports[0]
    address = f"/case-reports/suspected/{report.name}/"
    assert report.title in office.get("/case-reports/").content.decode()
    text = office.get(address).content.decode()
    opened = office.get(f"{address}opened/").content.decode()
    assert "opened/?period=" in text
    assert case.label in opened
    assert case.label in office.get(f"{address}stand/").content.decode()
    assert case.label not in office.get(f"{address}closed/").content.decode()
    assert office.get(f"{address}nonsense/").status_code == 404
    book = load_workbook(BytesIO(office.get(f"{address}?format=xlsx").content))
    assert "合计" in [row[0].value for row in book.active.iter_rows()]
    assert office.get(f"{address}?format=docx").content[:2] == b"PK"
    assert office.get("/case-reports/suspected/nothing/").status_code == 404


def test_a_county_that_never_compared_has_no_zeros(browser_of: BrowserOf) -> None:
    office = browser_of("office")
    Stay.objects.filter(county_code=COUNTY).delete()
    assert "不知道有没有应在校而不在校的孩子" in office.get("/out-of-school/").content.decode()
    assert "0 不表示没有" in office.get("/case-reports/dropout/monthly/").content.decode()
    Sweep.objects.create(county_code=COUNTY, ledger="dropout", day=localdate(), at=now())
    assert "现在没有应在校而不在校的孩子" in office.get("/out-of-school/").content.decode()
    assert "0 不表示没有" not in office.get("/case-reports/dropout/monthly/").content.decode()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "明天"])
def test_a_day_that_no_calendar_has_is_no_day(day: str, browser_of: BrowserOf) -> None:
    office = browser_of("office")
    for address in (
        f"/ledgers/dropout/counts/?since={day}&until={day}",
        f"/case-reports/dropout/monthly/?period={day}",
        f"/attendance/?day={day}",
        f"/attendance/streaks/?day={day}",
        f"/school-age/rates/?day={day}",
    ):
        assert office.get(address).status_code == 200, address


def test_what_was_closed_opens_by_the_state_it_was_closed_from(
    cast: dict[str, User], browser_of: BrowserOf
) -> None:
    PackVersion.objects.create(
        county_code=COUNTY, code="hazards", number=1, state="in_force", title="演示", reason="演示", by=cast["office"], at=now(),
        text=shipped()["hazards"].replace("rows: school,", "rows: state,"), checked_by=cast["leader"], checked_at=now(),
    )  # fmt: skip
    one = open_case(cast["office"], "hazards", key="2164990001")
    today = localdate()
    for state, phase, how in (("said", "claimed", "moved"), ("closed", "closed", "closed")):
        Stay.objects.filter(of=one, until=None).update(until=today)
        Stay.objects.create(
            of=one, county_code=COUNTY, ledger="hazards", state=state, phase=phase, level="bureau", how=how, since=today,
            school_code=one.school_code, township_code=one.township_code,
        )  # fmt: skip
    office, address = browser_of("office"), "/case-reports/hazards/monthly/closed/?key="
    assert f"/cases/{one.pk}/" in office.get(f"{address}said").content.decode()
    assert f"/cases/{one.pk}/" not in office.get(f"{address}fixing").content.decode()


def test_neither_counts_nor_reports_tell_of_a_few(cast: dict[str, User], browser_of: BrowserOf) -> None:
    Clearance.objects.create(
        user=cast["office"], kind="screening", reason="演示", by=cast["leader"], at=now()
    )
    for number in range(6):
        open_case(cast["office"], "mental_health", skip=number)
    few = (
        rows_on("students", localdate(), COUNTY)
        .exclude(school_code="2164990001")
        .filter(enrolment_status="在读")
    )
    open_case(cast["office"], "mental_health", key=few.order_by("pk")[0].key)
    leader = browser_of("leader")
    # Whoever is not cleared is told so: an empty list is no zero.
    assert "个案只有点名授权的人能看" in leader.get("/ledgers/").content.decode()
    assert "只有点名授权的人能看，这里不列" in leader.get("/ledgers/mental_health/").content.decode()
    assert "只有点名授权的人能看" not in browser_of("office").get("/ledgers/mental_health/").content.decode()
    page = "".join(leader.get("/ledgers/mental_health/counts/?by=school").content.decode().split())
    # One of seven stands elsewhere: nothing is left from which it could be told, not even by the total of a column.
    assert page.count("人数过少，不显示</td>") == 3
    assert '不显示</td><tdclass="number">7</td><tdclass="number">–</td>' in page
    made = reports.report(
        cast["leader"], COUNTY, "mental_health", "termly", since=localdate() - timedelta(days=9), until=localdate(), today=localdate()
    )  # fmt: skip
    assert all(figure is None for row in made.rows for figure in row.figures)
    assert made.total.figures == (7, None, None)


def test_a_route_on_paper_with_codes(case: Case, browser_of: BrowserOf) -> None:
    text = browser_of("office").post("/visits/route/", {"ids": [case.pk]}).content.decode()
    assert "<svg" in text
    assert case.label in text
    assert Entry.objects.filter(verb="export", key="visit-route").exists()
    # What lies outside one's area is not printed, even when asked for by number.
    assert case.label not in browser_of("teacher").post("/visits/route/", {"ids": [case.pk]}).content.decode()


def test_a_visit_goes_to_where_the_child_lives(case: Case, browser_of: BrowserOf) -> None:
    towns = dict(townships(COUNTY).values_list("name", "code"))
    far, code = next((name, code) for name, code in sorted(towns.items()) if code != case.township_code)
    Student.objects.filter(key=case.subject_key).update(home_township=far, home_village="远村")
    office = browser_of("office")
    page = f"/visits/?whose=every&ledger={case.ledger}&township="
    assert f"{far} 远村" in " ".join(office.get(page + code).content.decode().split())
    assert case.label not in office.get(page + case.township_code).content.decode()
    Student.objects.filter(key=case.subject_key).update(home_township=None)
    assert case.label in office.get(page + case.township_code).content.decode()


def test_letters_as_word(cast: dict[str, User], browser_of: BrowserOf) -> None:
    ledger = packs.ledger(COUNTY, "dropout")
    case = open_case(cast["office"], "dropout")
    letter = next(one for one in ledger.letters if case.state in one.states)
    office = browser_of("office")
    made = office.get(f"/cases/{case.pk}/letters/{letter.name}.docx")
    assert made.content[:2] == b"PK"
    assert letter.title in office.get(f"/cases/{case.pk}/").content.decode()
    assert Entry.objects.filter(verb="view", kind="case", detail__what=letter.title).exists()
    assert office.get(f"/cases/{case.pk}/letters/{letter.name}.exe").status_code == 404
    assert office.get(f"/cases/{case.pk}/letters/nothing.docx").status_code == 302


def test_the_childs_page_and_the_overview(case: Case, browser_of: BrowserOf) -> None:
    one = rows_on("students", localdate(), COUNTY).get(key=case.subject_key)
    text = browser_of("office").get(f"/students/{one.pk}/").content.decode()
    assert f"/cases/{case.pk}/" in text
    assert "近半年没有点名记录" in text
    overview = browser_of("office").get("/").content.decode()
    assert "1 个孩子现在应在校而不在校" in overview
    assert f"/cases/{case.pk}/" in overview
    # A child that is in no school stands with the township.
    Case.objects.filter(pk=case.pk).update(school="", school_code="", township_code="640324100")
    assert "<td>豫海镇</td>" in browser_of("office").get("/").content.decode()


def test_a_pack_is_changed_by_two(cast: dict[str, User], browser_of: BrowserOf) -> None:
    office, leader = browser_of("office"), browser_of("leader")
    assert "<svg" in office.get("/ledger-packs/suspected/").content.decode()
    text = shipped()["suspected"]
    broken = office.post(
        "/ledger-packs/suspected/edit/", {"text": text.replace("states:", "stats:", 1), "check": "1"}
    )
    assert broken.status_code == 422
    assert "第" in broken.content.decode()
    assert not PackVersion.objects.exists()
    named = text.replace("title: 疑似辍学学生台账", "title: 疑似辍学学生台账（演示）", 1)
    assert (
        office.post(
            "/ledger-packs/suspected/edit/", {"text": named, "save": "1", "reason": "演示"}
        ).status_code
        == 302
    )
    draft = PackVersion.objects.get()
    page = office.get("/ledger-packs/suspected/").content.decode()
    assert "修改的人不能自己核对" in page
    assert "（演示）" in page
    office.post("/ledger-packs/suspected/check/", {"draft": draft.pk})
    draft.refresh_from_db()
    assert draft.state == "draft"
    leader.post("/ledger-packs/suspected/check/", {"draft": draft.pk})
    draft.refresh_from_db()
    assert draft.state == "in_force"
    assert "疑似辍学学生台账（演示）" in leader.get("/ledgers/").content.decode()
    setting = packs.ledger(COUNTY, "suspected").settings[0]
    given = {"name": setting.name, "value": "7", "reason": "演示文件"}
    assert office.post("/ledger-packs/suspected/setting/", given).status_code == 302
    assert PackVersion.objects.filter(state="draft").count() == 1
    assert (
        "没有问题"
        in office.post(
            "/ledger-packs/new/edit/",
            {"text": office.get("/ledger-packs/new/edit/").context["text"], "check": "1"},
        ).content.decode()
    )
    assert browser_of("school").get("/ledger-packs/suspected/edit/").status_code == 403


def test_a_new_ledger_takes_no_others_place_and_is_mended_when_sent_back(browser_of: BrowserOf) -> None:
    office, leader, text = browser_of("office"), browser_of("leader"), shipped()["hazards"]
    sent = {"text": text, "save": "1", "reason": "演示"}
    copied = office.post("/ledger-packs/new/edit/", sent)
    assert (copied.status_code, PackVersion.objects.count()) == (422, 0)
    assert "第2行" in copied.content.decode()
    assert "已有代码是“hazards”的台账" in copied.content.decode()
    other = sent | {"text": text.replace("code: hazards", "code: well_covers", 1)}
    assert "代码不能改" in office.post("/ledger-packs/hazards/edit/", other).content.decode()
    taken = sent | {"text": text.replace("code: hazards", "code: compare", 1)}
    assert "留作网址用" in office.post("/ledger-packs/new/edit/", taken).content.decode()
    assert office.post("/ledger-packs/new/edit/", other).status_code == 302
    draft = PackVersion.objects.get()
    leader.post("/ledger-packs/well_covers/refuse/", {"draft": draft.pk, "reason": "请写依据"})
    assert "已退回" in office.get("/ledger-packs/").content.decode()
    assert "请写依据" in office.get("/ledger-packs/well_covers/").content.decode()
    assert "code: well_covers" in office.get("/ledger-packs/well_covers/edit/").content.decode()


def test_the_editor_says_what_may_be_written(browser_of: BrowserOf) -> None:
    page = browser_of("office").get("/ledger-packs/new/edit/").content.decode()
    known = parse(EXAMPLE)
    for words in ("<code>claimed</code> 已报完成", "<code>working</code> 工作日", "<code>发现依据</code>"):
        assert words in page
    # Every table of the detectors with every column, and every part that a pack may have.
    assert all(
        f"<code>{name}</code>" in page for name, table in TABLES.items() for name in (name, *table.columns)
    )
    parts = {field.name for field in fields(known)} & {"settings", "columns", "states", "moves", "detectors", "forms", "letters", "reports"}  # fmt: skip
    assert len(parts) == 8
    assert all(f"<code>{name}</code>" in page for name in parts)


def test_clearances_are_given_twice_thought(cast: dict[str, User], browser_of: BrowserOf) -> None:
    admin = browser_of("administrator")
    given = {"account": "office", "kind": "screening", "reason": "演示：心理专干", "again": "写错了"}
    assert admin.post("/clearances/", given).status_code == 422
    assert admin.post("/clearances/", given | {"again": cast["office"].display_name}).status_code == 302
    row = Clearance.objects.get()
    assert cast["office"].display_name in admin.get("/clearances/").content.decode()
    admin.post("/clearances/", {"pk": row.pk, "reason": "演示：调岗"})
    row.refresh_from_db()
    assert row.withdrawn_at
    assert browser_of("leader").get("/clearances/").status_code == 403


def test_restricted_ledgers_and_columns(cast: dict[str, User], browser_of: BrowserOf) -> None:
    code = next(code for code, text in shipped().items() if parse(text).access == "screening")
    office = browser_of("office")
    Clearance.objects.create(
        user=cast["office"], kind="screening", reason="演示", by=cast["administrator"], at=now()
    )
    case = open_case(cast["office"], code)
    assert office.get(f"/cases/{case.pk}/").status_code == 200
    assert browser_of("leader").get(f"/cases/{case.pk}/").status_code == 404
    assert case.label not in browser_of("leader").get(f"/ledgers/{code}/").content.decode()
    ledger = packs.ledger(COUNTY, code)
    paper = office.post("/visits/route/", {"ids": [case.pk]}).content.decode()
    assert "关爱走访" in paper
    assert ledger.title not in paper
    column = next(
        one for one in ledger.columns if one.access == "screening" and one.kind in ("choice", "long", "text")
    )
    value = column.choices[0] if column.choices else "演示内容"
    office.post(f"/cases/{case.pk}/fields/", {"based_on": case.revision, f"f-{column.name}": value})
    page = office.get(f"/cases/{case.pk}/").content.decode()
    assert "已填，受限" in page
    assert "受限栏目仅" in page
    refused = office.post(f"/cases/{case.pk}/reveal/", {"access": "screening", "reason": " "})
    assert refused.status_code == 422
    shown = office.post(
        f"/cases/{case.pk}/reveal/", {"access": "screening", "reason": "演示：会商"}
    ).content.decode()
    assert value in shown
    assert Entry.objects.filter(verb="reveal", kind="case", reason="演示：会商").exists()


def test_who_left_hands_his_cases_up(case: Case, cast: dict[str, User], browser_of: BrowserOf) -> None:
    owning.hand_over(
        case_ids=[case.pk],
        to=cast["school"],
        level="school",
        reason="演示",
        by=cast["office"],
        at=now(),
        today=localdate(),
    )
    owning.left(user=cast["school"], by=cast["office"], at=now(), today=localdate())
    text = browser_of("office").get(f"/cases/{case.pk}/").content.decode()
    assert "已离岗" in text
    assert Event.objects.filter(of=case, what="assigned").count() == 2
