"""从评审到发放: one award from its list to the bank and back, by as many persons as it takes, and what stops on the way."""

from collections.abc import Sequence
from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from django.db import DatabaseError, transaction

from bureau.entitlements.paid_queries import paid_of
from bureau.payments import (
    account_actions,
    award_actions,
    award_queries,
    bank_file,
    batch_actions,
    batch_queries,
    drafting,
    file_actions,
    fund_actions,
    fund_queries,
    publication,
    review_actions,
    setting_actions,
    settling,
)
from bureau.payments.batch_rules import STANDARD
from bureau.payments.models import (
    Award,
    AwardRound,
    BankAccount,
    BankTemplate,
    Batch,
    Fund,
    Line,
    PaymentFile,
)
from bureau.payments.persons import by_keys
from bureau.people.kept import Upload
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.registry.models import Student
from site_rows import COUNTY, NOW, TODAY, csv_of

pytestmark = pytest.mark.django_db
SCHOOL, CLAUSE, TERM = "2164990001", "cn.boarder", "2025秋"
Rows = Sequence[dict[str, str]]


@pytest.fixture
def people(cast: dict[str, User]) -> dict[str, User]:
    second = User.objects.create(
        username="second", display_name="演示·资助中心 乙", role="office", area=cast["office"].area
    )
    return cast | {"second": second}


@pytest.fixture
def fund(people: dict[str, User]) -> Fund:
    made = fund_actions.open_fund(
        county_code=COUNTY,
        name="教育扶贫基金",
        sources=["centre", "region", "county"],
        begun_on=date(2025, 1, 1),
        by=people["office"],
        at=NOW,
    )
    for source in ("centre", "region", "county"):
        for kind in ("income", "budget"):
            entry = fund_actions.Entry(kind, source, 1_000_000_00, TODAY, "演示")
            fund_actions.enter(fund=made, entry=entry, by=people["office"], at=NOW, today=TODAY)
    return made


@pytest.fixture
def template(people: dict[str, User]) -> BankTemplate:
    return batch_actions.save_template(
        county_code=COUNTY, name="农商行", columns=list(STANDARD), by=people["office"], at=NOW
    )


def pupils(count: int, school: str = SCHOOL) -> list[str]:
    rows = Student.objects.filter(
        school_code=school, replaced_by=None, valid_to=None, enrolment_status="在读"
    )
    return list(rows.order_by("key").values_list("key", flat=True)[:count])


def opened(people: dict[str, User], fund: Fund, *, count: int = 4, fen: int = 625_00) -> AwardRound:
    made = award_actions.open_round(
        county_code=COUNTY, title="2025年秋季寄宿生生活补助", person_kind="student", term=TERM, clause=CLAUSE, fund=fund,
        shares={"centre": 50, "county": 50}, by=people["office"], at=NOW,
    )  # fmt: skip
    found = by_keys(COUNTY, "student", pupils(count))
    proposals = [award_actions.Proposal(person, fen, "演示") for person in found.values()]
    assert (
        award_actions.propose(
            round=made, proposals=proposals, entered="uploaded", by=people["office"], at=NOW
        ).done
        == count
    )
    return made


def reviewed(people: dict[str, User], fund: Fund, **more: int) -> AwardRound:
    made = opened(people, fund, **more)
    review_actions.school_pass(round=made, by=people["school"], at=NOW)
    review_actions.review_pass(round=made, by=people["office"], at=NOW)
    return made


def accounts_for(people: dict[str, User], made: AwardRound) -> None:
    found = by_keys(COUNTY, "student", made.awards.values_list("person_key", flat=True))
    for number, person in enumerate(found.values()):
        given = account_actions.Given(person, f"62170012345{number:08d}", "演示农商行", person.name, "本人")
        account_actions.set_account(county_code=COUNTY, given=given, by=people["office"], at=NOW, today=TODAY)


def cleared(people: dict[str, User], fund: Fund, **more: int) -> AwardRound:
    made = publication.publish(round=reviewed(people, fund, **more), by=people["office"], at=NOW, today=TODAY)
    accounts_for(people, made)
    assert made.published_until is not None
    publication.keep_up(county_code=COUNTY, today=made.published_until + timedelta(days=1), at=NOW)
    return made


