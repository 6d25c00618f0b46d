"""The frame around every page: rooms by role, headers, refusals in Chinese."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError
from django.http import HttpResponse
from django.test import Client, RequestFactory

from bureau.pages.unreadable import NoZeroBytes
from bureau.people.rules import ROLES

BrowserOf = Callable[[str], Client]


@pytest.mark.parametrize("role", ROLES)
def test_everybody_has_a_first_page(browser_of: BrowserOf, role: str) -> None:
    answer = browser_of(role).get("/desk/")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert text.count("<h1>") == 1
    assert 'lang="zh-CN"' in text
    assert 'href="/desk/" aria-current="page">工作台</a>' in text


def test_no_script_in_the_page_and_none_from_elsewhere(browser_of: BrowserOf) -> None:
    answer = browser_of("leader").get("/desk/")
    assert "script-src 'self';" in answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    for part in answer.content.decode().split("<script")[1:]:
        assert part.lstrip().startswith(("src=", 'id="')), part[:80]


def test_an_unknown_address_is_refused_with_a_sentence(browser_of: BrowserOf) -> None:
    answer = browser_of("leader").get("/no-such-page/")
    assert answer.status_code == 404
    assert "没有找到" in answer.content.decode()
    assert "urlpatterns" not in answer.content.decode()


def test_a_visitor_is_sent_to_the_sign_in_page_and_back(db: None) -> None:
    answer = Client().get("/desk/?on=2025-09-30")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/account/login/?next=/desk/%3Fon")


def test_more_text_than_a_form_may_hold_is_refused_in_a_sentence(
    browser_of: Callable[[str], Client], settings: Any
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = browser_of("office").post("/plans/new/", {"text": "长" * 2000})
    assert answer.status_code == 400
    assert "内容太多，没有收下" in answer.content.decode()


@pytest.mark.parametrize(
    "address", ["/schools/?q=a%00", "/students/?q=%00", "/my-cases/?q=%E5%BC%A0%00", "/schools/%00/", "/account/login/?next=%00"]
)  # fmt: skip
def test_a_zero_byte_in_an_address_is_refused_in_a_sentence(
    browser_of: Callable[[str], Client], county: str, address: str
) -> None:
    answer = browser_of("office").get(address)
    assert answer.status_code == 400
    assert "看不见的控制字符" in answer.content.decode()


def test_a_zero_byte_in_a_form_is_refused_in_a_sentence(
    browser_of: Callable[[str], Client], county: str
) -> None:
    plain, kind = "name=%E7%94%B2%00", "application/x-www-form-urlencoded"
    answer = browser_of("office").post("/students/views/", plain, content_type=kind)
    assert answer.status_code == 400
    assert "看不见的控制字符" in answer.content.decode()


@pytest.mark.parametrize(
    "said",
    [
        ValueError("A string literal cannot contain NUL (0x00) characters."),
        DatabaseError("unsupported Unicode escape sequence\nDETAIL:  \\u0000 cannot be converted to text."),
    ],
)
def test_a_zero_byte_that_the_database_refuses_is_told_in_a_sentence(
    rf: RequestFactory, said: Exception
) -> None:
    guard = NoZeroBytes(lambda request: HttpResponse())
    answer = guard.process_exception(rf.post("/"), said)
    assert answer is not None
    assert "看不见的控制字符" in answer.content.decode()
    assert guard.process_exception(rf.post("/"), ValueError("something else")) is None
