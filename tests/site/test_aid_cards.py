"""Cards: one a household, only names, schools, classes and a code that cannot be guessed; it opens the files for those allowed and nothing else."""

from collections.abc import Callable
from unittest.mock import patch

import pypdfium2
import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from bureau.entitlements import cards
from bureau.entitlements.households import households
from bureau.entitlements.models import Card, CardChild
from bureau.log.models import Entry
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.public import limit
from bureau.registry.models import Student
from junheng.documents.cards import Card as Printed
from junheng.documents.cards import Child, cards_pdf
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
    said = Entry.objects.get(verb="export", kind="cards").detail
    assert said["cards"] == number <= said["children"]
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
        answer = browser_of(role).get(f"/phone/c/{token}/", follow=True)
        assert answer.status_code == 200
        assert answer.redirect_chain[0][0] == f"/card/{token}/"
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
        answers = [client.get(f"/card/{one}/") for one in (unknown, token, fresh, "x")]
        assert {answer.status_code for answer in answers} == {200}
        pages = [answer.content.decode() for answer in answers[:3]]
        assert (
            len({page.replace(one, "") for page, one in zip(pages, (unknown, token, fresh), strict=True)})
            == 1
        )
        assert child.person_name not in "".join(pages)
        assert client.get("/card/%00/").status_code == 400
    assert (
        Entry.objects.filter(kind="card").count() == Entry.objects.filter(kind="card", seq__lte=lines).count()
    )


@pytest.fixture
def family(child: Student) -> list[Student]:
    """The child, a brother in its school and a sister in another, by the ID number of one guardian; a cousin beside them."""
    found = [child]
    rows = Student.objects.filter(valid_to=None, replaced_by=None, enrolment_status="在读").exclude(
        pk=child.pk
    )
    found.append(rows.filter(school_code=SCHOOL)[0])
    found.append(rows.exclude(school_code=SCHOOL).order_by("pk")[0])
    Student.objects.filter(pk__in=[one.pk for one in found]).update(
        guardian_id_lookup="one guardian", guardian_name="马某〔演示〕"
    )
    return found


def test_a_household_has_one_card_and_one_code(
    browser_of: BrowserOf, family: list[Student], cast: dict[str, User]
) -> None:
    """Whoever is printed first brings the brothers and sisters along; later ones join the card that is there."""
    keys = [one.key for one in family]
    cards.give(county_code=COUNTY, student_keys=keys[:1], by=cast["office"], at=NOW)
    token = cards.tokens_of(COUNTY, keys)
    assert set(token) == set(keys)
    assert len(set(token.values())) == 1
    assert cards.give(county_code=COUNTY, student_keys=keys[1:], by=cast["office"], at=NOW) == 0
    late = (
        Student.objects.filter(valid_to=None, replaced_by=None, enrolment_status="在读")
        .exclude(key__in=keys)
        .order_by("pk")[3]
    )
    Student.objects.filter(pk=late.pk).update(guardian_id_lookup="one guardian", guardian_name="马某〔演示〕")
    assert cards.give(county_code=COUNTY, student_keys=[late.key], by=cast["office"], at=NOW) == 0
    assert cards.tokens_of(COUNTY, [late.key])[late.key] == token[keys[0]]
    office = browser_of("office").get(f"/card/{token[keys[0]]}/", follow=True).content.decode()
    assert all(one.person_name in office for one in family)
    assert "这一户的 4 个孩子" in office
    school = browser_of("school").get(f"/card/{token[keys[0]]}/", follow=True).content.decode()
    assert family[1].person_name in school
    assert family[2].person_name not in school
    answer = browser_of("school").post(
        "/aid/cards/give/",
        {"school": SCHOOL, "grade": family[0].grade, "number": family[0].class_number},
        follow=True,
    )
    printed = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(answer.content))
    assert family[1].person_name in printed
    assert family[2].person_name not in printed


def test_a_mistyped_number_joins_nobody(family: list[Student]) -> None:
    """The same guardian's number alone is not enough: a name, telephone, address, or surname and village must agree."""
    keys = [one.key for one in family]
    rows = Student.objects.filter(key__in=keys)
    rows.update(
        guardian2_name=None,
        guardian_phone_lookup="",
        guardian2_phone_lookup="",
        home_address=None,
        home_village=None,
    )
    for place, key in enumerate(keys):
        rows.filter(key=key).update(guardian_name=f"甲{place}")
    day = family[0].valid_from
    assert households(COUNTY, day, keys)[keys[0]] == {keys[0]}
    rows.filter(key__in=keys[1:]).update(guardian_phone_lookup="the same telephone")
    assert households(COUNTY, day, keys)[keys[1]] == set(keys[1:])


