"""每种文书都能打开: every letter of every ledger, from a case that knows little and one that knows much, holds together as a Word file."""

from datetime import date

import pytest

from bureau.cases import letters, packs
from bureau.cases.models import Case
from junheng.documents.official import flaws, official_document
from junheng.policy.ledgers import parse, shipped
from site_rows import COUNTY, TODAY
from word_checks import flaws_of

pytestmark = pytest.mark.django_db
LETTERS = [(code, one.name) for code, text in sorted(shipped().items()) for one in parse(text).letters]


def a_case(code: str, state: str, **known: object) -> Case:
    """A case that is not stored: a letter only reads it."""
    return Case(
        pk=10**9,
        county_code=COUNTY,
        ledger=code,
        subject="item",
        state=state,
        opened_on=date(2026, 2, 2),
        **known,
    )


@pytest.mark.parametrize(("code", "name"), LETTERS)
def test_every_letter_of_a_ledger(county: str, code: str, name: str) -> None:
    of = packs.ledger(county, code)
    sheet = of.letter(name)
    state = sheet.states[0]
    filled = {column.name: "演示〈&〉内容" for column in of.columns if column.kind == "text"}
    much = a_case(
        code, state, label="演示学生〔甲〕", school="演示小学", class_name="三年级2班", village="演示村", due=date(2026, 4, 1), fields=filled,
        evidence={"发现": "学籍在读，" * 40},
    )  # fmt: skip
    for case in (a_case(code, state, label="演示对象"), much):
        document = letters.letter(case, name, today=TODAY, marked="演示数据")
        assert flaws(document) == ()
        assert flaws_of(official_document(document)) == []


def test_there_are_letters_to_look_at() -> None:
    assert len(LETTERS) >= 15