def drafted(people: dict[str, User], fund: Fund, template: BankTemplate, **more: int) -> Batch:
    made = cleared(people, fund, **more)
    return drafting.draft(
        county_code=COUNTY,
        title=made.title,
        awards=Award.objects.filter(round=made),
        template=template,
        by=people["second"],
        at=NOW,
    )


def sent(people: dict[str, User], fund: Fund, template: BankTemplate, **more: int) -> Batch:
    batch = batch_actions.submit(
        batch=drafted(people, fund, template, **more), by=people["second"], at=NOW, today=TODAY
    )
    batch = batch_actions.approve(batch=batch, by=people["leader"], at=NOW, today=TODAY)
    return batch_actions.send(batch=batch, by=people["second"], at=NOW)


def answer_of(batch: Batch, failed: dict[int, str] | None = None) -> list[dict[str, str]]:
    """The bank's file: the one it was sent, with what came of each line."""
    _ending, content = bank_file.content_of(batch)
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    assert sheet is not None
    head, *body = sheet.iter_rows(values_only=True)
    rows = [{str(key): str(value or "") for key, value in zip(head, line, strict=True)} for line in body]
    for row in rows:
        reason = (failed or {}).get(int(row["序号"]), "")
        row |= {"结果": "失败" if reason else "成功", "失败原因": reason}
    return rows


def taken(people: dict[str, User], batch: Batch, rows: Rows) -> PaymentFile:
    file = file_actions.receive(
        county_code=COUNTY,
        kind="result",
        upload=Upload("回盘.csv", csv_of(rows)),
        batch=batch,
        by=people["second"],
        at=NOW,
    )
    file = file_actions.read(file=file, today=TODAY)
    if file.state == "ready":
        file_actions.take(file=file, accepted=True, by=people["second"], at=NOW, today=TODAY)
    return PaymentFile.objects.get(pk=file.pk)


def test_from_a_list_to_the_account_and_back(
    people: dict[str, User], fund: Fund, template: BankTemplate
) -> None:
    batch = sent(people, fund, template)
    total = fund_queries.balances(COUNTY, fund=fund)[-1]
    assert (total.committed, total.paid) == (4 * 625_00, 0)
    file = taken(people, batch, answer_of(batch, {2: "户名不符"}))
    assert (file.state, file.problems) == ("taken", [])
    assert file.summary == "成功 3 笔 1,875.00 元；失败 1 笔 625.00 元"
    batch.refresh_from_db()
    assert batch.state == "settled"
    total = fund_queries.balances(COUNTY, fund=fund)[-1]
    assert (total.committed, total.paid, total.balance) == (0, 3 * 625_00, 3_000_000_00 - 3 * 625_00)
    paid = Line.objects.filter(batch=batch, state="paid")[0]
    assert [one.fen for one in paid_of(COUNTY, paid.award.person_key)] == [625_00]
    # The failed one: its account is corrected, and it goes again in a batch of its own.
    failed = Line.objects.get(batch=batch, state="failed")
    assert (failed.reason, failed.award.state) == ("户名不符", "failed")
    person = by_keys(COUNTY, "student", [failed.award.person_key])[failed.award.person_key]
    given = account_actions.Given(person, "62179999000000001", "演示农商行", "演示家长", "母亲")
    account_actions.set_account(
        county_code=COUNTY, given=given, reason="户名不符", by=people["office"], at=NOW, today=TODAY
    )
    again = drafting.draft(
        county_code=COUNTY,
        title="重发",
        awards=batch_queries.drawable(COUNTY),
        template=template,
        by=people["second"],
        at=NOW,
    )
    assert again.lines_count == 1
    assert again.lines.get().account.number_tail == "0001"
    assert BankAccount.objects.filter(person_key=person.key).count() == 2


