"""查评审: the awards an account may see, the clause they are paid by, counts by state."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Sum, Value, When

from bureau.entitlements.evaluation_rules import REFUSED, WAITING
from bureau.entitlements.queries import county_book, why_not_pay
from bureau.payments.award_rules import period_over
from bureau.payments.models import Award, AwardRound, Line, Objection
from bureau.payments.states import IN_HAND, AwardState
from bureau.people.models import User
from bureau.people.scope import Reach, scope_of
from bureau.registry.queries import latest_day, rows_on
from junheng.aid import term_day, term_fen
from junheng.policy.clauses import Book, Clause
from junheng.tables import codes


def inside(user: User, county_code: str, *, school: str = "school_code") -> Q:
    """Condition on rows with a county and a school: those that an account may see."""
    scope = scope_of(user)
    if scope.reach is Reach.COUNTY and scope.code != county_code:
        return Q(pk__in=[])
    if scope.reach in (Reach.EVERYTHING, Reach.COUNTY):
        return Q(county_code=county_code)
    day = latest_day(county_code) or date.min
    return Q(county_code=county_code) & scope.rows(rows_on("schools", day, county_code), school=school)


def visible_awards(user: User, county_code: str) -> QuerySet[Award]:
    """资助 of a county that an account may see."""
    return Award.objects.filter(inside(user, county_code))


def in_hand(county_code: str, term: str) -> dict[tuple[str, str], str]:
    """在办和不予发放: {(student, clause): waiting} of who is proposed, reviewed, published or in a batch; refused of whom a reviewer
    refused and nobody proposed again. Whose payment failed has to be seen to first and is neither."""
    rows = Award.objects.filter(county_code=county_code, term=term, person_kind="student").order_by()
    found: dict[tuple[str, str], str] = {}
    standing: set[tuple[str, str]] = set()
    for key, clause, state in rows.values_list("person_key", "clause", "state"):
        if state == AwardState.REJECTED:
            found.setdefault((key, clause), REFUSED)
            continue
        standing.add((key, clause))
        if state in IN_HAND:
            found[key, clause] = WAITING
    return {pair: words for pair, words in found.items() if words == WAITING or pair not in standing}


def refusals(county_code: str, term: str, students: Collection[str]) -> dict[tuple[str, str], str]:
    """不予发放的原因: {(student, clause): what the reviewer last said}."""
    rows = Award.objects.filter(
        county_code=county_code, term=term, person_kind="student", person_key__in=list(students),
        state=AwardState.REJECTED,
    ).order_by("pk")  # fmt: skip
    return {
        (key, clause): reason for key, clause, reason in rows.values_list("person_key", "clause", "reason")
    }


def rounds(county_code: str) -> QuerySet[AwardRound]:
    """评审批 of a county."""
    return AwardRound.objects.filter(county_code=county_code).select_related("fund", "by", "published_by")


def day_of_term(term: str) -> date:
    """2026秋 → the day whose rules are the rules of the term."""
    return term_day(int(term[:4]), term[4:])


def clauses(book: Book, county_code: str, *, person_kind: str) -> list[Clause]:
    """可以发放的项目: clauses in money of the county's book that reach it, for pupils or for staff."""
    return [
        clause
        for clause in book.clauses
        if clause.kind == "cash"
        and any(county_code.startswith(area) for area in clause.areas)
        and ("教职工" in clause.stages) == (person_kind == "teacher")
    ]


def why_not_clause(county_code: str, clause: str, term: str, book: Book | None = None) -> str | None:
    """为什么不能按这一条发放: not confirmed, not in force, no such clause."""
    try:
        day = day_of_term(term)
    except (ValueError, IndexError):
        return "学期应写成 2026秋 或 2026春"
    return why_not_pay(county_code, clause, day, book) if clause else "请选择资助项目"


def clause_of(county_code: str, clause: str) -> Clause:
    """条款 as it stands for the county."""
    return county_book(county_code).clause(clause)


def citation(book: Book, clause: str, term: str) -> str:
    """依据 of a clause of the county's book in a term, with its quoted words."""
    return book.cite(book.clause(clause).near(day_of_term(term)))


def usual_fen(county_code: str, clause: str, term: str) -> int:
    """通常金额 of a term (the most a clause grants anybody), to notice 万元 for 元; 0 when no amount is laid down."""
    rate = clause_of(county_code, clause).on(day_of_term(term))
    if rate is None:
        return 0
    most = max([*rate.fen.values(), rate.high], default=0)
    return most if rate.per == "once" else term_fen(rate, most, term[4:])


def in_class_order(rows: QuerySet[Award]) -> QuerySet[Any]:
    """按学校、年级、班级、姓名: as schools have their lists; 三年级 does not come before 二年级."""
    whens = [When(grade=words, then=Value(place)) for place, words in enumerate(codes("grade").values())]
    placed = rows.annotate(place=Case(*whens, default=Value(99), output_field=IntegerField()))
    return placed.order_by("school_code", "place", "class_name", "pinyin", "id")


def publication_running(found: AwardRound, *, today: date) -> bool:
    """是否在公示期内."""
    return found.published_on is not None and not period_over(found.published_until, today=today)


def published_rounds(county_code: str | None = None, *, today: date) -> QuerySet[AwardRound]:
    """公示中的名单; what is over is not in it."""
    rows = AwardRound.objects.filter(published_on__lte=today, published_until__gte=today)
    return rows.filter(county_code=county_code) if county_code else rows


def published_awards(found: AwardRound) -> QuerySet[Award]:
    """公示的人: who is on the list, objected or not; nobody who was refused."""
    return found.awards.filter(state__in=[AwardState.PUBLISHED, AwardState.OBJECTED])


def counts(rows: QuerySet[Award]) -> dict[str, tuple[int, int]]:
    """{state: (awards, fen)}."""
    found = rows.order_by().values_list("state").annotate(n=Count("id"), fen=Sum("fen"))
    return {state: (n, fen) for state, n, fen in found}


def by_round(rows: QuerySet[Award]) -> dict[int, dict[str, tuple[int, int]]]:
    """{round: {state: (awards, fen)}}."""
    of: dict[int, dict[str, tuple[int, int]]] = {}
    found = rows.order_by().values_list("round", "state").annotate(n=Count("id"), fen=Sum("fen"))
    for key, state, n, fen in found:
        of.setdefault(key, {})[state] = (n, fen)
    return of


def summary(county_code: str) -> dict[str, tuple[int, int]]:
    """{state: (awards, fen)} of a county."""
    return counts(Award.objects.filter(county_code=county_code))


def open_objections(county_code: str) -> QuerySet[Objection]:
    """未处理的异议."""
    rows = Objection.objects.filter(round__county_code=county_code, upheld=None)
    return rows.select_related("round", "award", "received_by")


def blocked_rounds(county_code: str) -> QuerySet[Objection]:
    """Objections that name nobody yet: their whole round waits."""
    return Objection.objects.filter(round__county_code=county_code, upheld=None, award=None)


def paid_of(county_code: str, person_key: str) -> QuerySet[Line]:
    """已发给一个人的, newest first."""
    rows = Line.objects.filter(award__county_code=county_code, award__person_key=person_key, state="paid")
    return rows.select_related("award__round", "batch").order_by("-paid_on", "-id")
