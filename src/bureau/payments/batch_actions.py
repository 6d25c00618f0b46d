"""发放批次的写入: submit, approve, send, void. Drafting is in `drafting`, what the bank answers in `settling`. One transaction, one log line."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.payments import award_queries, booking, fund_actions
from bureau.payments import batch_queries as queries
from bureau.payments import batch_rules as rules
from bureau.payments.models import Award, BankTemplate, Batch, BatchEvent
from bureau.payments.states import AwardState, BatchState, LineState
from bureau.people.models import User
from bureau.people.rules import demand


def save_template(
    *,
    county_code: str,
    name: str,
    columns: list[dict[str, str]],
    form: str = "xlsx",
    encoding: str = "gb18030",
    tab: str = "代发明细",
    by: User,
    at: datetime,
    address: str = "",
) -> BankTemplate:
    """存代发文件格式. A format that batches use stays as it is: change it by saving another."""
    taken = BankTemplate.objects.filter(county_code=county_code, name=name.strip()).exists()
    demand(
        rules.why_not_template(
            role=by.role,
            name=name,
            taken=taken,
            fields=[one["field"] for one in columns],
            headings=[one["heading"] for one in columns],
        )
    )
    fund_actions.demand_inside(by, county_code)
    with transaction.atomic():
        made = BankTemplate.objects.create(
            county_code=county_code,
            name=name.strip(),
            form=form if form in BankTemplate.Form.values else "xlsx",
            encoding=encoding if encoding in BankTemplate.Encoding.values else "gb18030",
            tab=tab.strip()[:30] or "代发明细",
            columns=columns,
            by=by,
            at=at,
        )
        detail = {"name": made.name, "columns": [one["heading"] for one in columns]}
        write(
            by=by,
            verb=Verb.CHANGE_SETTING,
            obj=("bank_template", str(made.pk)),
            detail=detail,
            at=at,
            address=address,
        )
    return made


def submit(*, batch: Batch, by: User, at: datetime, today: date, address: str = "") -> Batch:
    """报审: gives the batch its number."""
    with transaction.atomic():
        one = locked(batch, by)
        demand(rules.why_not_submit(one, by_role=by.role))
        one.state, one.submitted_at = BatchState.SUBMITTED, at
        if one.serial is None:
            one.year = today.year
            numbered = Batch.objects.filter(county_code=one.county_code, year=one.year)
            one.serial = (numbered.aggregate(last=Max("serial"))["last"] or 0) + 1
        return _done(one, Verb.SUBMIT, "submit", "", by=by, at=at, address=address)


def approve(
    *, batch: Batch, remark: str = "", by: User, at: datetime, today: date, address: str = ""
) -> Batch:
    """审批: promises the money, by a person who neither drafted the batch nor reviewed its awards."""
    with transaction.atomic():
        one = locked(batch, by)
        demand(why_not_approve(one, by=by))
        one.state, one.approved_by, one.approved_at = BatchState.APPROVED, by, at
        one.lines.filter(state=LineState.WAITING).update(approved_by=by)
        note = f"{queries.number_of(one)}{one.title}"[:300]
        booking.commit(fund=one.fund, parts=one.parts, batch=one, note=note, by=by, at=at, today=today)
        return _done(one, Verb.APPROVE, "approve", remark, by=by, at=at, address=address)


def why_not_approve(batch: Batch, *, by: User) -> str | None:
    """为什么不能审批这个批次: persons first, then the clauses as they stand today, then the money."""
    reviewers = queries.reviewers_of(batch)
    refusal = rules.why_not_approve(batch, by_id=by.pk, by_role=by.role, reviewers=reviewers)
    refusal = refusal or _why_not_as_drafted(batch)
    if refusal:
        return refusal
    pairs = Award.objects.filter(lines__batch=batch).order_by().values_list("clause", "term").distinct()
    blocked = [
        words
        for clause, term in pairs
        if (words := award_queries.why_not_clause(batch.county_code, clause, term))
    ]
    if blocked:
        return "；".join(blocked)
    return "；".join(booking.shortfalls(batch.fund, batch.parts)) or None


def send_back(*, batch: Batch, reason: str, by: User, at: datetime, address: str = "") -> Batch:
    """退回修改."""
    with transaction.atomic():
        one = locked(batch, by)
        demand(rules.why_not_send_back(one, by_role=by.role, reason=reason))
        one.state = BatchState.DRAFT
        return _done(one, Verb.RETURN, "send_back", reason, by=by, at=at, address=address)


def why_not_send(batch: Batch, *, by_role: str) -> str | None:
    """为什么不能登记已送银行: approved, and everything still as it was drafted."""
    return why_not_to_bank(batch, by_role=by_role)[1]


def why_not_export(batch: Batch, *, by_role: str) -> str | None:
    """为什么不能导出代发文件; what went to the bank may be looked at again as it was."""
    return why_not_to_bank(batch, by_role=by_role)[0]


def why_not_to_bank(batch: Batch, *, by_role: str) -> tuple[str | None, str | None]:
    """(为什么不能导出, 为什么不能登记已送银行): what has changed since it was drafted is looked for once."""
    export = rules.why_not_export(batch, by_role=by_role)
    send = rules.why_not_send(batch, by_role=by_role)
    if batch.state != BatchState.APPROVED or (export and send):
        return export, send
    changed = _why_not_as_drafted(batch)
    return export or changed, send or changed


def _why_not_as_drafted(batch: Batch) -> str | None:
    """What has changed since it was drafted: accounts that were replaced, pupils who were paid otherwise."""
    changed = rules.why_not_changed(queries.changed_accounts(batch))
    return changed or rules.why_not_again(queries.paid_already(batch))


def send(*, batch: Batch, by: User, at: datetime, address: str = "") -> Batch:
    """登记已送银行: from now on only the bank's answer moves it."""
    with transaction.atomic():
        one = locked(batch, by)
        demand(why_not_send(one, by_role=by.role))
        one.state, one.sent_by, one.sent_at = BatchState.SENT, by, at
        return _done(one, Verb.PAY, "send", "", by=by, at=at, address=address)


