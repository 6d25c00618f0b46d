"""查发放批次: batches, their numbers and counts, what may be drawn into one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from bureau.entitlements import lists
from bureau.entitlements.evaluation_models import Claim, EvaluatedChild, Evaluation
from bureau.entitlements.evaluation_rules import GRANTED
from bureau.payments.models import Award, AwardRound, BankAccount, BankTemplate, Batch, Line
from bureau.payments.money import in_order
from bureau.payments.persons import parts
from bureau.payments.states import AwardState, BatchState, LineState
from junheng.aid import by_source

DRAWABLE = (AwardState.CLEARED, AwardState.FAILED)
# What is ticked for a batch: group → state of its awards.
UNCHANGED = "unchanged"
GROUPS = {**{state.value: state for state in DRAWABLE}, UNCHANGED: AwardState.FAILED}


def batches(county_code: str) -> QuerySet[Batch]:
    """发放批次 of a county."""
    return Batch.objects.filter(county_code=county_code).select_related(
        "fund", "template", "drafted_by", "approved_by", "sent_by"
    )


def number_of(batch: Batch) -> str:
    """发〔2026〕3号; "" before it is submitted."""
    return number_words(batch.year, batch.serial)


def number_words(year: int | None, serial: int | None) -> str:
    """The same of its year and serial."""
    return f"发〔{year}〕{serial}号" if serial else ""


def reference_of(batch: Batch, position: int) -> str:
    """业务参考号 of a line: unlike for any two lines of a county."""
    return f"{batch.county_code}-{batch.year}-{batch.serial}-{position}"


def counts(batch: Batch) -> dict[str, tuple[int, int]]:
    """{line state: (lines, fen)}."""
    rows = batch.lines.order_by().values_list("state").annotate(n=Count("id"), fen=Sum("fen"))
    return {state: (n, fen) for state, n, fen in rows}


def drawable(county_code: str) -> QuerySet[Award]:
    """可列批次的资助: cleared ones, and failed ones to be issued anew."""
    return Award.objects.filter(county_code=county_code, state__in=DRAWABLE)


def unchanged() -> Exists:
    """账户没有更正: of an award, whether the account that the bank refused is still the one in use."""
    return Exists(
        Line.objects.filter(
            award=OuterRef("pk"), state__in=(LineState.FAILED, LineState.RETURNED), account__until=None
        )
    )


def drawn_from(county_code: str, rounds: Mapping[str, Sequence[int]]) -> QuerySet[Award]:
    """选中的名单里可列批次的: {group of GROUPS: rounds}."""
    wanted = Award.objects.none()
    for group, state in GROUPS.items():
        rows = drawable(county_code).filter(state=state, round__in=rounds.get(group, []))
        if state == AwardState.FAILED:
            rows = rows.filter(unchanged() if group == UNCHANGED else ~unchanged())
        wanted = wanted | rows
    return wanted


def groups(county_code: str) -> list[dict[str, Any]]:
    """可列批次的名单: round, group, n and fen; failed ones whose account nobody has corrected stand apart."""
    rows = drawable(county_code).annotate(same=unchanged()).order_by("-round", "state", "same")
    found = rows.values("round", "round__title", "round__fund__name", "state", "same")
    failed = AwardState.FAILED
    return [
        {**one, "group": UNCHANGED if one["state"] == failed and one["same"] else one["state"]}
        for one in found.annotate(n=Count("id"), fen=Sum("fen"))
    ]


def templates(county_code: str) -> QuerySet[BankTemplate]:
    """代发文件格式 of a county."""
    return BankTemplate.objects.filter(county_code=county_code)


def accounts_of(county_code: str, kind: str, keys: Iterable[str]) -> dict[str, int]:
    """{person: the account in use}."""
    found: dict[str, int] = {}
    for piece in parts(dict.fromkeys(keys)):
        rows = BankAccount.objects.filter(
            county_code=county_code, person_kind=kind, person_key__in=piece, until=None
        )
        found |= dict(rows.order_by().values_list("person_key", "pk"))
    return found


def without_account(county_code: str) -> dict[tuple[int, str], int]:
    """{(round, award state): persons who could be drawn but have no account in use}, in one statement."""
    own = BankAccount.objects.filter(
        county_code=OuterRef("county_code"), person_kind=OuterRef("person_kind"), person_key=OuterRef("person_key"), until=None
    )  # fmt: skip
    rows = drawable(county_code).filter(~Exists(own)).order_by().values_list("round", "state")
    return {(key, state): n for key, state, n in rows.annotate(n=Count("person_key", distinct=True))}


def paid_by_source(county_code: str, term: str, **where: object) -> dict[str, dict[str, int]]:
    """{clause: {source: fen}} that batches have paid to pupils for a term; `where`: of which of their awards."""
    rows = Line.objects.filter(
        state=LineState.PAID, award__county_code=county_code, award__term=term, award__person_kind="student",
        **{f"award__{name}": value for name, value in where.items()},
    )  # fmt: skip
    found: dict[str, dict[str, int]] = {}
    # Lines of one list and one sum are shared alike.
    alike = rows.order_by().values_list("award__round", "award__clause", "fen").annotate(n=Count("id"))
    shares = dict(AwardRound.objects.filter(county_code=county_code, term=term).values_list("pk", "shares"))
    for of, clause, fen, n in alike:
        for source, part in by_source(in_order(shares[of]), fen).items():
            sources = found.setdefault(clause, {})
            sources[source] = sources.get(source, 0) + part * n
    return found


def changed_accounts(batch: Batch) -> list[int]:
    """序号 of waiting lines whose account is no longer the one in use."""
    rows = batch.lines.filter(state=LineState.WAITING, account__until__isnull=False).order_by("position")
    return list(rows.values_list("position", flat=True))


def paid_already(batch: Batch) -> list[int]:
    """序号 of waiting lines that would pay a pupil more than is due: by another list the term has been paid meanwhile."""
    found: list[int] = []
    for one, lines in _evaluated(batch):
        paid = lists.claims(one).filter(
            student_key=OuterRef("award__person_key"),
            clause=OuterRef("award__clause"),
            paid_fen__gt=0,
            paid_fen__gte=F("due_fen") - OuterRef("fen") + 1,
        )
        found += lines.filter(Exists(paid)).values_list("position", flat=True)
    return sorted(found)


def no_longer_due(batch: Batch) -> list[int]:
    """序号 of waiting lines of pupils to whom the term's evaluation, as it stands now, grants nothing by the clause."""
    found: list[int] = []
    for one, lines in _evaluated(batch):
        of = {"evaluation": one, "student_key": OuterRef("award__person_key")}
        granted = Claim.objects.filter(**of, clause=OuterRef("award__clause"), state__in=GRANTED)
        judged = lines.filter(Exists(EvaluatedChild.objects.filter(**of)), ~Exists(granted))
        found += judged.values_list("position", flat=True)
    return sorted(found)


