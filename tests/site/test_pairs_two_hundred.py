"""二百对疑似: what a clerk's keys ask of the server for two hundred pairs, one after another: cards, decisions, an undo, the second person, and
the next version of the register, which remembers them all."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bureau.links import decisions
from bureau.links.models import Link, OutsideRegister
from bureau.people.models import User
from bureau.people.secret import unseal
from bureau.registry.models import Student
from junheng.intake.identity import check_digit
from links_rows import upload
from site_rows import NOW

BrowserOf = Callable[[str], Client]
pytestmark = pytest.mark.django_db
PAIRS, OTHER_NUMBER = 200, 8
BY_PAGE = 50  # the others by the action itself, which is what the page calls
CARD = re.compile(r'id="pair-(\d+)"')
# However many pairs wait and however many were shown before.
QUERIES_A_LOAD, QUERIES_A_PAIR = 20, 20


def other_number(number: str) -> str:
    """Somebody else's: of the same place and birthday, with its right last digit."""
    body = number[:14] + f"{(int(number[14:17]) + 338) % 1000:03}"
    return body + check_digit(body)


def written(day: date, by: User) -> OutsideRegister:
    """A list with names alone; eight lines have more, and a number that is valid and another's."""
    everybody = list(Student.objects.filter(enrolment_status="在读").order_by("pk"))
    count = Counter(one.person_name for one in everybody)
    alone = [one for one in everybody if count[one.person_name] == 1 and one.id_number][:PAIRS]
    rows = [{"姓名": one.person_name or "", "低保类别": "农村低保"} for one in alone]
    for row, one in zip(rows, alone[:OTHER_NUMBER], strict=False):
        row |= {
            "身份证号": other_number(unseal(one.id_number or b"")), "出生日期": str(one.birth_date), "性别": "男" if one.sex == "1" else "女",
            "监护人姓名": one.guardian_name or "", "乡镇": one.home_township or "",
        }  # fmt: skip
    return upload(rows, by, day=day)


def test_two_hundred_pairs_by_what_the_keys_ask(
    browser_of: BrowserOf, cast: dict[str, User], county: str
) -> None:
    register = written(date(2025, 10, 8), cast["office"])
    links = Link.objects.filter(of=register)
    assert links.filter(state="to_check").count() == PAIRS
    assert links.filter(two_numbers=True).count() == OTHER_NUMBER
    client = browser_of("office")
    json = {"accept": "application/json"}
    seen: list[str] = CARD.findall(client.get("/pairs/").content.decode())
    asked: dict[str, list[int]] = {"load": [], "pair": []}
    wanted: dict[str, str] = {}
    two = set(map(str, links.filter(two_numbers=True).values_list("pk", flat=True)))
    twins = set(map(str, links.filter(twin_like=True).values_list("pk", flat=True)))

    def ask_more() -> None:
        with CaptureQueriesContext(connection) as queries:
            more = CARD.findall(client.get("/pairs/cards/", {"seen": ",".join(seen)}).content.decode())
        asked["load"].append(len(queries))
        assert not set(more) & set(seen)
        seen.extend(more)

    for number in range(PAIRS):
        if number >= len(seen):
            ask_more()
        pk = seen[number]
        verdict = "different" if number % 10 == 4 else "visit" if number % 10 == 7 else "same"
        told: dict[str, str] = {"reason": "户口簿重新登记"} if pk in two | twins else {}
        if number < BY_PAGE:
            with CaptureQueriesContext(connection) as queries:
                answer = client.post(f"/pairs/{pk}/do/{verdict}/", told, headers=json)
            asked["pair"].append(len(queries))
            assert answer.status_code == 200, answer.content.decode()
        else:
            link = links.select_related("line", "of").get(pk=int(pk))
            decisions.decide(link=link, verdict=verdict, by=cast["office"], at=NOW, **told)
        by_two = (pk in two and verdict == "same") or (pk in twins and verdict != "visit")
        wanted[pk] = "second" if by_two else verdict
        if number == BY_PAGE - 1:
            assert client.post(f"/pairs/{pk}/do/undo/", headers=json).json()["state"] == "to_check"
            assert client.post(f"/pairs/{pk}/do/{verdict}/", told, headers=json).status_code == 200
    assert len(seen) == len(set(seen)) == PAIRS
    assert max(asked["load"]) <= QUERIES_A_LOAD, asked["load"]
    assert max(asked["pair"]) <= QUERIES_A_PAIR, asked["pair"]

    # Each as decided; those of two numbers lie on the second person's desk, and not on the first's.
    states = {str(pk): state for pk, state in links.values_list("pk", "state")}
    assert states == wanted
    assert CARD.findall(client.get("/pairs/").content.decode()) == []
    assert CARD.findall(client.get("/pairs/?desk=second").content.decode()) == []
    waiting = CARD.findall(browser_of("leader").get("/pairs/?desk=second").content.decode())
    assert waiting
    assert set(waiting) <= {pk for pk, state in wanted.items() if state == "second"}

    # The next version of the list asks nothing again.
    again = Link.objects.filter(of=written(date(2025, 11, 8), cast["office"]))
    by_name = dict(links.values_list("line__name", "state"))
    assert dict(again.values_list("line__name", "state")) == by_name