def test_money_that_comes_back_is_booked_back_and_may_go_again(
    people: dict[str, User], fund: Fund, template: BankTemplate
) -> None:
    batch = sent(people, fund, template)
    taken(people, batch, answer_of(batch))
    line = batch.lines.order_by("position")[0]
    with pytest.raises(Refused, match="退回到账的日期"):
        settling.give_back(
            line=line, day=TODAY + timedelta(days=1), reason="销户", by=people["second"], at=NOW, today=TODAY
        )
    line = settling.give_back(
        line=line, day=TODAY, reason="账户已销", by=people["second"], at=NOW, today=TODAY
    )
    assert line.state == "returned"
    total = fund_queries.balances(COUNTY, fund=fund)[-1]
    assert (total.paid, total.balance) == (3 * 625_00, 3_000_000_00 - 3 * 625_00)
    assert sum(one.fen for one in paid_of(COUNTY, line.award.person_key)) == 0
    assert batch_queries.drawable(COUNTY).get() == Award.objects.get(pk=line.award_id)


def test_the_parts_of_each_source_add_up_to_the_fen(
    people: dict[str, User], fund: Fund, template: BankTemplate
) -> None:
    batch = sent(people, fund, template, fen=333_33)
    taken(people, batch, answer_of(batch, {1: "账号有误"}))
    for found in fund_queries.balances(COUNTY, fund=fund):
        assert found.committed == 0
    by = {one.source: one.paid for one in fund_queries.balances(COUNTY, fund=fund)}
    assert by == {"centre": 3 * 166_66, "region": 0, "county": 3 * 166_67, "": 3 * 333_33}


def test_a_result_of_another_batch_is_refused_and_changes_nothing(
    people: dict[str, User], fund: Fund, template: BankTemplate
) -> None:
    batch = sent(people, fund, template)
    before = fund_queries.balances(COUNTY, fund=fund)
    rows = answer_of(batch)
    other = [row | {"批次号": "发〔2026〕99号"} for row in rows]
    without = [
        {key: value for key, value in row.items() if key not in ("批次号", "业务参考号")} | {"金额": "1.00"}
        for row in rows
    ]
    foreign = [row | {"批次号": "", "业务参考号": f"640324-2026-99-{row['序号']}"} for row in rows]
    for wrong, words in (
        (other, "发〔2026〕99号"),
        (foreign, "业务参考号"),
        (without, "对不上"),
        (rows[:-1], "缺 1 笔"),
    ):
        file = taken(people, batch, wrong)
        assert file.state == "refused"
        assert words in "".join(file.problems)
    assert Batch.objects.get(pk=batch.pk).state == "sent"
    assert fund_queries.balances(COUNTY, fund=fund) == before
    assert not Line.objects.filter(batch=batch).exclude(state="waiting").exists()


def test_every_problem_of_a_result_is_said_at_once(
    people: dict[str, User], fund: Fund, template: BankTemplate
) -> None:
    batch = sent(people, fund, template)
    rows = answer_of(batch)
    rows[0] |= {"金额": "600.00"}
    rows[1] |= {"结果": "处理中"}
    rows[2] |= {"结果": "失败", "失败原因": ""}
    rows[3] |= {"账号": "6.2E+18"}
    problems = "\n".join(taken(people, batch, rows).problems)
    for part in ("第2行“金额”", "第3行“结果”：“处理中”", "第4行“失败原因”", "第5行", "科学记数法"):
        assert part in problems


def test_an_account_that_was_replaced_meanwhile_is_not_paid_into(
    people: dict[str, User], fund: Fund, template: BankTemplate
) -> None:
    batch = batch_actions.submit(
        batch=drafted(people, fund, template), by=people["second"], at=NOW, today=TODAY
    )

    def replace(position: int) -> None:
        line = batch.lines.get(position=position)
        person = by_keys(COUNTY, "student", [line.award.person_key])[line.award.person_key]
        given = account_actions.Given(
            person, f"6217888800000000{position}", "演示农商行", person.name, "本人"
        )
        account_actions.set_account(
            county_code=COUNTY, given=given, reason="注销", by=people["office"], at=NOW, today=TODAY
        )

    replace(2)
    with pytest.raises(Refused, match="有 1 笔的收款账户"):
        batch_actions.approve(batch=batch, by=people["leader"], at=NOW, today=TODAY)
    batch_actions.void(batch=batch, reason="账户更换", by=people["office"], at=NOW, today=TODAY)
    again = Award.objects.filter(lines__batch=batch)
    batch = drafting.draft(
        county_code=COUNTY, title="重制", awards=again, template=template, by=people["second"], at=NOW
    )
    batch = batch_actions.submit(batch=batch, by=people["second"], at=NOW, today=TODAY)
    batch = batch_actions.approve(batch=batch, by=people["leader"], at=NOW, today=TODAY)
    replace(3)
    assert "序号 3" in str(batch_actions.why_not_export(batch, by_role="office"))
    with pytest.raises(Refused, match="请作废后重新制批次"):
        batch_actions.send(batch=batch, by=people["second"], at=NOW)