def _evaluated(batch: Batch) -> list[tuple[Evaluation, QuerySet[Line]]]:
    """Each term's evaluation in force, with the waiting lines of pupils for that term."""
    lines = batch.lines.filter(state=LineState.WAITING, award__person_kind="student")
    terms = set(lines.order_by().values_list("award__term", flat=True).distinct())
    return [
        (one, lines.filter(award__term=one.term))
        for one in lists.evaluated(batch.county_code)
        if one.term in terms
    ]


def reviewers_of(batch: Batch) -> set[int]:
    """谁评审过 the awards of a batch, for the bureau or for a school."""
    pairs = batch.lines.order_by().values_list("reviewed_by", "award__school_by").distinct()
    return {person for pair in pairs for person in pair if person is not None}


def bank_words(awards: Iterable[int]) -> dict[int, str]:
    """银行说明: {award: what the bank said of the last line that it refused or gave back}."""
    wanted = list(awards)
    if not wanted:
        return {}
    rows = Line.objects.filter(award__in=wanted, state__in=(LineState.FAILED, LineState.RETURNED))
    return dict(rows.order_by("pk").values_list("award", "reason"))


def failed_lines(county_code: str) -> QuerySet[Line]:
    """发放失败、退回而未重发的: the newest line of each award that waits for a correction."""
    rows = Line.objects.filter(batch__county_code=county_code, state__in=["failed", "returned"])
    return rows.filter(award__state=AwardState.FAILED).select_related("award", "batch", "account")


def waiting_for(county_code: str) -> dict[str, int]:
    """待办: batches to approve, to send, to be answered by the bank, and failed payments."""
    found = Batch.objects.filter(county_code=county_code).aggregate(
        submitted=Count("id", filter=Q(state=BatchState.SUBMITTED)),
        approved=Count("id", filter=Q(state=BatchState.APPROVED)),
        sent=Count("id", filter=Q(state=BatchState.SENT)),
    )
    return {**found, "failed": Award.objects.filter(county_code=county_code, state=AwardState.FAILED).count()}
