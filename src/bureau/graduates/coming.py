"""外来名单的写入: keeping a list, finding whose line is whose, deciding doubtful lines, withdrawing a list whole."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from django.db import transaction

from bureau.graduates import queries, rules
from bureau.graduates.actions import Said, is_mine, put, put_all
from bureau.graduates.models import ROOM, ComeList, Destination, Leaver, ListLine
from bureau.graduates.states import POINTED
from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.kept import Upload, keep
from bureau.people.models import User
from bureau.people.rules import demand
from bureau.people.scope import Scope, scope_of
from bureau.people.secret import lookup_many, seal_many
from bureau.registry.bulk import insert_rows
from junheng.matching.names import clean_name as _clean_name

# The same surnames and given names come again and again, list after list.
clean_name = lru_cache(maxsize=100_000)(_clean_name)


@dataclass(frozen=True, slots=True)
class Entry:
    """名单的一行, as read from the file; `id_number` in clear. `facts` are what a list of awards says; it says nothing of destinations."""

    number: int
    person_name: str
    id_number: str
    birth_date: date | None
    guardian_name: str
    said: Said
    facts: Mapping[str, bool] = field(default_factory=dict)


def take_list(
    *,
    county_code: str,
    kind: str,
    title: str,
    day: date | None,
    upload: Upload,
    entries: Sequence[Entry],
    by: User,
    at: datetime,
    today: date,
    address: str = "",
) -> ComeList:
    """收下名单: the file is sealed, each line finds its child, and what is certain is registered as its destination. Raises Refused."""
    demand(rules.why_not_list(by=by, title=title, day=day, today=today))
    demand(None if entries else "名单里没有数据行")
    with transaction.atomic():
        made = register(
            county_code=county_code, kind=kind, title=title, day=day, upload=upload, by=by, at=at, today=today
        )
        fill(of=made, entries=entries, by=by, at=at, address=address)
    return made


def register(
    *,
    county_code: str,
    kind: str,
    title: str,
    day: date | None,
    upload: Upload,
    by: User,
    at: datetime,
    today: date,
    waiting: bool = False,
) -> ComeList:
    """The list without its lines, its file sealed; `waiting` to be read in the background. Raises Refused."""
    demand(rules.why_not_list(by=by, title=title, day=day, today=today))
    demand(None if kind in ComeList.Kind.values else "请选择名单种类")
    assert day is not None  # noqa: S101 — the rule has seen to it
    return ComeList.objects.create(
        county_code=county_code, kind=kind, title=title.strip()[:100], day=day, file_name=upload.short_name,
        sha256=keep(ROOM, upload.content), by=by, at=at, state="queued" if waiting else "done", progress=0 if waiting else 1,
    )  # fmt: skip


def fill(
    *,
    of: ComeList,
    entries: Sequence[Entry],
    by: User,
    at: datetime,
    progress: Callable[[float], None] = lambda share: None,
    address: str = "",
) -> None:
    """The lines of a list, each with its child; what is certain is registered. Compared first, then stored whole."""
    hashes = lookup_many([entry.id_number for entry in entries])
    names = [clean_name(entry.person_name) for entry in entries]
    by_id, by_name = _index(of.county_code, scope_of(by), set(hashes), set(names))
    sealed = seal_many([entry.id_number for entry in entries])
    rows = []
    for place, (entry, name, id_hash) in enumerate(zip(entries, names, hashes, strict=True)):
        progress(0.3 + 0.5 * place / len(entries))
        wanted = rules.Candidate(0, name, entry.birth_date, clean_name(entry.guardian_name), id_hash)
        rows.append(_line(of, entry, sealed[place], wanted, by_id, by_name))
    people = Leaver.objects.select_related("current").in_bulk(
        list({row.leaver_id for row in rows if row.leaver_id is not None})
    )
    places = of.kind != ComeList.Kind.AWARD
    if places:
        _one_each(rows)
        _contradicting(rows, people, of.day)
    progress(0.8)
    with transaction.atomic():
        insert_rows(rows)
        keys = dict(of.lines.values_list("number", "pk"))
        for row in rows:
            row.pk = keys[row.number]
        certain = [row for row in rows if places and row.state == "matched" and row.leaver_id]
        put_all(
            [(people[row.leaver_id or 0], _said(row), row) for row in certain], source="list", by=by, at=at
        )
        counts = {state: sum(row.state == state for row in rows) for state in ListLine.State.values}
        detail = {"kind": of.kind, "rows": len(rows), "sha256": of.sha256, **counts}
        write(
            by=by, verb=Verb.MATCH, obj=("graduate_list", str(of.pk)), detail=detail, at=at, address=address
        )


def decide(
    *, line: ListLine, same: bool, by: User, at: datetime, leaver: Leaver | None = None, address: str = ""
) -> ListLine:
    """核对一行: the same child, whose destination it then is, or not; may be decided again. Raises Refused."""
    with transaction.atomic():
        one = ListLine.objects.select_for_update(of=("self",)).select_related("of").get(pk=line.pk)
        chosen = leaver or (Leaver.objects.filter(pk=one.leaver_id).first() if one.leaver_id else None)
        mine = chosen is None or is_mine(chosen, by)
        demand(
            rules.why_not_decide(
                by=by,
                mine=mine,
                withdrawn=one.of.withdrawn_at is not None,
                leaver=chosen is not None,
                same=same,
            )
        )
        _take_back([one], at)
        one.state, one.decided_by, one.decided_at = "same" if same else "different", by, at
        if same and chosen is not None:
            one.leaver = chosen
        if same and chosen is not None and one.of.kind != ComeList.Kind.AWARD:
            put(chosen, _said(one), source="list", by=by, at=at, line=one)
        one.save()
        detail = {"list": one.of_id, "row": one.number, "state": one.state, "leaver": one.leaver_id}
        write(
            by=by,
            verb=Verb.MATCH,
            obj=("graduate_list_line", str(one.pk)),
            detail=detail,
            at=at,
            address=address,
        )
    return one


def withdraw(*, of: ComeList, reason: str, by: User, at: datetime, address: str = "") -> int:
    """撤回名单: what it said of anybody is taken back, what was said before holds again; answers how many. Raises Refused."""
    with transaction.atomic():
        one = ComeList.objects.select_for_update(of=("self",)).get(pk=of.pk)
        demand(
            rules.why_not_withdraw(
                by=by, uploaded_by=one.by_id, withdrawn=one.withdrawn_at is not None, reason=reason
            )
        )
        pointed = list(one.lines.filter(state__in=POINTED))
        count = _take_back(pointed, at)
        if one.kind == ComeList.Kind.AWARD:
            count = len({line.leaver_id for line in pointed})
        one.withdrawn_by, one.withdrawn_at, one.withdrawn_reason = by, at, reason.strip()[:200]
        one.save()
        detail = {"taken_back": count}
        write(
            by=by, verb=Verb.DELETE, obj=("graduate_list", str(one.pk)), detail=detail, reason=reason.strip(), at=at, address=address
        )  # fmt: skip
    return count


Found = Mapping[str, Mapping[str, rules.Candidate]]


def _index(county_code: str, scope: Scope, hashes: Set[str], names: Set[str]) -> tuple[Found, Found]:
    """By ID hash and by clean name: {child's key: its newest leaving}, so that one child is one candidate; only what is asked for."""
    by_id: dict[str, dict[str, rules.Candidate]] = defaultdict(dict)
    by_name: dict[str, dict[str, rules.Candidate]] = defaultdict(dict)
    rows = queries.leavers(county_code, scope).order_by("year", "id")
    for pk, child, written, born, guardian, id_hash in rows.values_list(
        "pk", "student_key", "person_name", "birth_date", "guardian_name", "id_lookup"
    ):
        name = clean_name(written)
        if name not in names and (not id_hash or id_hash not in hashes):
            continue
        candidate = rules.Candidate(pk, name, born, clean_name(guardian), id_hash)
        if id_hash:
            by_id[id_hash][child] = candidate
        if name:
            by_name[name][child] = candidate
    return by_id, by_name


def _line(
    of: ComeList, entry: Entry, sealed: bytes, wanted: rules.Candidate, by_id: Found, by_name: Found
) -> ListLine:
    same_id = list(by_id.get(wanted.id_hash, {}).values())
    same_name = list(by_name.get(wanted.name, {}).values())
    found = rules.match(wanted, same_id, same_name)
    said = entry.said
    return ListLine(
        of=of, number=entry.number, person_name=entry.person_name[:60], id_number=sealed, id_lookup=wanted.id_hash,
        birth_date=entry.birth_date, guardian_name=entry.guardian_name[:60], kind=said.kind, since=said.day,
        study_stage=said.study_stage, school_name=said.school_name[:100], major=said.major[:60], place=said.place[:60],
        employer=said.employer[:100], post=said.post[:60], facts=dict(entry.facts), leaver_id=found.key, state=found.state, reason=found.reason[:200],
    )  # fmt: skip


def _one_each(rows: Sequence[ListLine]) -> None:
    """Two lines for one child: neither is taken without a look."""
    first: dict[int, ListLine] = {}
    for row in rows:
        if row.leaver_id is None:
            continue
        if (other := first.setdefault(row.leaver_id, row)) is not row:
            for one, beside in ((row, other), (other, row)):
                if one.state == "matched":
                    one.state = "to_check"
                    one.reason = f"名单第 {beside.number} 行也是这名学生"


def _contradicting(rows: Sequence[ListLine], people: Mapping[int, Leaver], day: date) -> None:
    """What people typed, the county's own register, or a newer list said otherwise: shown, not overwritten."""
    for row in rows:
        now = people[row.leaver_id].current if row.state == "matched" and row.leaver_id else None
        if now is None or (now.kind, now.school_name, now.employer) == (
            row.kind,
            row.school_name,
            row.employer,
        ):
            continue
        if now.kind == "unknown" or (now.source == "list" and now.day <= (row.since or day)):
            continue
        row.state = "to_check"
        where = now.school_name or now.employer
        row.reason = f"与已登记的去向不同：{rules.KINDS[now.kind]}{'，' + where if where else ''}"[:200]


def _said(line: ListLine) -> Said:
    return Said(
        line.kind, line.since or line.of.day, line.study_stage, line.school_name, line.major, line.place, line.employer, line.post
    )  # fmt: skip


def _take_back(lines: Sequence[ListLine], at: datetime) -> int:
    """End what these lines say; what was said of the child before them holds again."""
    ended = Destination.objects.filter(line__in=[line.pk for line in lines], replaced_at=None)
    count = 0
    for one in ended.select_related("leaver"):
        Destination.objects.filter(pk=one.pk).update(replaced_at=at)
        before = (
            one.leaver.destinations.filter(pk__lt=one.pk)
            .exclude(line__of__withdrawn_at__isnull=False)
            .exclude(line=one.line_id)
            .order_by("-pk")
            .first()
        )
        if before is not None:
            Destination.objects.filter(pk=before.pk).update(replaced_at=None)
        one.leaver.current = before
        one.leaver.save(update_fields=["current"])
        count += 1
    return count