def test_the_database_keeps_the_second_person(
    people: dict[str, User], fund: Fund, template: BankTemplate
) -> None:
    batch = batch_actions.submit(
        batch=drafted(people, fund, template), by=people["second"], at=NOW, today=TODAY
    )
    for by, words in ((people["second"], "自己制的批次"), (people["office"], "评审过")):
        with pytest.raises(Refused, match=words):
            batch_actions.approve(batch=batch, by=by, at=NOW, today=TODAY)
    # Who acted for a school without an account has reviewed them too.
    Award.objects.filter(lines__batch=batch).update(school_by=people["leader"])
    with pytest.raises(Refused, match="评审过"):
        batch_actions.approve(batch=batch, by=people["leader"], at=NOW, today=TODAY)
    with pytest.raises(DatabaseError), transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(state="approved", approved_by=people["second"])
    with pytest.raises(DatabaseError), transaction.atomic():
        batch.lines.update(approved_by=people["office"])  # who reviewed the awards
    with pytest.raises(DatabaseError), transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(state="sent")  # nobody has approved it
    award = Award.objects.filter(lines__batch=batch)[0]
    with pytest.raises(DatabaseError), transaction.atomic():
        Award.objects.filter(pk=award.pk).update(school_by=people["office"])  # reviewed by the same person
    line = batch.lines.all()[0]
    with pytest.raises(DatabaseError), transaction.atomic():
        Line.objects.create(
            batch=batch,
            position=99,
            award=line.award,
            account=line.account,
            fen=1,
            reviewed_by=people["office"],
        )


def test_an_empty_budget_stops_the_approval_with_what_lacks(
    people: dict[str, User], template: BankTemplate
) -> None:
    poor = fund_actions.open_fund(
        county_code=COUNTY,
        name="空基金",
        sources=["centre", "county"],
        begun_on=TODAY,
        by=people["office"],
        at=NOW,
    )
    batch = batch_actions.submit(
        batch=drafted(people, poor, template), by=people["second"], at=NOW, today=TODAY
    )
    with pytest.raises(Refused, match=r"中央资金·已列预算只有 0\.00 元，需要 1,250\.00 元，差 1,250\.00 元"):
        batch_actions.approve(batch=batch, by=people["leader"], at=NOW, today=TODAY)
    assert Batch.objects.get(pk=batch.pk).state == "submitted"


def test_a_void_batch_gives_everything_back(
    people: dict[str, User], fund: Fund, template: BankTemplate
) -> None:
    batch = batch_actions.submit(
        batch=drafted(people, fund, template), by=people["second"], at=NOW, today=TODAY
    )
    before = fund_queries.balances(COUNTY, fund=fund)
    batch = batch_actions.approve(batch=batch, by=people["leader"], at=NOW, today=TODAY)
    batch_actions.void(batch=batch, reason="名单有误", by=people["second"], at=NOW, today=TODAY)
    assert fund_queries.balances(COUNTY, fund=fund) == before
    assert batch_queries.drawable(COUNTY).count() == 4
    again = drafting.draft(
        county_code=COUNTY,
        title="再制",
        awards=batch_queries.drawable(COUNTY),
        template=template,
        by=people["second"],
        at=NOW,
    )
    assert again.lines_count == 4


def test_what_no_document_says_is_not_paid(people: dict[str, User], fund: Fund) -> None:
    for clause, term in (("tx.fund", "2018秋"), ("cn.nowhere", TERM), ("tx.rehired", TERM)):
        with pytest.raises(Refused):
            award_actions.open_round(
                county_code=COUNTY,
                title="试",
                person_kind="student",
                term=term,
                clause=clause,
                fund=fund,
                shares={"county": 100},
                by=people["office"],
                at=NOW,
            )


