"""发放的坏数据: what banks and clerks send wrongly is refused through the page, with every problem and nothing booked; and what may be stated."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.timezone import localdate

from bureau.payments import (
    account_actions,
    award_actions,
    batch_actions,
    drafting,
    fund_actions,
    jobs,
    publication,
    review_actions,
)
from bureau.payments import batch_queries as queries
from bureau.payments.batch_rules import STANDARD
from bureau.payments.models import (
    Award,
    AwardRound,
    BankAccount,
    Batch,
    Fund,
    Job,
    Line,
    Movement,
    PaymentFile,
)
from bureau.payments.persons import Person, by_keys
from bureau.people.models import User
from bureau.people.secret import unseal
from bureau.registry.models import Student
from site_rows import COUNTY, NOW, csv_of

BrowserOf = Callable[[str], Client]
pytestmark = pytest.mark.django_db
SCHOOL, CLAUSE, TERM = "2164990001", "cn.boarder", "2025秋"
Rows = Sequence[dict[str, str]]


def said(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def pupils(county: str) -> list[Person]:
    keys = Student.objects.filter(
        school_code=SCHOOL, replaced_by=None, valid_to=None, enrolment_status="在读"
    ).order_by("key")
    return list(by_keys(COUNTY, "student", keys.values_list("key", flat=True)[:4]).values())


@pytest.fixture
def opened(cast: dict[str, User], pupils: list[Person]) -> AwardRound:
    """A round whose publication is over."""
    today = localdate()
    fund = fund_actions.open_fund(
        county_code=COUNTY, name="教育扶贫基金", sources=["county"], begun_on=today.replace(month=1, day=1), by=cast["office"], at=NOW
    )  # fmt: skip
    for kind in ("income", "budget"):
        entry = fund_actions.Entry(kind, "county", 100_000_00, today, "演示")
        fund_actions.enter(fund=fund, entry=entry, by=cast["office"], at=NOW, today=today)
    made = award_actions.open_round(
        county_code=COUNTY, title="秋季补助", person_kind="student", term=TERM, clause=CLAUSE, fund=fund, shares={"county": 100},
        by=cast["office"], at=NOW,
    )  # fmt: skip
    proposals = [award_actions.Proposal(one, 625_00) for one in pupils]
    award_actions.propose(round=made, proposals=proposals, entered="uploaded", by=cast["office"], at=NOW)
    given = [
        account_actions.Given(person, f"6217001111{number:09d}", "演示银行", person.name, "本人")
        for number, person in enumerate(pupils)
    ]
    account_actions.take(county_code=COUNTY, accounts=given, by=cast["office"], at=NOW, today=today)
    batch_actions.save_template(
        county_code=COUNTY, name="农商行", columns=list(STANDARD), by=cast["office"], at=NOW
    )
    return made


@pytest.fixture
def cleared(opened: AwardRound, cast: dict[str, User]) -> AwardRound:
    today = localdate()
    review_actions.school_pass(round=opened, by=cast["school"], at=NOW)
    review_actions.review_pass(round=opened, by=cast["office"], at=NOW)
    before = today - timedelta(days=40)
    publication.publish(round=opened, by=cast["office"], at=NOW, today=before)
    publication.keep_up(county_code=COUNTY, today=today, at=NOW)
    return opened


@pytest.fixture
def sent(cleared: AwardRound, cast: dict[str, User]) -> Batch:
    today = localdate()
    second = User.objects.create(
        username="second", display_name="演示", role="office", area=cast["office"].area
    )
    batch = drafting.draft(
        county_code=COUNTY, title="秋季发放", awards=queries.drawable(COUNTY), template=queries.templates(COUNTY)[0], by=second, at=NOW,
    )  # fmt: skip
    batch = batch_actions.submit(batch=batch, by=second, at=NOW, today=today)
    batch = batch_actions.approve(batch=batch, by=cast["leader"], at=NOW, today=today)
    return batch_actions.send(batch=batch, by=second, at=NOW)


def rows_of(batch: Batch) -> list[dict[str, str]]:
    return [
        {"批次号": queries.number_of(batch), "序号": str(line.position), "账号": unseal(line.account.number), "金额": "625.00", "结果": "成功", "失败原因": ""}
        for line in batch.lines.order_by("position").select_related("account")
    ]  # fmt: skip


def uploaded(client: Client, batch: Batch, rows: Rows, **more: str) -> str:
    """What the page says of the file."""
    file = SimpleUploadedFile("回盘.csv", csv_of(rows))
    address = f"/batches/sheets/result/upload/{batch.pk}/"
    return said(client.post(address, {"file": file, **more}, follow=True))


def untouched(batch: Batch) -> bool:
    return (
        not batch.lines.exclude(state="waiting").exists()
        and not Movement.objects.filter(kind="payment").exists()
    )


def changed(rows: Rows, **cells: str) -> list[dict[str, str]]:
    return [{**row, **cells} for row in rows]


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("another batch", "不是本批次"),
        ("another reference", "业务参考号“640324-2020-7-1”不是本批次的"),
        ("in ten thousands", "以万元为单位的请换算成元"),
        ("heading in ten thousands", "“金额（万元）”不以元为单位"),
        ("in fen", "是不是以分为单位"),
        ("a line lacks", "回盘里缺 1 笔（序号 4）"),
        ("twice the same", "与第2行是同一笔"),
        ("rounded account", "科学记数法"),
        ("another account", "账号与本批次不同"),
        ("failed without a reason", "失败的要写明银行给的原因"),
        ("unknown word", "“处理中”应为 成功 或 失败"),
        ("a day to come", "不是今天以前的日期"),
        ("no rows", "没有数据行"),
    ],
)
def test_a_wrong_answer_of_the_bank_is_refused_whole(
    browser_of: BrowserOf, sent: Batch, name: str, part: str
) -> None:
    rows = rows_of(sent)
    first, *rest = rows
    wrong: dict[str, Rows] = {
        "another batch": changed(rows, 批次号="发〔2020〕7号"),
        "another reference": [{**row, "业务参考号": f"640324-2020-7-{row['序号']}"} for row in rows],
        "in ten thousands": changed(rows, 金额="0.0625"),
        "heading in ten thousands": [
            {("金额（万元）" if key == "金额" else key): value for key, value in row.items()} for row in rows
        ],
        "in fen": changed(rows, 金额="62500"),
        "a line lacks": rows[:3],
        "twice the same": [first, first, *rest[1:]],
        "rounded account": [{**first, "账号": "6.217E+18"}, *rest],
        "another account": [{**first, "账号": "6217999999999999999"}, *rest],
        "failed without a reason": [{**first, "结果": "失败"}, *rest],
        "unknown word": [{**first, "结果": "处理中"}, *rest],
        "a day to come": changed(rows, 到账日期=f"{localdate() + timedelta(days=1)}"),
        "no rows": [dict.fromkeys(first, "")],
    }
    text = uploaded(browser_of("office"), sent, wrong[name])
    assert part in text
    assert "什么也没有入库" in text
    assert "Traceback" not in text
    assert untouched(sent)


def test_a_totals_row_and_a_title_above_are_no_problem(browser_of: BrowserOf, sent: Batch) -> None:
    rows = rows_of(sent)
    total = {**dict.fromkeys(rows[0], ""), "批次号": "合计", "金额": "2500.00"}
    assert "成功 4 笔 2,500.00 元" in uploaded(browser_of("office"), sent, [*rows, total])


def test_a_bank_that_lists_failures_only_is_believed_when_a_person_says_so(
    browser_of: BrowserOf, sent: Batch
) -> None:
    office, today = browser_of("office"), localdate()
    Batch.objects.filter(pk=sent.pk).update(sent_at=NOW)
    failed = [{**rows_of(sent)[1], "失败原因": "户名不符"}]
    del failed[0]["结果"]  # such lists need not say of each line that it failed
    assert "没有找到标题" in uploaded(office, sent, failed)
    full = [{**failed[0], "结果": "失败"}]
    assert "勾选“银行只返回失败明细”" in uploaded(office, sent, full)
    assert "请填写其余各笔的到账日期" in uploaded(office, sent, failed, only_failures="1")
    before = f"{NOW.date() - timedelta(days=1)}"
    assert "其余各笔的到账日期应在" in uploaded(office, sent, failed, only_failures="1", rest_on=before)
    paid = [{**failed[0], "结果": "成功"}]
    assert "请改按全部明细上传" in uploaded(office, sent, paid, only_failures="1", rest_on=f"{today}")
    text = uploaded(office, sent, failed, only_failures="1", rest_on=f"{today}")
    for part in (
        "成功 3 笔 1,875.00 元；失败 1 笔 625.00 元",
        "文件没有列出的 3 笔共 1,875.00 元",
        "已逐条核对",
    ):
        assert part in text
    file = PaymentFile.objects.latest("pk")
    office.post(f"/batches/files/{file.pk}/take/")
    assert untouched(sent)  # counts and sums have not been confirmed
    office.post(f"/batches/files/{file.pk}/take/", {"accepted": "1"})
    states = dict(sent.lines.values_list("position", "state"))
    assert states == {1: "paid", 2: "failed", 3: "paid", 4: "paid"}
    assert set(sent.lines.filter(state="paid").values_list("paid_on", flat=True)) == {today}
    assert sum(Movement.objects.filter(kind="payment").values_list("fen", flat=True)) == 3 * 625_00


def test_an_empty_list_of_failures_means_that_all_were_paid(browser_of: BrowserOf, sent: Batch) -> None:
    Batch.objects.filter(pk=sent.pk).update(sent_at=NOW)
    rows = [dict.fromkeys(rows_of(sent)[0], "")]
    text = uploaded(browser_of("office"), sent, rows, only_failures="1", rest_on=f"{localdate()}")
    assert "文件里一笔失败也没有" in text
    assert "成功 4 笔 2,500.00 元" in text


@pytest.mark.parametrize(
    ("cells", "part"),
    [
        ({"金额": "0.0625万"}, None),
        ({"金额": "0.0625"}, "以万元为单位的请换算成元"),
        ({"金额": "1250"}, "高于这一条本学期最高的"),
        ({"金额": "6250000"}, "大了上千倍；请核对单位"),
        ({"金额": "-5"}, "应大于 0"),
        ({"学籍号": "1.2E+17", "姓名": ""}, "名册里没有这个号码"),
        ({"资助项目": "别的项目"}, "请另开一批"),
    ],
)
def test_a_list_of_awards_says_what_is_wrong_with_a_line(
    browser_of: BrowserOf, opened: AwardRound, pupils: list[Person], cells: dict[str, str], part: str | None
) -> None:
    Award.objects.filter(round=opened).delete()
    row = {
        "学籍号": "",
        "姓名": pupils[0].name,
        "学校": pupils[0].school_name,
        "资助项目": "",
        "金额": "625",
    } | cells
    file = SimpleUploadedFile("名单.csv", csv_of([row]))
    address = f"/batches/sheets/awards/upload/{opened.pk}/"
    text = said(browser_of("office").post(address, {"file": file}, follow=True))
    assert (part or "1 人，合计 625.00 元") in text
    assert not Award.objects.filter(round=opened).exists()


# --- what the worker does -----------------------------------------------------------------------------------------------


def test_a_long_list_goes_to_the_worker_and_becomes_a_batch(
    browser_of: BrowserOf, cleared: AwardRound, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bureau.payments.job_rules.AT_ONCE", 3)
    template = queries.templates(COUNTY)[0]
    form = {"title": "秋季发放", "template": template.pk, "rounds": [f"cleared-{cleared.pk}"]}
    office = browser_of("office")
    answer = office.post("/batches/new/", form)
    job = Job.objects.get()
    assert answer.headers["Location"] == f"/awards/jobs/{job.pk}/"
    job = carried_out(job)
    assert (job.state, job.batch is not None) == ("done", True)
    assert f"/batches/{job.batch_id}/" in said(office.get(f"/awards/jobs/{job.pk}/"))
    assert Line.objects.filter(batch=job.batch).count() == 4
    assert carried_out(job).batch_id == job.batch_id  # a second delivery does nothing
    assert Batch.objects.count() == 1


def test_a_refused_or_cancelled_job_leaves_nothing(
    browser_of: BrowserOf, cleared: AwardRound, cast: dict[str, User]
) -> None:
    BankAccount.objects.update(until=localdate())
    refused = carried_out(asked(cast["office"], cleared))
    assert (refused.state, "没有登记收款账户" in refused.said) == ("refused", True)
    office = browser_of("office")
    assert "没有登记收款账户" in said(office.get(f"/awards/jobs/{refused.pk}/"))
    BankAccount.objects.update(until=None)
    cancelled = asked(cast["office"], cleared)
    office.post(f"/awards/jobs/{cancelled.pk}/cancel/")
    assert carried_out(cancelled).state == "cancelled"
    # Cancelled while it is at it: the worker's next mark stops it.
    stopped = asked(cast["office"], cleared)

    def progress(share: float) -> None:
        Job.objects.filter(pk=stopped.pk).update(state="cancelled")
        raise jobs.CancelledError

    assert (
        jobs.carry_out(job=stopped, at=lambda: NOW, today=localdate(), progress=progress).state == "cancelled"
    )
    assert not Batch.objects.exists()
    assert not Award.objects.filter(state="batched").exists()


def test_the_same_list_is_not_taken_up_twice_at_once(
    browser_of: BrowserOf, opened: AwardRound, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bureau.payments.job_rules.AT_ONCE", 3)
    school = browser_of("school")
    address = f"/awards/{opened.pk}/school-pass/"
    school.post(address, {"all": "1"})
    assert "已经在后台办理" in said(school.post(address, {"all": "1"}, follow=True))
    job = carried_out(Job.objects.get())
    assert job.said == "已办 4 人"
    assert Award.objects.filter(state="school_passed").count() == 4
    assert browser_of("auditor").get(f"/awards/jobs/{job.pk}/").status_code == 403


def asked(by: User, cleared: AwardRound) -> Job:
    template = queries.templates(COUNTY)[0]
    arguments = {"rounds": {"cleared": [cleared.pk]}, "template": template.pk}
    return jobs.ask(
        county_code=COUNTY, kind="draft", title="发放", rows=4, arguments=arguments, by=by, at=NOW
    )


def carried_out(job: Job) -> Job:
    one = Job.objects.select_related("round__fund", "by").get(pk=job.pk)
    return jobs.carry_out(job=one, at=lambda: NOW, today=localdate(), progress=lambda share: None)


def test_funds_know_the_unit_of_a_sheet(browser_of: BrowserOf, opened: AwardRound) -> None:
    fund = Fund.objects.get()
    row = {
        "基金名称": fund.name,
        "资金来源": "县级资金",
        "种类": "收入",
        "日期": f"{localdate()}",
        "金额(万元)": "10",
        "摘要": "拨入",
    }
    file = SimpleUploadedFile("收入.csv", csv_of([row]))
    text = said(browser_of("office").post("/batches/sheets/funds/upload/", {"file": file}, follow=True))
    assert "“金额(万元)”不以元为单位" in text
