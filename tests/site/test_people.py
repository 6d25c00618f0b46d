"""Accounts, roles and areas: the actions, and the pages over them."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from bureau.log import queries as log
from bureau.log.models import Entry, Verb
from bureau.people import actions, queries, rules, signing_in
from bureau.people.models import Area, FailedSignIn, User
from bureau.people.rules import Refused
from bureau.people.scope import scope_of
from bureau.registry.models import School, Student
from bureau.registry.queries import days_with_data, known_schools
from town.accounts import AT, COUNTY, PASSWORD, SCHOOL, TOWNSHIP

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def create(by: User | None, **changes: Any) -> User:
    wanted: dict[str, Any] = {
        "username": "new",
        "display_name": "新人",
        "role": "office",
        "password": PASSWORD,
        "by": by,
        "at": AT,
    }
    return actions.create_account(**wanted | changes)


def test_one_person_has_one_account(cast: dict[str, User], areas: Area) -> None:
    """Else he would be his own second person. Teachers share names; so do people of other counties, schools and townships."""
    first = create(cast["administrator"], area=areas)
    with pytest.raises(Refused, match="“新人”已有在用账号“new”"):
        create(cast["administrator"], username="other", role="leader")
    create(cast["administrator"], username="teacher-b", role="teacher", school_code=SCHOOL)
    elsewhere = Area.objects.create(code="640106", name="金凤区", kind="county", path="640106", pinyin="jin")
    create(cast["administrator"], username="elsewhere", area=elsewhere)
    head: dict[str, Any] = {"role": "school", "display_name": "校长", "school_code": SCHOOL}
    create(cast["administrator"], username="head", **head)
    create(cast["administrator"], username="head-of-another", **head | {"school_code": "3164990009"})
    with pytest.raises(Refused, match="“校长”已有在用账号“head”"):
        create(cast["administrator"], username="head-again", **head)
    actions.deactivate_account(account=first, reason="调离", by=cast["administrator"], at=AT)
    second = create(cast["administrator"], username="other", area=areas)
    with pytest.raises(Refused, match="已有在用账号“other”"):
        actions.reactivate_account(account=first, by=cast["administrator"], at=AT)
    with pytest.raises(Refused, match="一人只能有一个账号"):
        actions.change_account(
            account=second, display_name=cast["leader"].display_name, role="office", area=areas, school_code="",
            office="", by=cast["administrator"], at=AT,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"username": ""}, "请填写用户名"),
        ({"username": "张三"}, "只能用英文字母"),
        ({"username": "OFFICE"}, "已有人使用"),
        ({"display_name": " "}, "请填写姓名"),
        ({"role": ""}, "请选择角色"),
        ({"role": "school"}, "须选择一所学校"),
        ({"school_code": SCHOOL}, "不能限定到一所学校"),
        ({"role": "township"}, "须选择一个乡镇"),
        ({"password": "short"}, "至少要 10 位"),
    ],
)
def test_what_a_new_account_needs(cast: dict[str, User], changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        create(cast["administrator"], **changes)
    assert not User.objects.filter(username="new").exists()


@pytest.mark.parametrize("role", ["leader", "office", "school", "township", "inspector", "auditor"])
def test_only_the_administrator_manages_accounts(cast: dict[str, User], role: str) -> None:
    with pytest.raises(Refused, match="系统管理员"):
        create(cast[role])
    with pytest.raises(Refused):
        actions.deactivate_account(account=cast["office"], reason="离岗", by=cast[role], at=AT)
    with pytest.raises(Refused):
        actions.reset_account(account=cast["office"], password="Other-Horse-9", by=cast[role], at=AT)


def test_each_write_leaves_one_line(cast: dict[str, User]) -> None:
    administrator = cast["administrator"]
    before = Entry.objects.count()
    account = create(administrator, username="Zhang.San")
    assert account.username == "zhang.san"
    assert account.must_change_password
    actions.change_account(
        account=account,
        display_name="张三",
        role="inspector",
        area=Area.objects.get(code="640324"),
        school_code="",
        office="督导室",
        by=administrator,
        at=AT,
    )
    actions.deactivate_account(account=account, reason="退休", by=administrator, at=AT)
    actions.reactivate_account(account=account, by=administrator, at=AT)
    actions.reset_account(account=account, password="Other-Horse-9", by=administrator, at=AT)
    lines = list(Entry.objects.order_by("seq")[before:])
    assert [line.verb for line in lines] == [
        Verb.CREATE_ACCOUNT,
        Verb.CHANGE_ACCOUNT,
        Verb.DEACTIVATE_ACCOUNT,
        Verb.REACTIVATE_ACCOUNT,
        Verb.RESET_PASSWORD,
    ]
    assert {(line.key, line.username) for line in lines} == {("zhang.san", "administrator")}
    assert lines[1].detail["after"]["role"] == "inspector"
    assert lines[2].reason == "退休"
    assert log.check_chain().bad is None


def test_nobody_locks_everybody_out(cast: dict[str, User]) -> None:
    administrator = cast["administrator"]
    with pytest.raises(Refused, match="自己"):
        actions.deactivate_account(account=administrator, reason="x", by=administrator, at=AT)
    other = create(administrator, role="administrator")
    actions.deactivate_account(account=other, reason="离岗", by=administrator, at=AT)
    assert queries.is_last_administrator(administrator)
    assert rules.why_not_deactivate(
        by_role="administrator", by_self=False, active=True, last_administrator=True
    )
    with pytest.raises(Refused, match="自己的角色"):
        actions.change_account(
            account=administrator,
            display_name="甲",
            role="leader",
            area=None,
            school_code="",
            office="",
            by=administrator,
            at=AT,
        )


def test_a_reset_frees_from_everything(cast: dict[str, User]) -> None:
    office = cast["office"]
    for _ in range(5):
        signing_in.record_failure(username="office", address="10.0.0.1", at=AT)
    Authenticator.objects.create(user=office, type="totp", data={"secret": "x"})
    actions.reset_account(account=office, password="Other-Horse-9", by=cast["administrator"], at=AT)
    office.refresh_from_db()
    assert office.check_password("Other-Horse-9")
    assert office.must_change_password
    assert not Authenticator.objects.filter(user=office).exists()
    assert not FailedSignIn.objects.filter(username="office").exists()


@pytest.mark.parametrize(
    "row",
    [
        {"role": "king"},
        {"role": "school", "school_code": ""},
        {"role": "office", "school_code": SCHOOL},
        {"role": "township", "area": None},
    ],
)
def test_the_database_refuses_a_role_without_its_place(areas: Area, row: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="bad", display_name="坏", **row)


def test_areas_are_loaded_once_and_renewed(areas: Area) -> None:
    before = Area.objects.count()
    Area.objects.filter(code=TOWNSHIP).update(name="旧名")
    actions.load_areas(counties=["640324"], at=AT)
    assert Area.objects.count() == before
    township = Area.objects.get(code=TOWNSHIP)
    assert township.name == "豫海镇"
    assert township.path == "640324/640324100"
    assert township.pinyin == "yuhaizhen yhz"
    assert queries.villages(TOWNSHIP).count() > 5
    with pytest.raises(Refused, match="没有县区 999999"):
        actions.load_areas(counties=["999999"], at=AT)
    assert queries.township_codes("640324")["豫海"] == TOWNSHIP


# --- pages ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["accounts", "roles", "areas"])
def test_who_may_open_the_pages(browser_of: Browser, address: str) -> None:
    expected = {"administrator": 200, "leader": 200, "auditor": 200}
    for role in rules.ROLES:
        assert browser_of(role).get(reverse(address)).status_code == expected.get(role, 403), role


def test_the_list_shows_filters_and_exports(browser_of: Browser) -> None:
    browser = browser_of("administrator")
    page = browser.get(reverse("accounts")).text
    assert "业务科室甲" in page
    assert "豫海镇" in page
    found = browser.get(reverse("accounts"), {"role": "school"}).context["table"]
    assert [line.row["username"] for line in found.lines] == ["school"]
    found = browser.get(reverse("accounts"), {"is_active": "False"}).context["table"]
    assert found.count == 0
    sheet = browser.get(reverse("accounts"), {"format": "xlsx"})
    assert b"".join(sheet) if sheet.streaming else sheet.content
    assert Entry.objects.filter(verb=Verb.EXPORT).exists()


def test_creating_on_the_page_shows_the_password_once(browser_of: Browser) -> None:
    browser = browser_of("administrator")
    refused = browser.post(reverse("account-new"), {"username": "li", "display_name": "李", "role": "school"})
    assert refused.status_code == 422
    assert "须选择一所学校" in refused.text
    answer = browser.post(
        reverse("account-new"),
        {"username": "li", "display_name": "李", "role": "school", "school_code": f"{SCHOOL} 某某小学"},
    )
    password = re.findall(r'<code class="fs-5">([^<]+)</code>', answer.text)[1]
    account = User.objects.get(username="li")
    assert account.check_password(password)
    assert account.school_code == SCHOOL
    assert not rules.why_not_password(password)


def test_editing_switching_and_resetting_on_the_page(browser_of: Browser, cast: dict[str, User]) -> None:
    browser, pk = browser_of("administrator"), cast["office"].pk
    asked = {"display_name": "改名", "role": "inspector", "area": TOWNSHIP, "office": ""}
    assert browser.post(reverse("account-change", args=[pk]), asked).status_code == 302
    account = User.objects.get(pk=pk)
    assert (account.display_name, account.role, account.area and account.area.code) == (
        "改名",
        "inspector",
        TOWNSHIP,
    )
    assert "修改账号" in browser.get(reverse("account-edit", args=[pk])).text
    browser.post(reverse("account-switch", args=[pk]), {"to": "inactive", "reason": ""})
    assert User.objects.get(pk=pk).is_active, "no reason, no change"
    browser.post(reverse("account-switch", args=[pk]), {"to": "inactive", "reason": "离岗"})
    assert not User.objects.get(pk=pk).is_active
    browser.post(reverse("account-switch", args=[pk]), {"to": "active"})
    assert User.objects.get(pk=pk).is_active
    assert "只显示这一次" in browser.post(reverse("account-reset", args=[pk])).text
    assert browser.get(reverse("account-edit", args=[999_999])).status_code == 404


def test_others_only_look(browser_of: Browser, cast: dict[str, User]) -> None:
    pk = cast["office"].pk
    browser = browser_of("auditor")
    assert "disabled" in browser.get(reverse("account-edit", args=[pk])).text
    for name in ("account-change", "account-switch", "account-reset"):
        assert browser.post(reverse(name, args=[pk])).status_code == 403
    assert browser.get(reverse("account-new")).status_code == 403


def test_my_account_names_my_last_sign_ins(client: Client, cast: dict[str, User]) -> None:
    client.post("/account/login/", {"login": "office", "password": "wrong"})
    client.post("/account/login/", {"login": "office", "password": PASSWORD})
    page = client.get(reverse("account")).text
    assert "登录失败" in page
    assert "127.0.0.1" in page
    assert "业务科室" in page


# --- scope, in the database ----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(rules.ROLES))
def test_the_query_and_the_rule_let_the_same_rows_through(cast: dict[str, User], role: str) -> None:
    """Schools and what hangs on them, for every role in every area: the fast answer against the slow one."""
    schools = School.objects.filter(replaced_by=None)
    places = {
        row["school_code"]: row for row in schools.values("school_code", "township_code", "county_code")
    }
    students = list(Student.objects.values_list("pk", "school_code"))
    assert places
    assert students
    towns = Area.objects.filter(kind="township", code__in=[row["township_code"] for row in places.values()])
    for area in [None, *Area.objects.filter(kind="county"), *towns[:3]]:
        for school_code in [*places][:2] if role == "school" else [""]:
            user = User(username="x", role=role, area=area, school_code=school_code)
            scope = scope_of(user)
            may = {code for code, row in places.items() if scope.covers(**row)}
            assert set(schools.filter(scope.schools()).values_list("school_code", flat=True)) == may
            seen = set(Student.objects.filter(scope.rows(schools)).values_list("pk", flat=True))
            assert seen == {pk for pk, code in students if code in may}


def test_somebody_sees_a_part_and_somebody_nothing(cast: dict[str, User]) -> None:
    schools = School.objects.filter(replaced_by=None)
    seen = {role: schools.filter(scope_of(user).schools()).count() for role, user in cast.items()}
    assert seen["leader"] == seen["office"] == seen["auditor"] == schools.count() > 1
    assert seen["school"] >= 1
    assert 0 < seen["school"] < schools.count()
    assert seen["administrator"] == 0


def test_every_school_gets_an_account_and_its_password_once(browser_of: Browser) -> None:
    browser = browser_of("administrator")
    before = set(User.objects.exclude(school_code="").values_list("school_code", flat=True))
    answer = browser.post(reverse("account-schools"))
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    told = {row[1]: row[2] for row in rows if row[1] in set(places := school_codes())}
    assert set(told) == set(places) - before
    code, password = next(iter(told.items()))
    client = Client()
    client.post("/account/login/", {"login": code, "password": password})
    assert client.get("/").headers["location"] == reverse("account_change_password")
    line = Entry.objects.filter(verb=Verb.CREATE_ACCOUNT).order_by("-seq")[0]
    assert line.detail["rows"] == len(told)
    assert not any(str(password) in str(entry.detail) for entry in Entry.objects.all())
    again = browser.post(reverse("account-schools"), follow=True)
    assert "所有学校都已有账号" in again.text


def school_codes() -> list[str]:
    on = days_with_data(COUNTY)[0]
    return list(known_schools(on, COUNTY))
