"""查个案: lists, one case, my desk, what comes next. Everything goes through `seeing.visible`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from bureau.cases import change, packs, rules, values
from bureau.cases.desk import DeskLine, desk, desk_cases, desk_counts, desk_overview, mine
from bureau.cases.files import may_open
from bureau.cases.models import Bulk, Case, CaseFile, Event, Holding, SavedFilter, Sweep, Watch
from bureau.cases.owning import holders
from bureau.cases.packs import ledger, ledgers
from bureau.cases.seeing import condition, locked, visible
from bureau.people.clearances import cleared
from bureau.people.models import User
from bureau.registry.finding import plain
from junheng.policy.ledgers import ACCESS_WORDS, LIVE, Column, Ledger, Move

__all__ = [
    "DeskLine",
    "condition",
    "desk",
    "desk_cases",
    "desk_counts",
    "desk_overview",
    "holders",
    "ledger",
    "ledgers",
    "locked",
    "mine",
    "visible",
]
SOON_DAYS = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """筛选. `live` leaves out what has ended; `mine` is what the account owns or answers for; "" and None mean any."""

    ledger: str = ""
    state: str = ""
    phase: str = ""
    level: str = ""
    school: str = ""
    township: str = ""
    owner: int | None = None
    mine: bool = False
    overdue: bool = False
    due_by: date | None = None
    contradiction: bool | None = None
    age: int | None = None
    watched: bool = False
    text: str = ""
    live: bool = True


def cases(user: User, wanted: Wanted, *, today: date) -> QuerySet[Case]:
    """个案列表, those due first."""
    found = visible(user).select_related("owner").order_by(F("due").asc(nulls_last=True), "id")
    exact = {
        "ledger": wanted.ledger,
        "state": wanted.state,
        "phase": wanted.phase,
        "level": wanted.level,
        "school_code": wanted.school,
        "township_code": wanted.township,
    }
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if wanted.live and not wanted.phase:
        found = found.filter(phase__in=LIVE)
    if wanted.owner is not None:
        found = found.filter(owner=wanted.owner)
    if wanted.mine:
        found = found.filter(mine(user))
    if wanted.overdue:
        found = found.filter(due__lt=today, phase__in=LIVE)
    if wanted.due_by is not None:
        found = found.filter(due__lte=wanted.due_by)
    if wanted.contradiction is not None:
        found = found.exclude(contradiction="") if wanted.contradiction else found.filter(contradiction="")
    if wanted.age is not None:
        found = found.filter(
            birth_date__gt=_years_before(today, wanted.age + 1),
            birth_date__lte=_years_before(today, wanted.age),
        )
    if wanted.watched:
        found = found.filter(pk__in=Watch.objects.filter(user=user).values("of"))
    return found.filter(_text(wanted.text)) if wanted.text.strip() else found


def case(user: User, pk: int) -> Case:
    """一件个案. Raises Case.DoesNotExist outside the account's area."""
    return visible(user).select_related("owner", "done_by", "closed_by", "opened_by").get(pk=pk)


def child_cases(user: User, county_code: str, student_key: str) -> QuerySet[Case]:
    """一名学生的个案, those not ended first, as far as the account may see them."""
    found = visible(user).filter(county_code=county_code, subject_key=student_key, subject="student")
    return found.select_related("owner").order_by(F("closed_on").asc(nulls_first=True), "ledger", "-id")


@dataclass(frozen=True, slots=True)
class NextMove:
    """下一步. `why_not` None when it may be done now; else the sentence beside the greyed button."""

    move: Move
    why_not: str | None


def next_moves(one: Case, user: User) -> list[NextMove]:
    """这件个案能怎样办理: the moves from its state, each with why not."""
    of = packs.ledger(one.county_code, one.ledger)
    inside = visible(user).filter(pk=one.pk).exists()
    return [
        NextMove(move, rules.why_not_move(one, move, of, by=user, in_scope=inside))
        for move in of.moves_from(one.state)
    ]


def timeline(one: Case, user: User) -> list[Event]:
    """经过, newest first, with the files the account may open as `shown_files`."""
    events = list(Event.objects.filter(of=one).select_related("by").prefetch_related("files").order_by("-id"))
    for event in events:
        event.shown_files = [file for file in event.files.all() if may_open(file.access, user)]  # type: ignore[attr-defined]
    return events


def files(one: Case, user: User) -> list[CaseFile]:
    """文件 that the account may open."""
    found = CaseFile.objects.filter(of=one).select_related("by")
    return [file for file in found if may_open(file.access, user)]


def holdings(one: Case) -> list[Holding]:
    """责任人经历, the present ones first."""
    return list(
        Holding.objects.filter(of=one)
        .select_related("user", "by")
        .order_by(F("until").asc(nulls_first=True), "line", "-id")
    )


