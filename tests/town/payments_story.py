"""发放的故事: funds with their opening balances, two past terms made up for by batches, the open term published with an objection,
a bank file of which some lines failed, one of another batch, teachers' service terms, and what the audit found.

Everything goes through the actions of the site; whatever is made up is called 演示.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from bureau.entitlements import lists, terms
from bureau.payments import (
    account_actions,
    award_actions,
    award_queries,
    batch_actions,
    batch_queries,
    file_actions,
    finding_actions,
    fund_actions,
    publication,
    results,
    service_actions,
    settling,
)
from bureau.payments.award_actions import Proposal
from bureau.payments.batch_rules import STANDARD
from bureau.payments.models import AwardRound, BankTemplate, Batch, Finding, Fund
from bureau.payments.persons import Person, by_keys
from bureau.people.kept import Upload
from bureau.people.models import User
from bureau.registry.models import Teacher

FAILURES = ("户名与账号不符", "账户已销户", "账户为Ⅲ类户，超过限额")


class _Story:
    """One county, its people and its clock."""

    def __init__(self, county: str, today: date) -> None:
        suffix = "" if county == "640324" else f"-{county}"
        self.county, self.today = county, today
        self.aid, self.basic, self.leader, self.inspector = (
            User.objects.get(username=f"{name}{suffix}") for name in ("aid", "basic", "leader", "inspector")
        )
        self.accounts: dict[str, str] = {}

    def at(self, day: date) -> datetime:
        return datetime.combine(day, time(2), UTC)

    # --- funds -------------------------------------------------------------------------------------------------------

    def found(self, name: str, sources: Sequence[str], yearly: dict[str, int], opening: int = 0) -> Fund:
        begun = date(self.today.year - 2, 1, 1)
        fund = fund_actions.open_fund(
            county_code=self.county,
            name=name,
            sources=sources,
            begun_on=begun,
            basis="演示",
            by=self.aid,
            at=self.at(begun),
        )
        entries = []
        if opening:
            entries.append(
                fund_actions.Entry("opening", sources[-1], opening, begun, "演示·上年结转", "演示001")
            )
        for year in range(begun.year, self.today.year + 1):
            for source, fen in yearly.items():
                day = date(year, 1, 15)
                entries.append(
                    fund_actions.Entry("income", source, fen, day, f"演示·{year}年拨入", f"演示{year}")
                )
                entries.append(fund_actions.Entry("budget", source, fen * 9 // 10, day, f"演示·{year}年预算"))
        fund_actions.enter_all(
            fund=fund, entries=entries, by=self.aid, at=self.at(self.today), today=self.today
        )
        return fund

    # --- awards and batches --------------------------------------------------------------------------------------------

    def round(
        self,
        title: str,
        clause: str,
        term: str,
        fund: Fund,
        proposals: Sequence[Proposal],
        day: date,
        kind: str = "student",
    ) -> AwardRound:
        shares = dict(award_queries.clause_of(self.county, clause).shares) or {"county": 100}
        made = award_actions.open_round(
            county_code=self.county,
            title=title,
            person_kind=kind,
            term=term,
            clause=clause,
            fund=fund,
            shares=shares,
            by=self.aid,
            at=self.at(day),
        )
        award_actions.propose(
            round=made, proposals=proposals, entered="entitled", by=self.aid, at=self.at(day)
        )
        return made

    def review(self, made: AwardRound, day: date) -> None:
        award_actions.school_pass(round=made, by=self.basic, at=self.at(day))
        award_actions.review_pass(round=made, by=self.aid, at=self.at(day))

    def clear(self, made: AwardRound, day: date) -> date:
        """Reviewed, published and passed; the day after its publication."""
        self.review(made, day)
        made = publication.publish(round=made, by=self.aid, at=self.at(day), today=day)
        after = (made.published_until or day) + timedelta(days=1)
        publication.keep_up(county_code=self.county, today=after, at=self.at(after))
        return after

    def register_accounts(self, people: Sequence[Person], day: date) -> None:
        given = []
        for person in people:
            number = self.accounts.setdefault(person.key, f"62170000{len(self.accounts):011d}")
            given.append(account_actions.Given(person, number, "演示农村商业银行", person.name, "本人"))
        account_actions.take(county_code=self.county, accounts=given, by=self.aid, at=self.at(day), today=day)

    def batch(
        self,
        title: str,
        rounds: Sequence[AwardRound],
        template: BankTemplate,
        day: date,
        *,
        only: Sequence[int] = (),
    ) -> Batch:
        awards = batch_queries.drawable(self.county).filter(round__in=rounds)
        made = batch_actions.draft(
            county_code=self.county, title=title, awards=awards.filter(pk__in=only) if only else awards, template=template,
            by=self.basic, at=self.at(day),
        )  # fmt: skip
        made = batch_actions.submit(batch=made, by=self.basic, at=self.at(day), today=day)
        made = batch_actions.approve(batch=made, remark="演示", by=self.leader, at=self.at(day), today=day)
        return batch_actions.send(batch=made, by=self.basic, at=self.at(day))

    def answer(self, batch: Batch, day: date, *, failed: int = 0) -> None:
        """The bank's answer, of which every so many lines failed."""
        answers = []
        sums = {True: 0, False: 0}
        for pk, position, fen in batch.lines.order_by("position").values_list("pk", "position", "fen"):
            bad = bool(failed) and position % failed == 0
            answers.append(results.Answer(pk, not bad, FAILURES[position % 3] if bad else "", day))
            sums[not bad] += fen
        found = results.Found(answers, [], sums[True], sums[False])
        settling.take(batch=batch, found=found, by=self.basic, at=self.at(day), today=day)


