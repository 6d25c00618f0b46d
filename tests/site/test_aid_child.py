"""A child's aid file: all terms, every clause with its reason, facts with their register, payments, the decision letter."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from unittest.mock import patch
from zipfile import ZipFile

import pytest
from django.test import Client

from bureau.entitlements import evaluation_actions, lists, paid_actions, terms
from bureau.entitlements.evaluation_models import Claim, Evaluation
from bureau.log.models import Entry
from bureau.pages import aid_letter
from bureau.pages.people_columns import opened
from bureau.people.models import User
from bureau.registry.models import Student
from bureau.work import aid_tasks
from site_rows import COUNTY, NOW, TODAY
from word_checks import flaws_of

pytestmark = pytest.mark.django_db
BrowserOf = Callable[[str], Client]
TERM = terms.Term(2025, "秋")


@pytest.fixture
def line(county: str, cast: dict[str, User]) -> Claim:
    """A day pupil of 演示甲小学 who is due 312.5 元 in 2025秋 and got 300."""
    for each in (TERM, TERM.next):
        made = evaluation_actions.ask(county_code=county, term=each, by=None, at=NOW, today=TODAY)
        aid_tasks.carry_out(made.pk)
    one = lists.current(county, TERM.text)
    found = Claim.objects.filter(evaluation=one, school_code="2164990001", clause="cn.day", state="paid")[0]
    entry = paid_actions.PaidEntry(found.student_key, "cn.day", 30_000, date(2026, 1, 5))
    paid_actions.record_paid(county_code=county, term=TERM.text, entries=[entry], source="演示批次七", reference="batch:7", by=cast["office"], at=NOW, today=TODAY)  # fmt: skip
    found.refresh_from_db()
    return found


def test_every_clause_with_its_reason_and_what_would_change_it(line: Claim, browser_of: BrowserOf) -> None:
    html = browser_of("office").get(f"/aid/children/{line.student_key}/?term={TERM.text}").content.decode()
    assert "四类非寄宿生生活补助" in html
    assert "享受补助，每年625元" in html
    assert "什么会改变：" in html
    assert "依据：" in html
    assert "家庭经济困难寄宿生生活补助" in html  # not met, and why
    assert "若寄宿" in html
    assert "学籍登记册（学校填报）" in html
    assert "演示批次七" in html
    assert "300.00" in html
    assert "少发" in html
    child = Student.objects.get(key=line.student_key)
    assert opened(child.id_number) not in html
    entry = Entry.objects.order_by("-seq")[0]
    assert (entry.verb, entry.kind, entry.key) == ("view", "aid_child", line.student_key)


def test_every_clause_of_the_county_is_answered(line: Claim, browser_of: BrowserOf) -> None:
    one = lists.current(COUNTY, TERM.text)
    assert one is not None
    html = browser_of("office").get(f"/aid/children/{line.student_key}/?term={TERM.text}").content.decode()
    from bureau.entitlements.queries import county_book

    for clause in county_book(COUNTY).clauses:
        reaches = any(COUNTY.startswith(area) for area in clause.areas) and clause.stages != ("教职工",)
        assert (f"/aid/clauses/{clause.id}/" in html) == reaches, clause.id


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_the_letter_says_what_and_why_and_no_number(line: Claim, browser_of: BrowserOf, form: str) -> None:
    answer = browser_of("office").get(f"/aid/children/{line.student_key}/{TERM.text}/{form}/")
    assert answer.status_code == 200
    entry = Entry.objects.order_by("-seq")[0]
    assert (entry.verb, entry.kind, entry.detail["form"]) == ("export", "aid_letter", form)
    if form == "pdf":
        assert answer.content[:5] == b"%PDF-"
        return
    text = ZipFile(BytesIO(answer.content)).read("word/document.xml").decode()
    child = Student.objects.get(key=line.student_key)
    assert child.person_name in text
    assert "312.50" in text
    assert opened(child.id_number) not in text


def test_letters_of_other_terms_and_forms_are_not_there(line: Claim, browser_of: BrowserOf) -> None:
    client = browser_of("office")
    assert client.get(f"/aid/children/{line.student_key}/2019秋/docx/").status_code == 404
    assert client.get(f"/aid/children/{line.student_key}/{TERM.text}/exe/").status_code == 404


def test_a_school_sees_its_own_children_only(line: Claim, browser_of: BrowserOf) -> None:
    assert browser_of("school").get(f"/aid/children/{line.student_key}/").status_code == 200
    other = Claim.objects.exclude(school_code="2164990001").exclude(student_key__startswith="line:")[0]
    assert browser_of("school").get(f"/aid/children/{other.student_key}/").status_code == 404
    assert browser_of("school").get(f"/aid/children/{other.student_key}/{TERM.text}/docx/").status_code == 404
    assert browser_of("office").get("/aid/children/nobody/").status_code == 404
    assert browser_of("unit").get(f"/aid/children/{line.student_key}/").status_code == 403


def test_a_former_school_sees_the_terms_that_were_its_own(line: Claim, browser_of: BrowserOf) -> None:
    Student.objects.filter(key=line.student_key).update(school_code="2164990003")
    evaluation = evaluation_actions.ask(county_code=COUNTY, term=TERM.next, by=None, at=NOW, today=TODAY)
    aid_tasks.carry_out(evaluation.pk)
    html = browser_of("school").get(f"/aid/children/{line.student_key}/").content.decode()
    assert "2025秋学期：逐条判断" in html
    assert "?term=2026春" not in html
    assert "现在不在您的辖区在读" in html
    assert "?term=2026春" in browser_of("office").get(f"/aid/children/{line.student_key}/").content.decode()


def test_the_pupils_page_shows_aid_to_who_may_see_it(line: Claim, browser_of: BrowserOf) -> None:
    identity = Student.objects.get(key=line.student_key).pk
    html = browser_of("office").get(f"/students/{identity}/").content.decode()
    assert "看资助档案" in html
    assert "少发" in html
    assert Evaluation.objects.filter(current=True).count() == 2


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_the_letters_of_a_list_are_packed_by_school(line: Claim, browser_of: BrowserOf, form: str) -> None:
    """As the list is filtered, each child once; many are made by the worker, who asks the same address."""
    office = browser_of("office")
    asked = {"term": line.evaluation.term, "list": "all", "school_code": line.school_code}
    page = office.get("/aid/", asked).content.decode()
    assert f"/aid/letters/{form}/?" in page
    rows = Claim.objects.filter(evaluation=line.evaluation, school_code=line.school_code)
    keys = set(rows.values_list("student_key", flat=True))
    few, many = (patch.object(aid_letter, "AT_ONCE", most) for most in (len(keys), 0))
    with few:
        answer = office.get(f"/aid/letters/{form}/", asked)
    with ZipFile(BytesIO(answer.content)) as packed:
        assert len(packed.namelist()) == len(keys)
        assert len({name.partition("/")[0] for name in packed.namelist()}) == 1
        assert all(name.endswith(form) for name in packed.namelist())
        if form == "docx":
            assert flaws_of(packed.read(packed.namelist()[0])) == []
    entry = Entry.objects.latest("seq")
    assert (entry.verb, entry.kind, entry.detail["children"]) == ("export", "aid_letters", len(keys))
    with many, patch("bureau.pages.later.make_download") as worker:
        sent = office.get(f"/aid/letters/{form}/", asked)
    assert sent.status_code == 302
    assert worker.enqueue.call_count == 1


def test_letters_of_too_many_or_of_nobody_are_refused(line: Claim, browser_of: BrowserOf) -> None:
    office = browser_of("office")
    nobody = {"term": line.evaluation.term, "list": "all", "q": "没有这个人"}
    assert "没有告知书可做" in office.get("/aid/letters/docx/", nobody, follow=True).content.decode()
    with patch.object(aid_letter, "MOST_LETTERS", 0):
        many = office.get("/aid/letters/docx/", {"term": line.evaluation.term}, follow=True)
    assert "请先按学校或资助项目筛选" in many.content.decode()
    assert office.get("/aid/letters/exe/").status_code == 404
    assert browser_of("unit").get("/aid/letters/docx/").status_code == 403
