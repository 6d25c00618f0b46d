"""发放各页: the screens of funds, awards, publication, batches, accounts and findings, as people use them."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.timezone import localdate
from openpyxl import load_workbook

from bureau.cases.models import Case
from bureau.cases.sweeping import sweep
from bureau.cases.tables import County
from bureau.entitlements import terms
from bureau.log.models import Entry
from bureau.pages import later
from bureau.payments import account_actions, award_actions, fund_actions, publication, review_actions
from bureau.payments.models import (
    Award,
    AwardRound,
    BankAccount,
    BankTemplate,
    Batch,
    Finding,
    Fund,
    Line,
    Objection,
    PaymentFile,
)
from bureau.payments.persons import by_keys
from bureau.people.models import User
from bureau.people.secret import unseal
from bureau.registry.models import Student
from bureau.work.finding_tables import payment_findings
from bureau.work.making import make_download
from bureau.work.models import Download
from site_rows import COUNTY, NOW, csv_of

BrowserOf = Callable[[str], Client]
pytestmark = pytest.mark.django_db
SCHOOL, CLAUSE, TERM = "2164990001", "cn.boarder", "2025秋"


@pytest.fixture
def fund(cast: dict[str, User]) -> Fund:
    today = localdate()
    made = fund_actions.open_fund(
        county_code=COUNTY,
        name="教育扶贫基金",
        sources=["county"],
        begun_on=today.replace(month=1, day=1),
        by=cast["office"],
        at=NOW,
    )
    for kind in ("income", "budget"):
        fund_actions.enter(
            fund=made,
            entry=fund_actions.Entry(kind, "county", 100_000_00, today, "演示"),
            by=cast["office"],
            at=NOW,
            today=today,
        )
    return made


@pytest.fixture
def published(cast: dict[str, User], fund: Fund) -> AwardRound:
    made = award_actions.open_round(
        county_code=COUNTY,
        title="秋季补助",
        person_kind="student",
        term=TERM,
        clause=CLAUSE,
        fund=fund,
        shares={"county": 100},
        by=cast["office"],
        at=NOW,
    )
    keys = Student.objects.filter(
        school_code=SCHOOL, replaced_by=None, valid_to=None, enrolment_status="在读"
    ).order_by("key")
    people = by_keys(COUNTY, "student", keys.values_list("key", flat=True)[:4])
    award_actions.propose(
        round=made,
        proposals=[award_actions.Proposal(one, 625_00, "建档立卡户，家住演示村") for one in people.values()],
        entered="entitled",
        by=cast["office"],
        at=NOW,
    )
    review_actions.school_pass(round=made, by=cast["school"], at=NOW)
    review_actions.review_pass(round=made, by=cast["office"], at=NOW)
    for number, person in enumerate(people.values()):
        given = account_actions.Given(person, f"6217001111{number:09d}", "演示银行", person.name, "本人")
        account_actions.set_account(
            county_code=COUNTY, given=given, by=cast["office"], at=NOW, today=localdate()
        )
    return publication.publish(round=made, by=cast["office"], at=NOW, today=localdate())


def over(made: AwardRound) -> None:
    """As if the days of the publication had gone by."""
    AwardRound.objects.filter(pk=made.pk).update(
        published_on=localdate() - timedelta(days=9), published_until=localdate() - timedelta(days=1)
    )


def said(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined, no-any-return]


def test_the_public_list_shows_four_fields_and_nothing_else(published: AwardRound) -> None:
    client, award = Client(), published.awards.all()[0]
    Student.objects.filter(key=award.person_key).update(guardian_name="演示监护人某某")
    assert published.title in said(client.get("/public/awards/"))
    answer = client.get(f"/public/awards/{published.pk}/")
    text = said(answer)
    for part in (award.person_name, award.school_name, award.grade, award.class_name):
        assert part in text
    row = Student.objects.filter(key=award.person_key, replaced_by=None, valid_to=None)[0]
    secrets = [
        unseal(row.id_number),
        "建档立卡",
        "演示村",
        "625",
        row.guardian_name,
        str(row.birth_date),
        "6217",
    ]
    for secret in secrets:
        assert not secret or secret not in text
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_public_list_is_gone_after_its_days(published: AwardRound) -> None:
    over(published)
    answer = Client().get(f"/public/awards/{published.pk}/")
    assert answer.status_code == 404
    assert published.awards.all()[0].person_name not in said(answer)
    assert published.title not in said(Client().get("/public/awards/"))
    assert (
        Client().post(f"/public/awards/{published.pk}/objection/", {"text": "请核查这份名单"}).status_code
        == 404
    )


def test_anybody_may_object_and_staff_settle_it(
    browser_of: BrowserOf, published: AwardRound, cast: dict[str, User]
) -> None:
    address = f"/public/awards/{published.pk}/objection/"
    assert Client().post(address, {"text": "短"}).status_code == 422
    award = published.awards.all()[0]
    answer = Client().post(
        address, {"about": award.person_name, "text": "这家在县城有房，请核查", "contact": "13800000000"}
    )
    assert "已收到" in said(answer)
    one = Objection.objects.get()
    assert b"13800000000" not in bytes(one.contact)
    office = browser_of("office")
    assert "13800000000" in said(office.get(f"/awards/objections/{one.pk}/"))
    assert "13800000000" not in said(browser_of("auditor").get(f"/awards/objections/{one.pk}/"))
    office.post(f"/awards/objections/{one.pk}/name/", {"award": award.pk})
    refused = said(office.post(f"/awards/objections/{one.pk}/dismiss/", {"answer": "已核查"}, follow=True))
    assert "评审这一项的人不能处理" in refused
    browser_of("leader").post(f"/awards/objections/{one.pk}/uphold/", {"answer": "核查属实"})
    assert Award.objects.get(pk=award.pk).state == "rejected"
    assert award.person_name not in said(Client().get(f"/public/awards/{published.pk}/"))


def a_long_receipt_is_made_by_the_worker(
    office: Client, batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/batches/{batch.pk}/receipt.xlsx"
    at_once = rows_of(office.get(address).content)
    monkeypatch.setattr(later, "LARGE", batch.lines_count - 1)
    asked, before = office.get(address), Entry.objects.count()
    row = Download.objects.get()
    assert (asked.headers["Location"], row.rows) == (f"/downloads/{row.pk}/", batch.lines_count)
    page = said(office.get(asked.headers["Location"]))
    assert "取消制作" in page
    assert f'href="/batches/{batch.pk}/"' in page  # back to the batch, not to another file
    assert Entry.objects.count() == before  # what nobody has yet is not logged as taken
    make_download.func(row.pk)
    assert Entry.objects.order_by("-seq")[0].verb == "export"
    assert rows_of(office.get(f"/downloads/{row.pk}/file/").content) == at_once
    assert [line[3] for line in at_once].count(625) == batch.lines_count
    monkeypatch.undo()


def rows_of(content: bytes) -> list[tuple[object, ...]]:
    return [row for tab in load_workbook(BytesIO(content)) for row in tab.iter_rows(values_only=True)]


def test_a_batch_from_the_page_to_the_bank_and_back(
    browser_of: BrowserOf, published: AwardRound, cast: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    over(published)
    office, leader = browser_of("office"), browser_of("leader")
    fields = ["position", "number", "holder_name", "account", "amount"]
    office.post(
        "/batches/formats/new/",
        {
            "name": "农商行",
            "form": "csv",
            "encoding": "utf-8-sig",
            "field": fields,
            "heading": ["序号", "批次号", "户名", "账号", "金额"],
            "cell_form": ["text"] * 4 + ["yuan"],
        },
    )
    template = BankTemplate.objects.get()
    page = said(office.get("/batches/new/"))
    assert f"cleared-{published.pk}" in page
    office.post(
        "/batches/new/", {"title": "秋季发放", "template": template.pk, "rounds": [f"cleared-{published.pk}"]}
    )
    batch = Batch.objects.get()
    office.post(f"/batches/{batch.pk}/submit/")
    assert "不能审批自己制的批次" in said(office.get(f"/batches/{batch.pk}/"))
    assert office.get(f"/batches/{batch.pk}/bank/").status_code == 403
    leader.post(f"/batches/{batch.pk}/approve/")
    before = Entry.objects.filter(verb="export").count()
    bank = office.get(f"/batches/{batch.pk}/bank/").content.decode("utf-8-sig")
    assert Entry.objects.filter(verb="export").count() == before + 1
    assert "6217001111000000000" in bank
    assert "625.00" in bank
    office.post(f"/batches/{batch.pk}/send/")
    lines = list(batch.lines.order_by("position").select_related("account"))
    rows = [
        {
            "批次号": f"发〔{localdate().year}〕1号",
            "序号": str(line.position),
            "账号": unseal(line.account.number),
            "金额": "625.00",
            "结果": "失败" if line.position == 1 else "成功",
            "失败原因": "户名不符" if line.position == 1 else "",
        }
        for line in lines
    ]
    sent = office.post(
        f"/batches/sheets/result/upload/{batch.pk}/", {"file": SimpleUploadedFile("回盘.csv", csv_of(rows))}
    )
    file = PaymentFile.objects.get()
    assert sent.headers["Location"] == f"/batches/files/{file.pk}/"
    assert "成功 3 笔 1,875.00 元" in said(office.get(f"/batches/files/{file.pk}/"))
    assert Line.objects.filter(state="paid").count() == 0
    office.post(f"/batches/files/{file.pk}/take/")
    assert Line.objects.filter(state="paid").count() == 3
    assert "户名不符" in said(office.get(f"/batches/{batch.pk}/"))
    assert office.get(f"/batches/{batch.pk}/receipt.xlsx").status_code == 200
    receipt = office.get(f"/batches/{batch.pk}/receipt.pdf")
    assert receipt.status_code in (200, 302)  # 302 where no Chinese font is installed
    a_long_receipt_is_made_by_the_worker(office, batch, monkeypatch)
    # The account that the bank refused is still in use: that is said, and it is no longer once it has been corrected.
    page = said(office.get("/batches/new/"))
    assert f"unchanged-{published.pk}" in page
    assert f"failed-{published.pk}" not in page
    assert "户名不符" in said(office.get(f"/awards/{published.pk}/?state_is=failed"))
    again = {"title": "重发", "template": template.pk, "rounds": [f"failed-{published.pk}"]}
    assert "没有可以列入的人" in said(office.post("/batches/new/", again))
    failed = Line.objects.get(state="failed")
    person = by_keys(COUNTY, "student", [failed.award.person_key])[failed.award.person_key]
    given = account_actions.Given(person, "6217001111999999999", "演示银行", person.name, "本人")
    account_actions.set_account(
        county_code=COUNTY, given=given, reason="户名不符", by=cast["office"], at=NOW, today=localdate()
    )
    assert f"failed-{published.pk}" in said(office.get("/batches/new/"))
    office.post("/batches/new/", again)
    assert Batch.objects.get(title="重发").lines.get().account.number_tail == "9999"


def test_a_wrong_table_is_shown_line_by_line_and_nothing_is_kept(browser_of: BrowserOf, fund: Fund) -> None:
    rows = [
        {
            "基金名称": "别的",
            "资金来源": "县级资金",
            "种类": "收入",
            "日期": "去年",
            "金额": "十万",
            "摘要": "x",
        }
    ]
    office = browser_of("office")
    answer = office.post(
        "/batches/sheets/funds/upload/", {"file": SimpleUploadedFile("收入.csv", csv_of(rows))}, follow=True
    )
    for part in ("第2行“基金名称”", "第2行“日期”", "第2行“金额”", "什么也没有入库"):
        assert part in said(answer)
    assert "Traceback" not in said(
        office.post(
            "/batches/sheets/funds/upload/",
            {"file": SimpleUploadedFile("x.xlsx", b"PK\x03\x04junk")},
            follow=True,
        )
    )
    assert "请选择文件" in said(office.post("/batches/sheets/funds/upload/", {}))
    assert office.get("/batches/sheets/funds/template/").status_code == 200


def test_a_ledger_page_runs_its_balance_and_exports_yuan(browser_of: BrowserOf, fund: Fund) -> None:
    office = browser_of("office")
    office.post(
        f"/funds/{fund.pk}/enter/",
        {
            "kind": "income",
            "source": "county",
            "amount": "1,234.56",
            "day": localdate().isoformat(),
            "note": "捐款转入",
        },
    )
    text = said(office.get(f"/funds/{fund.pk}/"))
    assert "101,234.56" in text
    refused = said(
        office.post(
            f"/funds/{fund.pk}/enter/",
            {
                "kind": "budget",
                "source": "county",
                "amount": "9999999",
                "day": localdate().isoformat(),
                "note": "x",
            },
            follow=True,
        )
    )
    assert "可用只有 1,234.56 元" in refused
    assert office.get(f"/funds/{fund.pk}/?format=xlsx").status_code == 200
    assert "手工记" in said(
        office.post(
            f"/funds/{fund.pk}/enter/",
            {
                "kind": "payment",
                "source": "county",
                "amount": "1",
                "day": localdate().isoformat(),
                "note": "x",
            },
            follow=True,
        )
    )


def test_the_newest_term_that_can_be_judged_is_proposed_and_why_a_newer_one_is_not(
    browser_of: BrowserOf, fund: Fund
) -> None:
    page = said(browser_of("office").get("/awards/new/"))
    states = terms.terms_of(COUNTY, localdate())
    newest = next(state for state in states if state.why_not is None)
    assert newest is not states[0]  # the example's register is of an earlier year
    assert f'name="term" value="{newest.term}"' in page
    for state in states:
        assert (f"没有推荐 {state.term}：{state.why_not}" in page) == (state.term > newest.term)
    assert f"{newest.term}学期还没有判断" in page
    assert f'value="{states[0].term}"' in said(browser_of("office").get("/awards/new/?kind=teacher"))


def test_an_account_is_masked_until_somebody_says_why(browser_of: BrowserOf, published: AwardRound) -> None:
    office, one = browser_of("office"), BankAccount.objects.all()[0]
    number = unseal(one.number)
    assert number not in said(office.get("/batches/accounts/"))
    assert number not in said(office.get(f"/batches/accounts/{one.pk}/"))
    assert office.post(f"/batches/accounts/{one.pk}/", {"reason": ""}).status_code == 422
    shown = office.post(f"/batches/accounts/{one.pk}/", {"reason": "核对身份信息"})
    assert number in said(shown)
    line = Entry.objects.filter(verb="reveal").latest("seq")
    assert line.reason == "核对身份信息"
    assert number not in str(line.detail)


def test_a_school_sees_its_own_awards_and_no_money(
    browser_of: BrowserOf, published: AwardRound, cast: dict[str, User]
) -> None:
    school = browser_of("school")
    own = published.awards.all()[0]
    assert own.person_name in said(school.get(f"/awards/{published.pk}/"))
    Award.objects.filter(pk=own.pk).update(school_code="2164999999")
    assert school.get(f"/awards/one/{own.pk}/").status_code == 404
    for address in ("/batches/", "/funds/", "/audit/", "/awards/service/", "/awards/objections/"):
        assert school.get(address).status_code == 403
    other = BankAccount.objects.exclude(person_key=own.person_key)[0]
    assert school.get(f"/batches/accounts/{other.pk}/").status_code == 200
    elsewhere = Student.objects.filter(county_code=COUNTY, replaced_by=None, valid_to=None).exclude(
        school_code=SCHOOL
    )[0]
    BankAccount.objects.filter(pk=other.pk).update(person_key=elsewhere.key)
    assert school.get(f"/batches/accounts/{other.pk}/").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/awards/",
        "/awards/new/",
        "/awards/new/?kind=teacher",
        "/batches/",
        "/batches/?view=all",
        "/batches/new/",
        "/batches/accounts/",
        "/batches/formats/",
        "/funds/",
        "/audit/",
        "/awards/service/",
        "/awards/objections/",
    ],
)
def test_every_list_opens_empty_and_exports(browser_of: BrowserOf, address: str) -> None:
    office = browser_of("office")
    assert office.get(address).status_code == 200
    assert "Traceback" not in said(office.get(address))


def test_a_finding_shows_its_evidence_and_leads_to_its_case(browser_of: BrowserOf, county: str) -> None:
    key = Student.objects.filter(county_code=COUNTY, replaced_by=None, valid_to=None)[0].key
    one = Finding.objects.create(
        county_code=COUNTY, kind="shared_account", fingerprint="x", title="尾号 0001 的账户收了 3 人的钱", person_kind="student", person_key=key, person_name="某",
        fen=187500, evidence=[["2026-01-01", "某 625.00 元"]], first_seen=localdate(), last_seen=localdate(), changed_at=NOW,
    )  # fmt: skip
    office = browser_of("office")
    assert "待建个案" in said(office.get("/audit/"))
    assert "还没有建立个案" in said(office.get(f"/audit/{one.pk}/"))
    table = {"payment_findings": payment_findings(COUNTY)}
    sweep(
        county_code=COUNTY,
        county=County({}, {}),
        more=table,
        at=NOW,
        today=localdate(),
        only="audit_findings",
    )
    case = Case.objects.get(item=str(one.pk))
    text = said(office.get(f"/audit/{one.pk}/"))
    for part in ("1,875.00", "某 625.00 元", f"/cases/{case.pk}/", "待核查"):
        assert part in text
    file = said(office.get(f"/cases/{case.pk}/"))
    assert f'href="/audit/{one.pk}/"' in file  # and back
    assert f"{case.label}：同一账户收多名受助人的钱</h1>" in file
    assert f'href="/audit/{one.pk}/"' not in said(browser_of("school").get(f"/cases/{case.pk}/"))
    Case.objects.filter(pk=case.pk).update(item="999999")  # opened by hand
    assert "/audit/999999/" not in said(office.get(f"/cases/{case.pk}/"))
    Case.objects.filter(pk=case.pk).update(item=str(one.pk))
    assert "尾号 0001" in said(office.get("/audit/"))
    assert "尾号 0001" not in said(office.get("/audit/?view=closed"))
    assert office.get("/audit/?view=all&format=xlsx").status_code == 200
    assert browser_of("school").get(f"/audit/{one.pk}/").status_code == 403


def test_settings_are_assumed_until_a_named_person_saves_them(browser_of: BrowserOf, county: str) -> None:
    office, address = browser_of("office"), "/awards/settings/"
    assert said(office.get(address)).count("假定") >= 3
    wrong = office.post(address, {"name": "publication_days", "value": "0", "basis": ""})
    assert wrong.status_code == 422
    for part in ("公示期应为 1 到 60", "请写明依据"):
        assert part in said(wrong)
    for value, basis in (("7", "演示一号文"), ("10", "演示二号文")):
        assert (
            office.post(address, {"name": "publication_days", "value": value, "basis": basis}).status_code
            == 302
        )
    text = said(office.get(address))
    assert "现在按 10 个工作日" in text
    assert "演示一号文" in text  # the one before is still told
    assert "公示 10 个工作日" in said(office.get("/awards/"))
    assert (
        browser_of("auditor").post(address, {"name": "most_siblings", "value": "9", "basis": "x"}).status_code
        == 422
    )