def payments_story(county_code: str, *, today: date) -> None:
    """Tells it once; after links_story and aid_story."""
    if Fund.objects.filter(county_code=county_code).exists():
        return
    story = _Story(county_code, today)
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
    for back, term in enumerate(reversed(past)):
        _made_up_for(story, term, grants, template, today - timedelta(days=330 - 180 * back))
    _open(story, open_term, grants, template)
    _teachers(story, template)
    for fund in Fund.objects.filter(county_code=county_code):
        for year in range(fund.begun_on.year, today.year - 1):
            fund_actions.close_year(fund=fund, year=year, by=story.leader, at=story.at(today), today=today)
    _audit(story)


def _shared(story: _Story, people: Sequence[Person], day: date) -> None:
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


def _back_and_forth(story: _Story, batch: Batch, template: BankTemplate, day: date) -> None:
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


def _made_up_for(story: _Story, term: terms.Term, fund: Fund, template: BankTemplate, day: date) -> None:
    """A past term: those whom the lists of that time gave too little get the difference."""
    rows = lists.payable(story.county, term.text, standings=("less",))
    clause = rows[0].clause if rows else ""
    rows = [row for row in rows if row.clause == clause][:6]
    people = by_keys(story.county, "student", (row.student_key for row in rows))
    proposals = [
        Proposal(people[row.student_key], row.fen, row.reason) for row in rows if row.student_key in people
    ]
    if not proposals:
        return
    made = story.round(f"演示·{term.text}少发补足", clause, term.text, fund, proposals, day)
    after = story.clear(made, day)
    story.register_accounts(list(people.values()), after)
    story.answer(story.batch(f"演示·{term.text}少发补足", [made], template, after), after + timedelta(days=2))


def _open(story: _Story, term: terms.Term, fund: Fund, template: BankTemplate) -> None:
    """The open term: one list before the schools, one published with objections, one paid with failures and a strange bank file."""
    counts: dict[str, int] = {}
    rows = lists.payable(story.county, term.text)
    for row in rows:
        counts[row.clause] = counts.get(row.clause, 0) + 1
    if not counts:
        return
    clause = max(counts, key=lambda one: counts[one])
    name = award_queries.clause_of(story.county, clause).name
    rows = [row for row in rows if row.clause == clause][:1200]
    people = by_keys(story.county, "student", (row.student_key for row in rows))
    proposals = [
        Proposal(people[row.student_key], row.fen, row.reason) for row in rows if row.student_key in people
    ]
    third = max(1, len(proposals) // 3)
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
    for number, line in enumerate(failed):
        person = by_keys(story.county, "student", [line.award.person_key])[line.award.person_key]
        given = account_actions.Given(
            person, f"62170000777777{number:05d}", "演示农村商业银行", person.name, "本人"
        )
        account_actions.set_account(
            county_code=story.county,
            given=given,
            reason=line.reason,
            by=story.aid,
            at=story.at(today),
            today=today,
        )
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


def _teachers(story: _Story, template: BankTemplate) -> None:
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


def _audit(story: _Story) -> None:
    """What is found; one settled and confirmed, one settled only."""
    at = story.at(story.today)
    finding_actions.refresh(county_code=story.county, today=story.today, at=at)
    found = list(Finding.objects.filter(county_code=story.county, state="open").order_by("kind", "id"))
    for number, one in enumerate(found[: 2 if len(found) > 3 else len(found) // 2]):
        settled = finding_actions.settle(
            finding=one, outcome="stands", reason="演示：已入户核实，情况属实。", by=story.basic, at=at
        )
        if number == 0:
            finding_actions.confirm(finding=settled, remark="演示", by=story.inspector, at=at)