def test_nobody_has_two_awards_of_one_clause_and_term(people: dict[str, User], fund: Fund) -> None:
    made = opened(people, fund)
    found = by_keys(COUNTY, "student", pupils(5))
    result = award_actions.propose(
        round=made,
        proposals=[award_actions.Proposal(one, 1) for one in found.values()],
        entered="uploaded",
        by=people["office"],
        at=NOW,
    )
    assert (result.done, sum(result.refused.values())) == (1, 4)
    award = made.awards.all()[0]
    award.pk = None
    with pytest.raises(DatabaseError), transaction.atomic():
        award.save()


def test_a_school_reviews_its_own_only(people: dict[str, User], fund: Fund) -> None:
    made = opened(people, fund)
    other = by_keys(
        COUNTY,
        "student",
        Student.objects.exclude(school_code=SCHOOL)
        .filter(replaced_by=None, valid_to=None)
        .values_list("key", flat=True)[:1],
    )
    award_actions.propose(
        round=made,
        proposals=[award_actions.Proposal(one, 5) for one in other.values()],
        entered="uploaded",
        by=people["office"],
        at=NOW,
    )
    assert review_actions.school_pass(round=made, by=people["school"], at=NOW).done == 4
    assert award_queries.visible_awards(people["school"], COUNTY).count() == 4
    assert made.awards.get(state="proposed").school_code != SCHOOL
    with pytest.raises(Refused, match="还有 5 人没有评审完"):
        publication.publish(round=made, by=people["office"], at=NOW, today=TODAY)


def test_publication_runs_in_working_days_and_ends_by_itself(people: dict[str, User], fund: Fund) -> None:
    setting_actions.save(
        county_code=COUNTY, name="publication_days", value=7, basis="演示文件", by=people["leader"], at=NOW
    )
    made = publication.publish(round=reviewed(people, fund), by=people["office"], at=NOW, today=TODAY)
    assert made.published_until == TODAY + timedelta(days=9)  # seven working days from a Monday
    assert list(award_queries.published_rounds(today=made.published_until)) == [made]
    after = made.published_until + timedelta(days=1)
    assert not award_queries.published_rounds(today=after).exists()
    assert publication.keep_up(county_code=COUNTY, today=made.published_until, at=NOW) == 0
    assert publication.keep_up(county_code=COUNTY, today=after, at=NOW) == 4
    assert publication.keep_up(county_code=COUNTY, today=after, at=NOW) == 0


def test_an_open_objection_holds_its_award_and_an_unclear_one_the_list(
    people: dict[str, User], fund: Fund
) -> None:
    made = publication.publish(round=reviewed(people, fund), by=people["office"], at=NOW, today=TODAY)
    after = (made.published_until or TODAY) + timedelta(days=1)
    awards = list(made.awards.all())
    first = publication.object_to(
        round=made,
        award=awards[0],
        about="",
        text="家庭情况不实，请核查",
        by=people["second"],
        at=NOW,
        today=TODAY,
    )
    unclear = publication.object_to(
        round=made,
        award=None,
        about="某人",
        text="名单里有人不符合条件",
        by=None,
        at=NOW,
        today=TODAY,
        address="10.0.0.1",
    )
    assert publication.keep_up(county_code=COUNTY, today=after, at=NOW) == 0
    with pytest.raises(Refused, match="指明"):
        publication.handle(objection=unclear, upheld=True, answer="属实", by=people["second"], at=NOW)
    # Not naming anybody is no way around the second person.
    with pytest.raises(Refused, match="评审这一项的人"):
        publication.handle(objection=unclear, upheld=False, answer="查无此事", by=people["office"], at=NOW)
    unclear = publication.name_award(objection=unclear, award=awards[1], by=people["second"], at=NOW)
    assert publication.keep_up(county_code=COUNTY, today=after, at=NOW) == 2
    with pytest.raises(Refused, match="评审这一项的人"):
        publication.handle(objection=first, upheld=False, answer="已核查", by=people["office"], at=NOW)
    publication.handle(objection=first, upheld=False, answer="经核查符合条件", by=people["second"], at=NOW)
    publication.handle(objection=unclear, upheld=True, answer="已不寄宿", by=people["second"], at=NOW)
    assert publication.keep_up(county_code=COUNTY, today=after, at=NOW) == 1
    assert {one.state for one in made.awards.all()} == {"cleared", "rejected"}
    assert "已不寄宿" in made.awards.get(state="rejected").reason


