"""教师大病救助走一遍: 确认标准, 评审, 公示, 第二人审批, 从教师大病救助基金发出; nothing of the other funds is touched."""

from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest

from bureau.entitlements import actions as entitlements
from bureau.entitlements import clause_actions, clause_versions
from bureau.entitlements.queries import open_questions
from bureau.payments import (
    account_actions,
    award_actions,
    bank_file,
    batch_actions,
    drafting,
    file_actions,
    fund_actions,
    fund_queries,
    publication,
    review_actions,
)
from bureau.payments.batch_rules import STANDARD
from bureau.payments.models import Award, AwardRound, Batch, Fund, Line
from bureau.payments.persons import by_keys
from bureau.people.kept import Upload
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.registry.models import Teacher
from site_rows import COUNTY, NOW, TODAY, csv_of

pytestmark = pytest.mark.django_db
TERM, FEN = "2025秋", 8_000_00
RELIEF = {
    "name": "教师大病救助（本县标准，演示）", "kind": "cash", "stage": ["教职工"], "when": "大病教师", "per": "once", "amount": 8000,
    "since": date(2025, 9, 1), "item": "二", "status": "V3", "quote": "对经认定的大病教师，一次性救助8000元", "shares": {"county": 100},
    "examples": [{"day": date(2025, 10, 1), "stage": "教职工", "grade": 1, "county": COUNTY, "has": ["大病教师"], "pays": 8000}],
}  # fmt: skip


def a_fund(name: str, by: User) -> Fund:
    made = fund_actions.open_fund(
        county_code=COUNTY, name=name, sources=["county"], begun_on=date(2020, 1, 1), by=by, at=NOW
    )
    for kind in ("income", "budget"):
        entry = fund_actions.Entry(kind, "county", 20_000_00, TODAY, "演示")
        fund_actions.enter(fund=made, entry=entry, by=by, at=NOW, today=TODAY)
    return made


def a_round(fund: Fund, by: User, clause: str) -> AwardRound:
    return award_actions.open_round(
        county_code=COUNTY, title="2025年教师大病救助〔演示〕", person_kind="teacher", term=TERM, clause=clause, fund=fund,
        shares={"county": 100}, by=by, at=NOW,
    )  # fmt: skip


def test_relief_for_ill_teachers_from_the_round_to_the_account(cast: dict[str, User], county: str) -> None:
    office, leader = cast["office"], cast["leader"]
    second = User.objects.create(username="second", display_name="演示·乙", role="office", area=office.area)
    fund, other = a_fund("教师大病救助基金", office), a_fund("教育扶贫基金", office)

    # The plan names no sum, and its years are over: neither opening a round nor confirming alone is enough.
    with pytest.raises(Refused, match="不在有效期"):
        a_round(fund, office, "tx.illness")
    (question,) = (one for one in open_questions(COUNTY) if one.of == "tx.illness")
    with pytest.raises(Refused, match="只有确认还不能发放"):
        entitlements.confirm(county_code=COUNTY, question=question, reason="纪要〔演示〕", by=office, at=NOW)
    # The county writes the sum as a clause of its own, which a second person puts in force.
    draft, clause = clause_actions.put_clause(
        county_code=COUNTY, row=RELIEF, document=("演示发〔2025〕3号", "教师大病救助办法〔演示〕"), replaces="", since=None,
        responsible=leader.display_name, reason="演示发〔2025〕3号", texts={}, by=office, at=NOW,
    )  # fmt: skip
    assert not draft.checked["problems"]
    sent = clause_versions.submit(draft=draft, reason="演示发〔2025〕3号", texts={}, by=office, at=NOW)
    with pytest.raises(Refused):
        a_round(fund, office, clause)
    clause_versions.confirm(pack=sent, texts={}, by=leader, at=NOW)
    made = a_round(fund, office, clause)

    keys = Teacher.objects.filter(school_code=cast["school"].school_code, valid_to=None).values_list("key", flat=True)[:2]  # fmt: skip
    found = by_keys(COUNTY, "teacher", keys)
    proposals = [award_actions.Proposal(one, FEN, "住院费用票据〔演示〕") for one in found.values()]
    done = award_actions.propose(round=made, proposals=proposals, entered="typed", by=office, at=NOW)
    assert (done.done, done.refused) == (2, {})
    review_actions.school_pass(round=made, by=cast["school"], at=NOW)
    review_actions.review_pass(round=made, by=office, at=NOW)
    made = publication.publish(round=made, by=office, at=NOW, today=TODAY)
    assert made.published_until is not None
    publication.keep_up(county_code=COUNTY, today=made.published_until + timedelta(days=1), at=NOW)

    for number, one in enumerate(found.values()):
        given = account_actions.Given(one, f"62170012345{number:08d}", "演示农商行", one.name, "本人")
        account_actions.set_account(county_code=COUNTY, given=given, by=office, at=NOW, today=TODAY)
    template = batch_actions.save_template(
        county_code=COUNTY, name="农商行", columns=list(STANDARD), by=office, at=NOW
    )
    batch = drafting.draft(
        county_code=COUNTY, title=made.title, awards=Award.objects.filter(round=made), template=template, by=second, at=NOW
    )  # fmt: skip
    batch = batch_actions.submit(batch=batch, by=second, at=NOW, today=TODAY)
    with pytest.raises(Refused):
        batch_actions.approve(batch=batch, by=second, at=NOW, today=TODAY)  # nobody approves his own
    batch = batch_actions.approve(batch=batch, by=leader, at=NOW, today=TODAY)
    committed = fund_queries.balances(COUNTY, fund=fund)[-1]
    assert (committed.committed, committed.paid) == (2 * FEN, 0)
    batch = batch_actions.send(batch=batch, by=second, at=NOW)
    _answered(batch, second)
    assert set(Line.objects.filter(batch=batch).values_list("state", flat=True)) == {"paid"}
    total = fund_queries.balances(COUNTY, fund=fund)[-1]
    assert (total.committed, total.paid, total.balance) == (0, 2 * FEN, 20_000_00 - 2 * FEN)
    assert fund_queries.balances(COUNTY, fund=other)[-1].balance == 20_000_00
    assert set(Award.objects.filter(round=made).values_list("state", flat=True)) == {"paid"}


def _answered(batch: Batch, by: User) -> None:
    """The bank's file: the one it was sent, with 成功 beside each line."""
    _ending, content = bank_file.content_of(batch)
    head, *body = openpyxl.load_workbook(BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    rows = [{str(key): str(value or "") for key, value in zip(head, line, strict=True)} for line in body]
    file = file_actions.receive(
        county_code=COUNTY, kind="result", upload=Upload("回盘.csv", csv_of([row | {"结果": "成功"} for row in rows])), batch=batch, by=by, at=NOW,
    )  # fmt: skip
    file = file_actions.read(file=file, today=TODAY)
    assert (file.state, file.problems) == ("ready", [])
    file_actions.take(file=file, accepted=True, by=by, at=NOW, today=TODAY)