def test_a_number_of_many_pupils_is_no_household(family: list[Student], cast: dict[str, User]) -> None:
    rows = Student.objects.filter(valid_to=None, replaced_by=None, enrolment_status="在读")
    many = list(rows.order_by("pk").values_list("pk", flat=True)[:20])
    rows.filter(pk__in=many).update(
        guardian_id_lookup="the home's own number", guardian_name="福利院〔演示〕"
    )
    keys = list(rows.filter(pk__in=many).values_list("key", flat=True))
    found = households(COUNTY, rows[0].valid_from, keys)
    assert {len(members) for members in found.values()} == {1}
    cards.give(county_code=COUNTY, student_keys=keys, by=cast["office"], at=NOW)
    assert len(set(cards.tokens_of(COUNTY, keys).values())) == len(keys)


def test_a_renewed_card_holds_the_household_of_today(family: list[Student], cast: dict[str, User]) -> None:
    keys = [one.key for one in family]
    cards.give(county_code=COUNTY, student_keys=keys, by=cast["office"], at=NOW)
    Student.objects.filter(pk=family[2].pk).update(guardian_id_lookup="another")
    cards.renew(county_code=COUNTY, student_key=keys[0], reason="遗失", by=cast["office"], at=NOW)
    assert set(cards.tokens_of(COUNTY, keys)) == set(keys[:2])
    cards.give(county_code=COUNTY, student_keys=keys[2:], by=cast["office"], at=NOW)
    assert len(set(cards.tokens_of(COUNTY, keys).values())) == 2


def test_a_lost_card_is_renewed(browser_of: BrowserOf, child: Student, token: str) -> None:
    school = browser_of("school")
    refused = school.post("/aid/cards/renew/", {"identity": child.pk, "reason": " "}, follow=True)
    assert "请写明换发原因" in refused.content.decode()
    done = school.post(
        "/aid/cards/renew/", {"identity": child.pk, "reason": "遗失", "school": SCHOOL}, follow=True
    )
    assert "旧卡从现在起打不开" in done.content.decode()
    assert cards.children_of(token) is None
    county, keys = cards.children_of(cards.tokens_of(COUNTY, [child.key])[child.key]) or ("", ())
    assert county == COUNTY
    assert child.key in keys
    assert school.post("/aid/cards/renew/", {"identity": "9" * 30, "reason": "x"}).status_code == 404


def test_a_token_is_read_as_people_type_it_and_kept_sealed(token: str) -> None:
    typed = f" {token[:4].lower()}-{token[4:8]} {token[8:]} "
    assert cards.children_of(typed) == cards.children_of(token) is not None
    assert cards.children_of("") is None
    assert token.encode() not in bytes(Card.objects.get().token)
    assert token not in Card.objects.get().token_lookup
    assert len({cards.new_token() for _ in range(1000)}) == 1000


def test_guessing_is_slowed_down(token: str) -> None:
    with patch.object(limit, "ASKED_A_MINUTE", 2):
        codes = [Client().get(f"/card/{token}/").status_code for _ in range(4)]
    assert codes == [200, 200, 429, 429]


def test_one_valid_card_a_child(child: Student, token: str, cast: dict[str, User]) -> None:
    other = Card.objects.create(
        county_code=COUNTY, token=b"x", token_lookup="other", by=cast["office"], at=NOW
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        CardChild.objects.create(card=other, county_code=COUNTY, student_key=child.key, since=NOW)
    with pytest.raises(Refused, match="没有符合条件"):
        cards.give(county_code=COUNTY, student_keys=[], by=cast["office"], at=NOW)


def test_who_sees_no_children_prints_no_cards(browser_of: BrowserOf) -> None:
    for role in ("unit", "administrator", "teacher"):
        assert browser_of(role).get("/aid/cards/").status_code == 403


def test_the_sheet_holds_what_it_should_and_nothing_else() -> None:
    made = cards_pdf(
        [
            Printed(
                tuple(Child(f"马小{n}{m}", "豫海小学", "三年级2班") for m in range(1 + n % 3)),
                f"https://a.example/phone/c/{n}/",
                "ABCDEFGHJKMNPQ23",
            )
            for n in range(11)
        ],
        title="家庭二维码卡",
    )
    pages = pypdfium2.PdfDocument(made)
    assert len(pages) == 2
    words = pages[0].get_textpage().get_text_range()
    assert words.count("豫海小学") == 4 + 3 * 2 + 3 * 3
    assert "ABCD-EFGH-JKMN-PQ23" in words
    assert "监护" not in words
