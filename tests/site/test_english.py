"""The English interface: states, names of codes, brackets and dates are English; the Chinese pages stay Chinese."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from bureau.registry.models import Teacher

pytestmark = pytest.mark.django_db
Signed = Callable[[str], Client]


def words(client: Client, address: str, language: str = "en") -> str:
    """What a reader sees of a page."""
    client.cookies["django_language"] = language
    page = client.get(address, follow=True)
    assert page.status_code == 200
    text = re.sub(r"<(script|style).*?</\1>", "", page.content.decode(), flags=re.S)
    return re.sub(r"<[^>]*>", "\n", text)


@pytest.mark.parametrize(
    ("address", "chinese", "english"),
    [
        ("/runs/", ("测算中", "失败"), ("Running", "Failed")),
        ("/imports/", ("已提交", "待核对"), ("Committed", "To be checked")),
        ("/gaps/", ("待整改", "整改中"), ("To be improved", "In progress")),
        ("/classes/", ("三年级",), ("Grade 3",)),
        ("/teachers/", ("语文", "高级教师"), ("Mathematics", "Senior teacher")),
        ("/what-if/", (), ("Not met",)),
        ("/evidence/", ("待提交",), ("To be submitted",)),
    ],
)
def test_words_of_the_system(
    browser_of: Signed, address: str, chinese: tuple[str, ...], english: tuple[str, ...]
) -> None:
    client = browser_of("office")
    shown = [line.strip() for line in words(client, address).splitlines()]
    assert not [word for word in chinese if word in shown]
    assert not [word for word in english if not any(word in line for line in shown)]
    back = words(client, address, "zh-hans")
    assert not [word for word in chinese if word not in back]


def test_brackets_dates_and_a_record(browser_of: Signed) -> None:
    client = browser_of("office")
    assert "（" not in "".join(re.findall(r"\n *[（(][^\n]*[)）]\n", words(client, "/schools/")))
    assert re.search(r"\d{1,2} [A-Z][a-z]+ \d{4}", words(client, "/schools/"))
    teacher = Teacher.objects.filter(certificate=True, valid_to=None).latest("id")
    record = words(client, f"/teachers/{teacher.pk}/").splitlines()
    assert "Yes" in record
    assert "是" not in record
