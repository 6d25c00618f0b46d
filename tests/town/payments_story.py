"""发放的故事: funds with their opening balances, two past terms paid through batches, the open term published with an objection,
a bank file of which some lines failed, one of another batch, teachers' service terms, and what the audit found.

Everything goes through the actions of the site; whatever is made up is called 演示.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from bureau.entitlements import lists, terms
from bureau.payments import (
    account_actions,
    award_queries,
    batch_actions,
    batch_queries,
    file_actions,
    fund_actions,
    publication,
    service_actions,
    settling,
)
from bureau.payments.award_actions import Proposal
from bureau.payments.batch_rules import STANDARD
from bureau.payments.models import BankTemplate, Batch, Fund
from bureau.payments.persons import Person, by_keys
from bureau.people.kept import Upload
from bureau.registry.models import Teacher
from bureau.work import payment_tasks
from town.payments_office import Office
from town.payments_past import forgotten, past_terms, scattered

AT_FIRST = 1200  # the county begins with a few schools


def payments_story(county_code: str, *, today: date) -> None:
    """Tells it once; after links_story and aid_story."""
    if Fund.objects.filter(county_code=county_code).exists():
        return
    story = Office(county_code, today)
    grants = story.found(
        "学生资助专项资金",
        ("centre", "region", "county"),
        {"centre": 3_000_000_000, "region": 800_000_000, "county": 1_200_000_000},
        opening=23_456_789,
    )
    for name, fen in (("教育扶贫基金", 1_000_000_000), ("优秀教师奖励基金", 300_000_000)):
        story.found(name, ("county",), {"county": fen})
    story.found(
        "教师大病救助基金",
        ("county", "donation"),
        {"county": 20_000_000, "donation": 5_000_000},
        opening=1_234_567,
    )
    template = batch_actions.save_template(
        county_code=county_code,
        name="演示·农村商业银行代发",
        columns=list(STANDARD),
        by=story.aid,
        at=story.at(today - timedelta(days=700)),
    )
    open_term, *past = [state.term for state in terms.terms_of(county_code, today) if state.why_not is None][
        :3
    ]
    past_terms(story, past[::-1], grants, template)
    _open(story, open_term, grants, template)
    _teachers(story, template)
    for fund in Fund.objects.filter(county_code=county_code):
        for year in range(fund.begun_on.year, today.year - 1):
            fund_actions.close_year(fund=fund, year=year, by=story.leader, at=story.at(today), today=today)
    _audit(story)


def _shared(story: Office, people: Sequence[Person], day: date) -> None:
    """Three children of three families at one account: for the audit to find."""
    together: dict[str, Person] = {}
    for person in sorted(people, key=lambda one: one.key):
        if person.guardian and person.guardian not in together:
            together[person.guardian] = person
        if len(together) == 3:
            break
    for person in together.values():
        story.accounts[person.key] = "6217000099999900001"
    story.register_accounts(people, day)


def _back_and_forth(story: Office, batch: Batch, template: BankTemplate, day: date) -> None:
    """One payment came back and went to somebody else's account: for the audit to find."""
    line = batch.lines.filter(state="paid").select_related("award").order_by("-position")[0]
    settling.give_back(
        line=line, day=day, reason="演示·账户已注销", by=story.basic, at=story.at(day), today=day
    )
    person = by_keys(story.county, "student", [line.award.person_key])[line.award.person_key]
    given = account_actions.Given(person, "6217000088888800001", "演示农村商业银行", "演示亲属", "其他")
    account_actions.set_account(
        county_code=story.county, given=given, reason="演示", by=story.aid, at=story.at(day), today=day
    )
    again = story.batch(
        "演示·退回重发", [line.award.round], template, day + timedelta(days=1), only=[line.award_id]
    )
    story.answer(again, day + timedelta(days=3))


