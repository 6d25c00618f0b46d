"""The clauses' pages: what each grants in words, what waits for a person, and the proof."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from bureau.entitlements.models import Confirmation
from bureau.entitlements.queries import county_book, why_not_pay
from bureau.log.models import Entry
from bureau.pages.clauses_words import (
    EVERYBODY,
    amount_words,
    condition_words,
    grade_words,
    reaches,
    standing,
)
from bureau.people.models import User
from junheng.policy.clauses import AllOf, AnyOf, Clause, FactIs, Named, Not, load_book
from site_rows import NOW
from town.accounts import BACKEND

pytestmark = pytest.mark.django_db
BrowserOf = Callable[[str], Client]
BOOK = load_book()
DAY = date(2025, 10, 1)


def of(name: str) -> Clause:
    return BOOK.clause(name)


def test_conditions_in_words() -> None:
    poor = Named("家庭经济困难", AnyOf((FactIs("困难"), FactIs("低保"))))
    assert condition_words(AllOf((FactIs("寄宿"), poor))) == "寄宿，且属于家庭经济困难（困难或低保）"
    assert condition_words(AllOf((Not(FactIs("寄宿")), AnyOf((FactIs("残疾"), FactIs("孤儿")))))) == (
        "非寄宿，且（残疾或孤儿）"
    )
    assert condition_words(Not(poor)) == "不符合“属于家庭经济困难（困难或低保）”"
    assert condition_words(AllOf(())) == EVERYBODY
    assert condition_words(AllOf((FactIs("寄宿"), AllOf(())))) == "寄宿"
    assert condition_words(AllOf((AllOf(()), AllOf(())))) == EVERYBODY


def test_amounts_and_grades_in_words() -> None:
    boarder = of("cn.boarder")
    assert amount_words(boarder, boarder.rates[-1]) == ["小学：每年1250元", "初中：每年1500元"]
    assert grade_words(boarder.rates[-1], boarder.stages) == "小学、初中"
    university = next(one for one in BOOK.clauses if one.name == "低保户子女大学生帮扶")
    assert amount_words(university, university.rates[0]) == [
        "本科1年级：每年6000元",
        "本科2年级及以上：每年3000元",
        "专科1年级：每年5000元",
        "专科2年级及以上：每年2000元",
    ]
    fund = of("tx.fund")
    assert amount_words(fund, fund.rates[0]) == ["每年200—4000元"]


@pytest.mark.parametrize("clause", BOOK.clauses, ids=lambda one: one.id)
def test_every_clause_has_its_page(browser_of: BrowserOf, clause: Clause) -> None:
    answer = browser_of("office").get(f"/aid/clauses/{clause.id}/")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert clause.name in html
    for rate in clause.rates:
        assert not rate.cite.quote or rate.cite.quote in html.replace("&#x27;", "'").replace("&quot;", '"')
    assert html.count("✗") == 0, "a worked example does not hold"
    assert html.count('<td data-label="应得">') == len(clause.examples)


def test_the_list_shows_this_county_on_this_day(browser_of: BrowserOf) -> None:
    client = browser_of("office")
    html = client.get("/aid/clauses/").content.decode()
    assert "教育扶贫基金资助" in html
    assert "小学孤儿资助金" not in html
    assert "小学孤儿资助金" in client.get("/aid/clauses/?all=1").content.decode()
    university = client.get("/aid/clauses/?stage=本科").content.decode()
    assert "家庭经济困难寄宿生生活补助" not in university


def test_standing_depends_on_day_and_county() -> None:
    fund = of("tx.fund")
    assert standing(fund, date(2018, 10, 1), "640324") == "待确认，不能发放"
    assert standing(fund, date(2021, 1, 1), "640324") == "已到期"
    assert standing(fund, date(2017, 1, 1), "640324") == "未生效"
    assert standing(of("tx.tuition"), date(2018, 10, 1), "640324") == "有效"
    assert reaches(fund, "640324")
    assert not reaches(fund, "640106")


def test_what_waits_says_what_no_document_says(browser_of: BrowserOf) -> None:
    client = browser_of("office")
    html = client.get("/aid/clauses/tx.fund/").content.decode()
    assert "待确认，不能发放" in html
    assert "如何分档" in html
    proof = client.get("/aid/clauses/proof/").content.decode()
    assert "已证明" in proof
    assert "如何分档" in proof


def test_export_and_unknown_clause(browser_of: BrowserOf) -> None:
    client = browser_of("office")
    workbook = client.get("/aid/clauses/?format=xlsx")
    assert workbook.status_code == 200
    assert workbook.content[:2] == b"PK"
    missing = client.get("/aid/clauses/%3Cscript%3E/")
    assert missing.status_code == 404
    assert "请从条款列表打开" in missing.content.decode()
    assert "<script>" not in missing.content.decode().split("</head>")[-1]


@pytest.fixture
def in_jinfeng(cast: dict[str, User]) -> Callable[[str], Client]:
    """A leader or clerk of the region, who has chosen 金凤区."""

    def signed_in(role: str) -> Client:
        person = cast[role]
        person.area = None
        person.save()
        client = Client()
        client.force_login(person, backend=BACKEND)
        session = client.session
        session["county"] = "640106"
        session.save()
        return client

    return signed_in


def test_two_persons_confirm_for_the_county_and_it_is_withdrawn(
    in_jinfeng: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bureau.pages.context._counties", lambda user: ["640106", "640324"])
    client, other, address = in_jinfeng("office"), in_jinfeng("leader"), "/aid/clauses/jf.primary/"
    question = "三年行动（2018—2020年）期满后是否继续执行，文件未载明"

    def now() -> str:
        return standing(county_book("640106").clause("jf.primary"), DAY, "640106")

    assert now() == "待确认，不能发放"
    assert question in str(why_not_pay("640106", "jf.primary", DAY))
    nothing = client.post(f"{address}confirm/", {"of": "jf.primary", "reason": " "}, follow=True)
    assert "请写明依据" in nothing.content.decode()
    first = client.post(
        f"{address}confirm/", {"of": "jf.primary", "reason": "局务会纪要〔演示〕"}, follow=True
    )
    assert "待另一人复核" in first.content.decode()
    assert now() == "待确认，不能发放"
    alone = client.post(f"{address}check/", {"of": "jf.primary"}, follow=True)
    assert "请由另一位有权限的人员复核" in alone.content.decode()
    assert now() == "待确认，不能发放"
    done = other.post(f"{address}check/", {"of": "jf.primary"}, follow=True).content.decode()
    assert "已由两人确认" in done
    assert "局务会纪要〔演示〕" in done
    assert now() == "有效"
    assert why_not_pay("640106", "jf.primary", DAY) is None
    assert county_book("640106").version != BOOK.version
    assert county_book("640324").version == BOOK.version
    line = Entry.objects.latest("seq")
    assert (line.kind, line.key, line.reason) == ("clause", "jf.primary", "局务会纪要〔演示〕")
    typed = {
        "pupil": "小学:2",
        "county": "640106",
        "answered": "1",
        "fact-困难": "yes",
        "day": DAY.isoformat(),
    }
    public = Client().post("/public/aid/", typed).content.decode()
    assert "小学贫困生资助金" in public.split("可以享受", 1)[1].split("<h3", 1)[0]
    client.post(f"{address}withdraw/", {"of": "jf.primary"})
    assert county_book("640106").version == BOOK.version
    assert "撤回" in client.get(address).content.decode()
    again = client.post(f"{address}confirm/", {"of": "jf.primary", "reason": "再次确认"}, follow=True)
    assert "再次确认" in again.content.decode()


def test_the_database_knows_that_nobody_checks_alone(cast: dict[str, User]) -> None:
    row = {
        "county_code": "640324",
        "of": "x",
        "assumption": "x",
        "reason": "x",
        "by": cast["office"],
        "at": NOW,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Confirmation.objects.create(**row, checked_by=cast["office"], checked_at=NOW)
    assert Confirmation.objects.create(**row, checked_by=cast["leader"], checked_at=NOW).pk


@pytest.mark.parametrize("clause", ["tx.fund", "cn.senior_grant"])
def test_a_range_or_an_average_is_not_confirmed_but_written_in_tiers(
    browser_of: BrowserOf, clause: str
) -> None:
    office = browser_of("office")
    answer = office.post(f"/aid/clauses/{clause}/confirm/", {"of": clause, "reason": "x"}, follow=True)
    assert "请先在县级条款包中写明分档和金额" in answer.content.decode()
    assert not Confirmation.objects.exists()


def test_who_may_not_confirm_and_what_cannot_be(browser_of: BrowserOf) -> None:
    school = browser_of("school")
    assert "不能修改县级标准" in school.get("/aid/clauses/cn.senior_grant/").content.decode()
    refused = school.post("/aid/clauses/cn.senior_grant/confirm/", {"of": "cn.senior_grant", "reason": "x"})
    assert refused.status_code == 403
    office = browser_of("office")
    assert (
        office.post("/aid/clauses/tx.fund/confirm/", {"of": "cn.boarder", "reason": "x"}).status_code == 404
    )
    elsewhere = office.post("/aid/clauses/jf.minimum/confirm/", {"of": "jf.university", "reason": "x"})
    assert elsewhere.status_code == 404
    assert not Confirmation.objects.exists()


def test_other_words_in_the_pack_end_a_confirmation(browser_of: BrowserOf, cast: dict[str, User]) -> None:
    Confirmation.objects.create(
        county_code="640324",
        of="cn.senior_grant",
        assumption="从前的说法",
        reason="纪要",
        by=cast["office"],
        at=NOW,
        checked_by=cast["leader"],
        checked_at=NOW,
    )
    assert standing(county_book("640324").clause("cn.senior_grant"), DAY, "640324") == "待确认，不能发放"
    assert "原确认不再有效" in browser_of("office").get("/aid/clauses/cn.senior_grant/").content.decode()
