"""Cards: only name, school, class and a code that cannot be guessed; it opens the file for those allowed and nothing else."""

from collections.abc import Callable
from unittest.mock import patch

import pypdfium2
import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from bureau.entitlements import cards
from bureau.entitlements.models import Card
from bureau.log.models import Entry
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.public import limit
from bureau.registry.models import Student
from junheng.documents.cards import Card as Printed
from junheng.documents.cards import cards_pdf
from site_rows import NOW

pytestmark = pytest.mark.django_db
BrowserOf = Callable[[str], Client]
COUNTY, SCHOOL = "640324", "2164990001"


@pytest.fixture
def child(county: str) -> Student:
    """A pupil in school, of the school whose account is in the cast."""
    return Student.objects.filter(
        school_code=SCHOOL, valid_to=None, replaced_by=None, enrolment_status="在读"
    )[0]


@pytest.fixture
def token(child: Student, cast: dict[str, User]) -> str:
    cards.give(county_code=COUNTY, student_keys=[child.key], by=cast["office"], at=NOW)
    return cards.tokens_of(COUNTY, [child.key])[child.key]


def test_a_school_prints_its_cards(browser_of: BrowserOf, child: Student) -> None:
    school = browser_of("school")
    assert "名学生" in school.get("/aid/cards/").content.decode()
    page = school.get("/aid/cards/", {"grade": child.grade, "number": child.class_number}).content.decode()
    assert child.person_name in page
    answer = school.post(
        "/aid/cards/give/",
        {"school": SCHOOL, "grade": child.grade, "number": child.class_number},
        follow=True,
    )
    assert answer.content[:5] == b"%PDF-"
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(answer.content))
    assert child.person_name in text
    number = Card.objects.count()
    assert number == Entry.objects.get(verb="export", kind="cards").detail["children"]
    again = school.post(
        "/aid/cards/give/", {"school": SCHOOL, "grade": child.grade, "number": child.class_number}
    )
    assert again.status_code == 302
    assert Card.objects.count() == number
    assert school.post("/aid/cards/give/", {"school": "2164990002"}, follow=True).content[:5] != b"%PDF-"


def test_it_opens_the_file_for_those_allowed_and_is_logged(
    browser_of: BrowserOf, child: Student, token: str
) -> None:
    for role in ("office", "school"):
        answer = browser_of(role).get(f"/card/{token}/", follow=True)
        assert answer.status_code == 200
        assert child.person_name in answer.content.decode()
        assert Entry.objects.filter(verb="view", kind="card", key=child.key, role=role).exists()


def test_everybody_else_gets_one_and_the_same_answer(
    browser_of: BrowserOf, child: Student, token: str, cast: dict[str, User]
) -> None:
    unknown = "2" * cards.LENGTH
    cards.renew(county_code=COUNTY, student_key=child.key, reason="遗失", by=cast["office"], at=NOW)
    fresh = cards.tokens_of(COUNTY, [child.key])[child.key]
    lines = Entry.objects.count()
    other = (
        Student.objects.exclude(school_code=SCHOOL).filter(valid_to=None, replaced_by=None).order_by("pk")[0]
    )
    cast["school"].school_code = other.school_code
    cast["school"].save()
    for client in (Client(), browser_of("school"), browser_of("unit"), browser_of("administrator")):
        answers = [client.get(f"/card/{one}/") for one in (unknown, token, fresh, "x", "%00")]
        assert {answer.status_code for answer in answers} == {200}
        pages = [answer.content.decode() for answer in answers[:3]]
        assert (
            len({page.replace(one, "") for page, one in zip(pages, (unknown, token, fresh), strict=True)})
            == 1
        )
        assert child.person_name not in "".join(pages)
    assert (
        Entry.objects.filter(kind="card").count() == Entry.objects.filter(kind="card", seq__lte=lines).count()
    )


def test_a_lost_card_is_renewed(browser_of: BrowserOf, child: Student, token: str) -> None:
    school = browser_of("school")
    refused = school.post("/aid/cards/renew/", {"identity": child.pk, "reason": " "}, follow=True)
    assert "请写明换发原因" in refused.content.decode()
    done = school.post(
        "/aid/cards/renew/", {"identity": child.pk, "reason": "遗失", "school": SCHOOL}, follow=True
    )
    assert "旧卡从现在起打不开" in done.content.decode()
    assert cards.child_of(token) is None
    assert cards.child_of(cards.tokens_of(COUNTY, [child.key])[child.key]) == (COUNTY, child.key)
    assert school.post("/aid/cards/renew/", {"identity": "9" * 30, "reason": "x"}).status_code == 404


def test_a_token_is_read_as_people_type_it_and_kept_sealed(token: str) -> None:
    typed = f" {token[:4].lower()}-{token[4:8]} {token[8:]} "
    assert cards.child_of(typed) == cards.child_of(token) is not None
    assert cards.child_of("") is None
    assert token.encode() not in bytes(Card.objects.get().token)
    assert token not in Card.objects.get().token_lookup
    assert len({cards.new_token() for _ in range(1000)}) == 1000


def test_guessing_is_slowed_down(token: str) -> None:
    with patch.object(limit, "ASKED_A_MINUTE", 2):
        codes = [Client().get(f"/card/{token}/").status_code for _ in range(4)]
    assert codes == [200, 200, 429, 429]


def test_one_valid_card_a_child(child: Student, token: str, cast: dict[str, User]) -> None:
    row = {"county_code": COUNTY, "student_key": child.key, "token": b"x", "by": cast["office"], "at": NOW}
    with pytest.raises(IntegrityError), transaction.atomic():
        Card.objects.create(**row, token_lookup="other")
    with pytest.raises(Refused, match="没有符合条件"):
        cards.give(county_code=COUNTY, student_keys=[], by=cast["office"], at=NOW)


def test_who_sees_no_children_prints_no_cards(browser_of: BrowserOf) -> None:
    for role in ("unit", "administrator", "teacher"):
        assert browser_of(role).get("/aid/cards/").status_code == 403


def test_the_sheet_holds_what_it_should_and_nothing_else() -> None:
    made = cards_pdf(
        [
            Printed(f"马小{n}", "豫海小学", "三年级2班", f"https://a.example/card/{n}/", "ABCDEFGHJKMNPQ23")
            for n in range(11)
        ],
        title="学生二维码卡",
    )
    pages = pypdfium2.PdfDocument(made)
    assert len(pages) == 2
    words = pages[0].get_textpage().get_text_range()
    assert words.count("豫海小学") == 10
    assert "ABCD-EFGH-JKMN-PQ23" in words
    assert "监护" not in words