def test_the_public_form_takes_few_objections_from_one_place(people: dict[str, User], fund: Fund) -> None:
    made = publication.publish(round=reviewed(people, fund), by=people["office"], at=NOW, today=TODAY)
    for _number in range(5):
        publication.object_to(
            round=made,
            award=None,
            about="",
            text="请核查这份名单",
            by=None,
            at=NOW,
            today=TODAY,
            address="10.0.0.1",
        )
    with pytest.raises(Refused, match="一小时"):
        publication.object_to(
            round=made,
            award=None,
            about="",
            text="请核查这份名单",
            by=None,
            at=NOW,
            today=TODAY,
            address="10.0.0.1",
        )
    publication.object_to(
        round=made,
        award=None,
        about="",
        text="请核查这份名单",
        by=None,
        at=NOW,
        today=TODAY,
        address="10.0.0.2",
    )


def test_an_uploaded_list_says_everything_and_keeps_nothing(people: dict[str, User], fund: Fund) -> None:
    made = opened(people, fund, count=1)
    row = Student.objects.filter(school_code=SCHOOL, replaced_by=None, valid_to=None).order_by("-key")[0]
    good = {
        "姓名": row.person_name or "",
        "学校": award_queries.visible_awards(people["office"], COUNTY)[0].school_name,
        "金额": "0.0625",
    }
    rows = [
        good,
        {"姓名": "查无此人", "学校": "", "金额": "九百"},
        {"学籍号": "G1", "姓名": "", "金额": "10"},
    ]
    file = file_actions.receive(
        county_code=COUNTY,
        kind="awards",
        upload=Upload("名单.csv", csv_of(rows)),
        round=made,
        by=people["office"],
        at=NOW,
    )
    file = file_actions.read(file=file, today=TODAY)
    text = "\n".join(file.problems)
    assert file.state == "refused"
    for part in (
        "第2行“金额”",
        "第3行“金额”：“九百”不是金额",
        "第3行“姓名”",
        "第4行“姓名”：名册里没有这个号码",
    ):
        assert part in text
    assert made.awards.count() == 1
    with pytest.raises(Refused, match="不能入库"):
        file_actions.take(file=file, accepted=True, by=people["office"], at=NOW, today=TODAY)


def test_ten_thousands_for_yuan_must_be_looked_at(people: dict[str, User], fund: Fund) -> None:
    made = opened(people, fund, count=1)
    other = by_keys(COUNTY, "student", pupils(3)[2:])
    person = next(iter(other.values()))
    rows = [{"姓名": person.name, "学校": person.school_name, "金额": "0.06"}]
    file = file_actions.receive(
        county_code=COUNTY,
        kind="awards",
        upload=Upload("名单.csv", csv_of(rows)),
        round=made,
        by=people["office"],
        at=NOW,
    )
    file = file_actions.read(file=file, today=TODAY)
    assert file.state == "ready"
    assert "万元" in file.warnings[0]
    with pytest.raises(Refused, match="已核对"):
        file_actions.take(file=file, accepted=False, by=people["office"], at=NOW, today=TODAY)
    assert (
        file_actions.take(file=file, accepted=True, by=people["office"], at=NOW, today=TODAY) == "已办 1 人"
    )


def test_a_csv_for_the_bank_runs_nothing(people: dict[str, User], fund: Fund) -> None:
    template = batch_actions.save_template(
        county_code=COUNTY, name="信用社", columns=list(STANDARD), form="csv", by=people["office"], at=NOW
    )
    batch = drafted(people, fund, template)
    BankAccount.objects.filter(pk=batch.lines.all()[0].account_id).update(holder_name="=1+1")
    batch = batch_actions.submit(batch=batch, by=people["second"], at=NOW, today=TODAY)
    ending, content = bank_file.content_of(batch)
    assert ending == "csv"
    assert ",'=1+1," in content.decode("gb18030")


