"""Signing in: by name and password, lock-out, time-out, initial passwords, second factor, demo accounts."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db.models import Value
from django.db.models.functions import Concat
from django.test import Client
from django.urls import reverse

import town
from bureau.log.models import Entry, Verb
from bureau.pages import sign_in
from bureau.people import demo
from bureau.people.actions import create_demo_accounts
from bureau.people.models import FailedSignIn, User
from town.accounts import AT, PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/"


def enter(client: Client, username: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOGIN, {"login": username, "password": password, **more})


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Moves the clock of the sign-in page forward."""
    ahead = [timedelta()]
    monkeypatch.setattr(sign_in, "now", lambda: datetime.now(UTC) + ahead[0])

    def forward(by: timedelta) -> None:
        ahead[0] += by

    return forward


def test_the_page_is_chinese_even_for_an_english_browser(client: Client, db: None) -> None:
    page = client.get(LOGIN, headers={"accept-language": "en-US"})
    assert "用户名" in page.text
    assert 'lang="zh-CN"' in page.text


def test_right_name_and_password_lead_in_and_leave_a_line(client: Client, cast: dict[str, User]) -> None:
    answer = enter(client, "office", next="/account/")
    assert answer.status_code == 302
    assert answer["location"] == "/account/"
    line = Entry.objects.order_by("-seq")[0]
    assert (line.verb, line.username, line.address) == (Verb.SIGN_IN, "office", "127.0.0.1")


def test_the_name_is_not_case_sensitive(client: Client, cast: dict[str, User]) -> None:
    assert enter(client, "Office").status_code == 302


def test_signing_out_leaves_a_line(browser_of: Callable[[str], Client]) -> None:
    browser = browser_of("office")
    browser.post("/account/logout/")
    assert Entry.objects.order_by("-seq")[0].verb == Verb.SIGN_OUT
    assert browser.get("/account/").status_code == 302


def test_a_wrong_password_says_so_without_saying_which(client: Client, cast: dict[str, User]) -> None:
    known = enter(client, "office", "wrong").text
    unknown = enter(client, "nobody", "wrong").text
    sentence = "用户名或密码不对"
    assert sentence in known
    assert sentence in unknown


def test_five_failures_lock_this_account_from_this_address_for_fifteen_minutes(
    client: Client, cast: dict[str, User], clock: Callable[[timedelta], None]
) -> None:
    for _ in range(4):
        assert "已锁定" not in enter(client, "office", "wrong").text
    fifth = enter(client, "OFFICE", "wrong")
    assert "已锁定到" in fifth.text
    assert "已锁定到" in enter(client, "office").text, "the right password does not help"
    assert enter(Client(REMOTE_ADDR="10.0.0.9"), "office").status_code == 302, "another desk is not locked"
    assert enter(client, "leader").status_code == 302, "another account is not locked"
    said = (
        Entry.objects.filter(key="office", address="127.0.0.1").order_by("seq").values_list("verb", flat=True)
    )
    assert list(said) == [Verb.SIGN_IN_FAILED] * 4 + [Verb.LOCK_OUT]
    clock(timedelta(minutes=15, seconds=1))
    assert enter(Client(), "office").status_code == 302
    assert not FailedSignIn.objects.filter(username="office", address="127.0.0.1").exists()


def test_slips_of_last_week_do_not_count(
    client: Client, cast: dict[str, User], clock: Callable[[timedelta], None]
) -> None:
    for _ in range(4):
        enter(client, "office", "wrong")
    clock(timedelta(days=7))
    assert "已锁定" not in enter(client, "office", "wrong").text


def test_an_inactive_account_cannot_sign_in_and_its_session_ends(
    browser_of: Callable[[str], Client], cast: dict[str, User]
) -> None:
    browser = browser_of("office")
    assert browser.get("/account/").status_code == 200
    User.objects.filter(username="office").update(is_active=False)
    assert browser.get("/account/").status_code == 302
    assert "_auth_user_id" not in Client().session
    enter(client := Client(), "office")
    assert "_auth_user_id" not in client.session


def test_an_initial_password_must_be_changed_first(
    client: Client, cast: dict[str, User], settings: Any
) -> None:
    User.objects.update(must_change_password=True)
    enter(client, "office")
    assert client.get("/").headers["location"] == reverse("account_change_password")
    answer = client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": PASSWORD, "password2": PASSWORD},
    )
    assert "新密码不能与现在的密码相同" in answer.text
    new = "Another-Horse-8"
    client.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    user = User.objects.get(username="office")
    assert not user.must_change_password
    assert user.check_password(new)
    assert client.get("/account/").status_code == 200, "still signed in"
    assert Entry.objects.filter(verb=Verb.CHANGE_PASSWORD, username="office").count() == 1