@dataclass(frozen=True, slots=True)
class FieldLine:
    """栏目一行. `locked` when it is of a restricted class: its words are not here; `filled` says whether there are any."""

    column: Column
    words: str
    locked: bool
    filled: bool
    access_words: str


def fields_for(one: Case, user: User) -> list[FieldLine]:
    """栏目 of a case. The bureau reads its own columns at once; the two sensitive classes only through `actions.reveal`."""
    of = packs.ledger(one.county_code, one.ledger)
    stored: dict[str, dict[str, object]] = {}
    lines = []
    for column in of.columns:
        if column.access == "child":
            words = values.in_words(one.fields.get(column.name))
            lines.append(FieldLine(column, words, False, bool(words), ""))
            continue
        if column.access not in stored:
            stored[column.access] = change.restricted(one, column.access)
        value = stored[column.access].get(column.name)
        shown = column.access == "staff" and rules.level_of(user.role) == "bureau"
        lines.append(
            FieldLine(
                column,
                values.in_words(value) if shown else "",
                not shown,
                value is not None,
                ACCESS_WORDS[column.access],
            )
        )
    return lines


def may_reveal(access: str, user: User) -> bool:
    """Whether a button for revealing has any sense."""
    return rules.why_not_reveal(access, by=user, in_scope=True, cleared=cleared(user), reason="·") is None


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """台账总览一行."""

    ledger: Ledger
    live: int
    overdue: int
    soon: int
    contradictions: int
    to_confirm: int
    by_state: dict[str, int]
    last_sweep: Sweep | None


def overview(user: User, county_code: str, *, today: date) -> list[LedgerLine]:
    """各台账总览 of a county as far as the account sees it; two queries."""
    late = Q(due__lt=today)
    rows = (
        visible(user)
        .filter(county_code=county_code, phase__in=LIVE)
        .values("ledger", "state", "phase")
        .annotate(
            n=Count("pk"),
            late=Count("pk", filter=late),
            soon=Count("pk", filter=~late & Q(due__lte=today + timedelta(days=SOON_DAYS))),
            wrong=Count("pk", filter=~Q(contradiction="")),
        )
        .order_by()
    )
    by_ledger: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_ledger.setdefault(str(row["ledger"]), []).append(row)
    sweeps: dict[str, Sweep] = {}
    newest = Sweep.objects.filter(county_code=county_code).order_by("-id")[:200]
    for sweep in newest:
        sweeps.setdefault(sweep.ledger, sweep)
    return [_line(of, by_ledger.get(of.code, []), sweeps.get(of.code)) for of in ledgers(county_code)]


def _line(of: Ledger, rows: Iterable[Mapping[str, Any]], sweep: Sweep | None) -> LedgerLine:
    rows = list(rows)
    total = {name: sum(int(row[name]) for row in rows) for name in ("n", "late", "soon", "wrong")}
    return LedgerLine(
        of,
        total["n"],
        total["late"],
        total["soon"],
        total["wrong"],
        sum(int(row["n"]) for row in rows if row["phase"] == "solved"),
        {str(row["state"]): int(row["n"]) for row in rows},
        sweep,
    )


# The three ledgers of children who are not in school; who has come back is followed up in a fourth.
AWAY = ("children", "suspected", "dropout")


def out_of_school(user: User, county_code: str) -> QuerySet[Case]:
    """现在不在校的孩子: live cases of the dropout ledgers that the data does not show solved, longest first."""
    found = visible(user).filter(county_code=county_code, ledger__in=AWAY, phase__in=("open", "claimed"))
    return found.select_related("owner").order_by("opened_on", "id")


def saved_filters(user: User, ledger_code: str = "") -> QuerySet[SavedFilter]:
    """常用筛选."""
    found = SavedFilter.objects.filter(user=user)
    return found.filter(ledger=ledger_code) if ledger_code else found


def watching(user: User) -> QuerySet[Case]:
    """关注的个案."""
    return visible(user).filter(pk__in=Watch.objects.filter(user=user).values("of")).select_related("owner")


def bulk(user: User, pk: int) -> Bulk:
    """一次批量办理 of one's own. Raises Bulk.DoesNotExist."""
    return Bulk.objects.get(pk=pk, by=user)


def sweeps(county_code: str, ledger_code: str, most: int = 60) -> QuerySet[Sweep]:
    """历次数据比对 of a ledger, newest first."""
    return Sweep.objects.filter(county_code=county_code, ledger=ledger_code)[:most]


def _text(text: str) -> Q:
    words = plain(text)
    if words.isdigit():
        return Q(school_code__startswith=words) | Q(pk=int(words) if len(words) < 12 else 0)
    if words.isascii():
        key = "".join(words.lower().split())
        return Q(pinyin__startswith=key) | Q(pinyin__contains=f" {key}")
    return Q(label__contains=words) | Q(school__contains=words) | Q(village__contains=words)


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