def test_opening_balances_come_from_a_sheet_all_or_none(people: dict[str, User], fund: Fund) -> None:
    good = {
        "基金名称": "教育扶贫基金",
        "资金来源": "县级资金",
        "种类": "收入",
        "日期": "2026-01-05",
        "金额": "10000000",
        "摘要": "县财政注入",
    }
    bad = [
        good | {"基金名称": "没有"},
        good | {"资金来源": "社会捐赠"},
        good | {"种类": "支出"},
        good | {"日期": "2030-01-01"},
        good | {"金额": "x"},
        good | {"摘要": ""},
    ]
    before = fund_queries.balances(COUNTY, fund=fund)
    file = file_actions.receive(
        county_code=COUNTY,
        kind="funds",
        upload=Upload("期初.csv", csv_of([good, *bad])),
        by=people["office"],
        at=NOW,
    )
    file = file_actions.read(file=file, today=TODAY)
    assert file.state == "refused"
    assert [line for line in range(3, 9) if f"第{line}行" in "\n".join(file.problems)] == list(range(3, 9))
    assert fund_queries.balances(COUNTY, fund=fund) == before
    file = file_actions.receive(
        county_code=COUNTY,
        kind="funds",
        upload=Upload("期初.csv", csv_of([good])),
        by=people["office"],
        at=NOW,
    )
    file_actions.take(
        file=file_actions.read(file=file, today=TODAY),
        accepted=False,
        by=people["office"],
        at=NOW,
        today=TODAY,
    )
    assert fund_queries.balances(COUNTY, fund=fund)[-1].given == before[-1].given + 1_000_000_000
    # The same again, and one in 万元 by mistake: looked at by a person before they are booked.
    rows = [good, good | {"种类": "列预算", "摘要": "预算"}, good | {"金额": "1000", "日期": "2026-01-06"}]
    file = file_actions.receive(
        county_code=COUNTY, kind="funds", upload=Upload("再传.csv", csv_of(rows)), by=people["office"], at=NOW
    )
    file = file_actions.read(file=file, today=TODAY)
    assert file.summary == "收入 2 笔 10,001,000.00 元；列预算 1 笔 10,000,000.00 元"
    assert [one[:4] for one in file.warnings] == ["第2行：", "第4行“"]
    assert "是不是把万元填进了" in file.warnings[1]
    assert file_actions.why_not_take(file, role="office", accepted=False)


def test_a_large_file_is_taken_by_the_worker_once(
    people: dict[str, User], fund: Fund, template: BankTemplate
) -> None:
    batch = sent(people, fund, template)
    file = file_actions.receive(
        county_code=COUNTY,
        kind="result",
        upload=Upload("回盘.csv", csv_of(answer_of(batch))),
        batch=batch,
        by=people["second"],
        at=NOW,
    )
    file = file_actions.read(file=file, today=TODAY)
    file_actions.ask_take(file=file, accepted=False, by=people["second"])
    file.refresh_from_db()
    for _delivery in range(2):
        file_actions.take_asked(
            file=file, by=people["second"], at=NOW, today=TODAY, progress=lambda share: None
        )
        file.refresh_from_db()
        assert file.state == "taken"
    assert Line.objects.filter(batch=batch, state="paid").count() == 4


def test_what_the_worker_cannot_take_says_why_and_keeps_nothing(
    people: dict[str, User], fund: Fund, template: BankTemplate
) -> None:
    batch = sent(people, fund, template)
    file = file_actions.receive(
        county_code=COUNTY,
        kind="result",
        upload=Upload("回盘.csv", csv_of(answer_of(batch))),
        batch=batch,
        by=people["second"],
        at=NOW,
    )
    file = file_actions.read(file=file, today=TODAY)
    file_actions.ask_take(file=file, accepted=False, by=people["second"])
    Batch.objects.filter(pk=batch.pk).update(state="settled")
    file.refresh_from_db()
    file_actions.take_asked(file=file, by=people["second"], at=NOW, today=TODAY, progress=lambda share: None)
    file.refresh_from_db()
    assert (file.state, Line.objects.filter(batch=batch, state="paid").count()) == ("refused", 0)
    assert "已办结" in file.problems[0]
