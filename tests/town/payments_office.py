"""演示·资助中心: the steps by which the story opens funds, reviews, publishes, pays and hears from the bank; all through the site's actions."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from bureau.payments import (
    account_actions,
    award_actions,
    award_queries,
    batch_actions,
    batch_queries,
    drafting,
    file_actions,
    fund_actions,
    publication,
    results,
    review_actions,
    settling,
)
from bureau.payments.award_actions import Proposal
from bureau.payments.models import AwardRound, BankTemplate, Batch, Fund, Line
from bureau.payments.persons import Person, by_keys
from bureau.people.kept import Upload
from bureau.people.models import User
from bureau.people.secret import unseal

FAILURES = ("户名与账号不符", "账户已销户", "账户为Ⅲ类户，超过限额")


class Office:
    """One county's office: its people, its clock, the steps they take and the accounts they know."""

    def __init__(self, county: str, today: date) -> None:
        suffix = "" if county == "640324" else f"-{county}"
        self.county, self.today = county, today
        self.aid, self.basic, self.leader, self.inspector = (
            User.objects.get(username=f"{name}{suffix}") for name in ("aid", "basic", "leader", "inspector")
        )
        self.accounts: dict[str, str] = {}

    def at(self, day: date) -> datetime:
        return datetime.combine(day, time(2), UTC)

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
        review_actions.school_pass(round=made, by=self.basic, at=self.at(day))
        review_actions.review_pass(round=made, by=self.aid, at=self.at(day))

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
        made = drafting.draft(
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

    def correct(self, failed: Sequence[Line], day: date) -> None:
        """更正失败各笔的账户."""
        people = by_keys(self.county, "student", (line.award.person_key for line in failed))
        for line in failed:
            person = people[line.award.person_key]
            self.accounts[person.key] = f"62170000777{len(self.accounts) + line.pk:08d}"
        self.register_accounts([people[line.award.person_key] for line in failed], day)

    def answer_with_failures_only(self, batch: Batch, day: date, *, failed: int) -> None:
        """The bank's file lists its failures and nothing else; the clerk says so, looks at the sums and confirms."""
        lines = list(batch.lines.select_related("account").order_by("position")[:failed])
        rows = [
            f"{batch_queries.number_of(batch)},{line.position},{unseal(line.account.number)},{line.fen / 100:.2f},失败,{FAILURES[0]}"
            for line in lines
        ]
        content = "\n".join(["批次号,序号,账号,金额,结果,失败原因", *rows]).encode("utf-8-sig")
        upload = Upload("演示·只有失败明细的回盘.csv", content)
        file = file_actions.receive(
            county_code=self.county, kind="result", upload=upload, batch=batch, rest_on=day, by=self.basic, at=self.at(day),
        )  # fmt: skip
        file = file_actions.read(file=file, today=day)
        file_actions.take(file=file, accepted=True, by=self.basic, at=self.at(day), today=day)