def test_a_demo_does_not_ask_for_another_password(
    client: Client, cast: dict[str, User], settings: Any
) -> None:
    settings.DEMO = True
    User.objects.update(must_change_password=True)
    enter(client, "office")
    assert client.get("/account/").status_code == 200
    assert client.get("/").status_code in {200, 404}


@pytest.mark.parametrize(
    ("password", "complaint"),
    [
        ("Ab1-xyz", "只有 7 位"),
        ("alllowercaseletters", "现在用了 1 种"),
        ("Office-12345", "不能含有用户名"),
    ],
)
def test_password_rules_are_said_in_chinese(
    browser_of: Callable[[str], Client], password: str, complaint: str
) -> None:
    answer = browser_of("office").post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": password, "password2": password},
    )
    assert complaint in answer.text


def test_the_session_ends_when_idle_and_lasts_while_used(
    client: Client, cast: dict[str, User], clock: Callable[[timedelta], None]
) -> None:
    enter(client, "office")
    first = client.session.get_expiry_date()
    clock(timedelta(minutes=2))
    client.get("/account/")
    assert client.session["seen"] > first.timestamp() - 3600
    assert client.cookies["sessionid"]["max-age"] == "", "ends with the browser"
    session = client.session
    Session.objects.filter(session_key=session.session_key).update(
        expire_date=datetime.now(UTC) - timedelta(seconds=1)
    )
    assert client.get("/account/").headers["location"].startswith(LOGIN)


def test_a_part_of_a_page_after_the_time_out_sends_the_whole_page_away(client: Client, db: None) -> None:
    answer = client.get("/account/", headers={"hx-request": "true"})
    assert answer.headers["hx-redirect"].startswith(LOGIN)


def code_of(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def test_second_factor_from_the_code_on_the_page_to_the_next_sign_in(
    client: Client, cast: dict[str, User], django_capture_on_commit_callbacks: Any
) -> None:
    enter(client, "office")
    ask = client.get(reverse("mfa_activate_totp"))
    assert ask.headers["location"].startswith(reverse("account_reauthenticate")), (
        "asks for the password again"
    )
    client.post(ask.headers["location"], {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    assert "data:image/svg+xml" in page.text
    secret = page.context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    kept = Authenticator.objects.get(user=cast["office"], type="totp").data["secret"]
    assert secret not in kept, "sealed at rest"
    assert Entry.objects.filter(verb=Verb.ADD_SECOND_FACTOR, username="office").exists()

    again = Client()
    assert enter(again, "office").headers["location"].startswith(reverse("mfa_authenticate"))
    assert again.get("/account/").status_code == 302, "the password alone does not let in"
    assert "验证码" in again.get(reverse("mfa_authenticate")).text
    again.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert again.get("/account/").status_code == 302
    cache.clear()  # a code counts once; the test has used this half minute's already
    again.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert again.get("/account/").status_code == 200


def test_a_role_that_must_have_a_second_factor_sets_it_up_first(
    browser_of: Callable[[str], Client], settings: Any
) -> None:
    settings.MFA_REQUIRED = ["leader"]
    assert browser_of("leader").get("/").headers["location"] == reverse("mfa_activate_totp")
    assert browser_of("office").get("/").headers.get("location") != reverse("mfa_activate_totp")


def test_demo_accounts_are_named_in_a_demo_only(client: Client, areas: Any, settings: Any) -> None:
    User.objects.update(username=Concat(Value("former-"), "username"))
    User.objects.update(is_active=False)
    made = create_demo_accounts(cast=town.cast(), at=AT)
    assert demo.DEMO_PASSWORD not in client.get(LOGIN).text
    settings.DEMO = True
    page = client.get(LOGIN).text
    assert demo.DEMO_PASSWORD in page
    assert {account.role for account in made} == set(User.Role)
    for account in made:
        assert f'data-demo-username="{account.username}"' in page
        assert enter(Client(), account.username, demo.DEMO_PASSWORD).status_code == 302


@pytest.mark.parametrize("address", ["/account/signup/", "/account/email/", "/account/password/reset/"])
def test_there_is_no_signing_up_and_no_e_mail(client: Client, db: None, address: str) -> None:
    assert client.get(address).status_code in {302, 404}


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere(client: Client, cast: dict[str, User], to: str) -> None:
    assert client.post("/account/language/", {"language": "en", "next": to}).headers["location"] == "/"
    assert enter(client, "office", next=to).headers["location"] == "/"


def test_language_is_kept(client: Client, db: None) -> None:
    client.post("/account/language/", {"language": "en", "next": LOGIN})
    assert 'lang="en"' in client.get(LOGIN).text
    client.post("/account/language/", {"language": "zh-hans"})
    assert 'lang="zh-CN"' in client.get(LOGIN).text