def void(*, batch: Batch, reason: str, by: User, at: datetime, today: date, address: str = "") -> Batch:
    """作废 before it went to the bank: awards go back, the promised money can be promised again."""
    with transaction.atomic():
        one = locked(batch, by)
        demand(rules.why_not_void(one, by_role=by.role, reason=reason))
        if one.state == BatchState.APPROVED:
            note = f"作废 {queries.number_of(one)}：{reason.strip()}"[:300]
            booking.release(
                fund=one.fund, parts=one.parts, batch=one, note=note, by=by, at=at, day=today, today=today
            )
        move_awards(one, LineState.WAITING, AwardState.CLEARED)
        one.lines.filter(state=LineState.WAITING).update(state=LineState.DROPPED)
        one.state = BatchState.VOID
        return _done(one, Verb.CLOSE, "void", reason, by=by, at=at, address=address)


def locked(batch: Batch, by: User) -> Batch:
    """The batch, held for this transaction; Refused outside the account's area."""
    one = Batch.objects.select_for_update(of=("self",)).select_related("fund").get(pk=batch.pk)
    fund_actions.demand_inside(by, one.county_code)
    return one


def move_awards(
    batch: Batch, line_state: LineState, to: AwardState, *, since: Collection[str] = (AwardState.BATCHED,)
) -> int:
    """The awards of the lines in a state follow them, if they are where they should come from; answers how many."""
    lines = batch.lines.filter(state=line_state).values("award")
    return Award.objects.filter(pk__in=lines, state__in=since).update(state=to)


def _done(
    batch: Batch,
    verb: Verb,
    what: str,
    text: str,
    *,
    by: User | None,
    at: datetime,
    address: str,
    **more: object,
) -> Batch:
    batch.save()
    BatchEvent.objects.create(batch=batch, at=at, by=by, what=what, text=text.strip()[:500])
    detail = {
        "what": what,
        "state": batch.state,
        "number": queries.number_of(batch),
        "lines": batch.lines_count,
        "fen": batch.fen,
        **more,
    }
    obj = ("batch", str(batch.pk))
    write(by=by, verb=verb, obj=obj, detail=detail, reason=text.strip(), at=at, address=address)
    return batch


done = _done