def _open(story: Office, term: terms.Term, fund: Fund, template: BankTemplate) -> None:
    """The open term: one list before the schools, one published with objections, one paid with failures and a strange bank file; here too some
    children stand in no list.
    """
    counts: dict[str, int] = {}
    rows = lists.payable(story.county, term.text)
    for row in rows:
        counts[row.clause] = counts.get(row.clause, 0) + 1
    if not counts:
        return
    clause = max(counts, key=lambda one: counts[one])
    name = award_queries.clause_of(story.county, clause).name
    rows = scattered([row for row in rows if row.clause == clause])
    left_out = {row.student_key for row in rows[: forgotten(len(rows))]}
    rows = [row for row in rows if row.student_key not in left_out]
    rows.sort(key=lambda row: (row.school_code, row.grade or 0, row.class_number or 0, row.claim))
    people = by_keys(story.county, "student", (row.student_key for row in rows))
    proposals = [
        Proposal(people[row.student_key], row.fen, row.reason) for row in rows if row.student_key in people
    ]
    third = max(1, min(len(proposals), AT_FIRST) // 3)
    today = story.today
    early = today - timedelta(days=40)
    first = story.round(
        f"演示·{term.text}{name}（第一批）", clause, term.text, fund, proposals[:third], early
    )
    after = story.clear(first, early)
    _shared(story, [one.person for one in proposals[:third]], after)
    batch = story.batch(first.title, [first], template, after)
    strange = f"批次号,序号,账号,金额,结果\n发〔{after.year}〕999号,1,6217000000000000000,1.00,成功\n".encode(
        "utf-8-sig"
    )
    file = file_actions.receive(
        county_code=story.county,
        kind="result",
        upload=Upload("演示·选错的回盘.csv", strange),
        batch=batch,
        by=story.basic,
        at=story.at(after),
    )
    file_actions.read(file=file, today=after + timedelta(days=1))
    story.answer(batch, after + timedelta(days=2), failed=9)
    _back_and_forth(story, batch, template, after + timedelta(days=8))
    failed = list(batch_queries.failed_lines(story.county).filter(batch=batch))
    failed = failed[: min(8, len(failed) * 2 // 3)]  # the others still wait for a correction
    if failed:
        story.correct(failed, today - timedelta(days=3))
    if failed:
        story.batch(
            f"{first.title}失败重发",
            [first],
            template,
            today - timedelta(days=2),
            only=[line.award_id for line in failed],
        )
    if proposals[third : 2 * third]:
        shown = story.round(
            f"演示·{term.text}{name}（第二批）",
            clause,
            term.text,
            fund,
            proposals[third : 2 * third],
            today - timedelta(days=9),
        )
        story.review(shown, today - timedelta(days=5))
        shown = publication.publish(
            round=shown, by=story.aid, at=story.at(today - timedelta(days=1)), today=today - timedelta(days=1)
        )
        award = shown.awards.order_by("pk")[0]
        publication.object_to(
            round=shown,
            award=award,
            about=award.person_name,
            text="演示：该生已转到外县就读，请核查。",
            name="演示群众",
            by=story.basic,
            at=story.at(today),
            today=today,
        )
    if proposals[2 * third :]:
        story.round(
            f"演示·{term.text}{name}（第三批）",
            clause,
            term.text,
            fund,
            proposals[2 * third :],
            today - timedelta(days=3),
        )


def _teachers(story: Office, template: BankTemplate) -> None:
    """Old terms of teachers: arrears of a retired teacher's allowance, and two settling-in grants with their eight years."""
    rows = Teacher.objects.filter(county_code=story.county, replaced_by=None, valid_to=None).order_by("key")
    people = list(by_keys(story.county, "teacher", rows.values_list("key", flat=True)[:6]).values())
    fund = story.found("演示·教师专项补贴资金", ("county",), {"county": 100_000_000})
    if len(people) < 5:
        return
    if award_queries.why_not_clause(story.county, "tx.rehired", "2020秋") is None:
        day = story.today - timedelta(days=120)
        proposals = [Proposal(person, 20_000_00, "演示·返聘支教协议") for person in people[:3]]
        made = story.round(
            "演示·2020秋返聘支教补贴（补发）", "tx.rehired", "2020秋", fund, proposals, day, kind="teacher"
        )
        after = story.clear(made, day)
        story.register_accounts(people[:3], after)
        story.answer(story.batch(made.title, [made], template, after), after + timedelta(days=2))
    start = date(story.today.year - 7, 9, 1)
    for person in people[3:5]:
        service_actions.begin(
            county_code=story.county, teacher=person, clause="tx.settlement", fund=fund, source="county", fen=100_000_00, starts=start, years=8,
            method="months", contract="演示合同〔2019〕第6条", by=story.aid, at=story.at(story.today),
        )  # fmt: skip
    left = service_actions.terms(story.county).order_by("pk")[0]
    on = story.today - timedelta(days=90)
    left = service_actions.leave(
        term=left,
        on=on,
        reason="演示·调往外县",
        due_on=on + timedelta(days=60),
        by=story.aid,
        at=story.at(on),
        today=story.today,
    )
    part = service_actions.owed_fen(left) // 2
    if part:
        service_actions.repay(
            term=left,
            fen=part,
            day=story.today - timedelta(days=40),
            by=story.aid,
            at=story.at(story.today),
            today=story.today,
        )


def _audit(story: Office) -> None:
    """What is found becomes cases; the story of the cases goes on with them."""
    payment_tasks.audit_now(story.county, today=story.today, at=story.at(story.today))
