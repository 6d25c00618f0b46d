"""学生资助档案: one child over all terms: every clause with its reason, the facts with their registers, payments."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N

from bureau.entitlements import lists, paid_queries
from bureau.entitlements.evaluation_models import Claim, EvaluatedChild, Evaluation, Profile, Sentence
from bureau.entitlements.evaluation_profiles import CLAUSE, MISSING, SENTENCE, STATE
from bureau.entitlements.evaluation_rules import REFUSED
from bureau.entitlements.queries import county_book
from bureau.entitlements.terms import parse
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.aid_words import claims_seen, clause_names, grade_words, line_words
from bureau.pages.context import Page, current, show
from bureau.pages.people_columns import opened
from bureau.pages.sign_in import client_address
from bureau.payments.award_queries import refusals
from bureau.people.rules import Permission
from bureau.people.secret import mask_id
from bureau.registry import queries as registered
from bureau.registry.models import School, Student
from junheng.policy.clauses import Book, Clause, Rate, facts_of

ORDER = (
    "paid",
    "cut",
    "unconfirmed",
    "unknown",
    "lost",
    "not_met",
    "other_grade",
    "not_in_force",
    "other_stage",
)
SCHOOL_ENTRY = N("学籍登记册（学校填报）")
# What lies outside the child's stage, grade or time is folded away: it is there to be looked up.
FOLDED = ("other_grade", "not_in_force", "other_stage")


@dataclass(frozen=True, slots=True)
class FactLine:
    """一项事实: its value (None: not known), where it comes from, and what the school had entered otherwise."""

    name: str
    value: bool | None
    origin: str
    detail: str
    meaning: str
    school: bool | None
    differs: bool


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """一个条款对这名学生: state, sentence as it was said then, citation, and the line of the lists if there is one."""

    id: str
    name: str
    kind: str
    state: str
    sentence: str
    cite: str
    quote: str
    change: str
    body: str
    missing: tuple[str, ...]
    claim: Claim | None
    facts: tuple[str, ...]
    refused: str = ""  # what the reviewer said who refused it


@dataclass(frozen=True, slots=True)
class TermFile:
    """一个学期的判断."""

    evaluation: Evaluation
    child: EvaluatedChild
    school: str
    grade: str
    facts: tuple[FactLine, ...]
    clauses: tuple[ClauseLine, ...]


def seen_terms(here: Page, key: str) -> dict[str, tuple[Evaluation, EvaluatedChild]]:
    """{term: evaluation and child}, newest first: all terms of a child that is in scope now, else those it was in scope."""
    # One look into the index of each term, of which there are few.
    rows = EvaluatedChild.objects.filter(
        evaluation__in=lists.evaluated(here.county_code), student_key=key
    ).select_related("evaluation")
    if not in_scope(here, key):
        rows = rows.filter(claims_seen(here))
    found = sorted(rows, key=lambda row: parse(row.evaluation.term), reverse=True)
    return {row.evaluation.term: (row.evaluation, row) for row in found}


def in_scope(here: Page, key: str) -> bool:
    """Whether the register has the child in the account's area on the day shown."""
    return bool(here.on) and here.rows("students").filter(key=key).exists()


def child_of(here: Page, key: str) -> Student:
    """The child as the register last knew it. 404 where neither the register nor an evaluation has it in the account's area."""
    student = (
        Student.objects.filter(key=key, county_code=here.county_code, replaced_by=None)
        .order_by("-valid_from")
        .first()
    )
    if student is None or not (in_scope(here, key) or seen_terms(here, key)):
        raise not_found(_("没有这名学生的资助档案：可能不在册，或者不在您的辖区。"))
    return student


def term_file(
    evaluation: Evaluation, child: EvaluatedChild, school: str, book: Book | None = None
) -> TermFile:
    """The file of one term, as it was judged; `book` is the county's, for who asks for many."""
    book = book or county_book(evaluation.county_code)
    profile = Profile.objects.get(evaluation=evaluation, number=child.profile)
    numbers = [one[SENTENCE] for one in profile.findings]
    texts = dict(
        Sentence.objects.filter(evaluation=evaluation, number__in=numbers).values_list("number", "text")
    )
    claims = {
        row.clause: row for row in Claim.objects.filter(evaluation=evaluation, student_key=child.student_key)
    }
    clauses = {clause.id: clause for clause in book.clauses}
    names = clause_names(evaluation)
    said: dict[tuple[str, str], str] = {}
    if any(row.standing == REFUSED for row in claims.values()):
        said = refusals(evaluation.county_code, evaluation.term, [child.student_key])
    lines = [
        _line(
            book, clauses.get(one[CLAUSE]), one, texts, names, claims.get(one[CLAUSE]), evaluation.rules_day
        )
        for one in profile.findings
    ]
    lines = [
        replace(line, refused=said.get((child.student_key, line.id), ""))
        if line.claim and line.claim.standing == REFUSED
        else line
        for line in lines
    ]
    lines.sort(key=lambda line: ORDER.index(line.state) if line.state in ORDER else len(ORDER))
    return TermFile(
        evaluation, child, school or child.elsewhere, grade_words(child.stage, child.grade), tuple(_facts(book, profile, child, evaluation)), tuple(lines)
    )  # fmt: skip


def _line(
    book: Book,
    clause: Clause | None,
    found: list[Any],
    texts: Mapping[int, str],
    names: Mapping[str, str],
    claim: Claim | None,
    day: date,
) -> ClauseLine:
    sentence = texts.get(found[SENTENCE], "")
    rate: Rate | None = clause.near(day) if clause else None
    cite = book.cite(rate) if rate else ""
    body, _mark, rest = sentence.partition(f"；依据{cite}") if cite else (sentence, "", "")
    return ClauseLine(
        id=found[CLAUSE],
        name=clause.name if clause else names.get(found[CLAUSE], found[CLAUSE]),
        kind=clause.kind if clause else "",
        state=found[STATE],
        sentence=sentence,
        cite=f"{book.documents[rate.cite.document].name}{rate.cite.item}" if rate else "",
        quote=rate.cite.quote if rate else "",
        change=rest.strip("；。"),
        body=body.rstrip("。"),
        missing=tuple(found[MISSING]),
        claim=claim,
        facts=facts_of(clause.condition) if clause else (),
    )


def _facts(book: Book, profile: Profile, child: EvaluatedChild, evaluation: Evaluation) -> list[FactLine]:
    """The facts that were used, those of the registers of origin first."""
    own: dict[str, bool | None] = profile.facts
    completed = book.facts_on(evaluation.county_code, evaluation.rules_day, own)
    sources = {source: day for source, day, *_rest in evaluation.sources}
    found = []
    for name, value in own.items():
        told = child.origins.get(name)
        if told:
            dates = "—".join(filter(None, (told.get("since"), told.get("until"))))
            named = _("%(source)s（%(day)s）") if told.get("list") else _("%(source)s名册（%(day)s）")
            words = named % {"source": told["source"], "day": told["day"]}
            detail = "，".join(
                filter(None, (line_words(told.get("place", "")), told.get("detail", ""), dates))
            )
            found.append(FactLine(name, value, words, detail, _meaning(book, name), told.get("school"), "school" in told))  # fmt: skip
            continue
        origin = "" if value is None else _(SCHOOL_ENTRY)
        if value is None and completed.get(name) is not None:
            value, origin = completed[name], _("文件载明的本县情况")
        elif value is False and name in sources:
            origin = _("%(source)s名册（%(day)s）中没有该生") % {"source": name, "day": sources[name]}
        found.append(FactLine(name, value, origin, "", _meaning(book, name), None, False))
    return sorted(found, key=lambda line: (not line.differs, line.value is None, not line.value))


def _meaning(book: Book, name: str) -> str:
    fact = book.facts.get(name)
    return f"{fact.meaning}；{_('应以此为准')}：{fact.register}" if fact else ""


@page(Permission.SEE_AID)
def child(request: SignedIn, key: str) -> HttpResponse:
    """The file; looking is logged."""
    here = current(request)
    student = child_of(here, key)
    terms = seen_terms(here, key)
    asked = request.GET.get("term", "")
    chosen = terms.get(asked) or next(iter(terms.values()), None)
    codes = {row.school_code for _one, row in terms.values()} | {student.school_code or ""}
    schools = dict(
        School.objects.filter(school_code__in=codes, county_code=here.county_code, replaced_by=None)
        .order_by("valid_from")
        .values_list("school_code", "school_name")
    )
    made = term_file(*chosen, schools.get(chosen[1].school_code, "")) if chosen else None
    payments = list(paid_queries.paid_of(here.county_code, key)) if in_scope(here, key) or terms else []
    if not in_scope(here, key):
        payments = [line for line in payments if line.list.term in terms]
    names = {clause.id: clause.name for clause in county_book(here.county_code).clauses}
    read_access(
        by=request.user, verb=Verb.VIEW, obj=("aid_child", key), detail={"terms": list(terms)}, at=now(), address=client_address(request)
    )  # fmt: skip
    identity = registered.rows_on("students", here.on, here.county_code).filter(key=key).values_list("pk", flat=True).first() if here.on else None  # fmt: skip
    return show(
        request,
        "aid/child.html",
        title=_("%(name)s的资助档案") % {"name": student.person_name},
        crumbs=[(_("应助尽助"), reverse("aid"))],
        student=student,
        identity=identity,
        id_mask=mask_id(opened(student.id_number)),
        school=schools.get(student.school_code or "", ""),
        key=key,
        file=made,
        main=[line for line in made.clauses if line.state not in FOLDED] if made else [],
        folded=[line for line in made.clauses if line.state in FOLDED] if made else [],
        terms=[
            (term, f"{request.path}?term={term}", schools.get(row.school_code, row.elsewhere), grade_words(row.stage, row.grade), made is not None and made.evaluation.term == term)
            for term, (_one, row) in terms.items()
        ],
        payments=[(line, names.get(line.clause, line.clause)) for line in payments],
        paid_total=sum(line.fen for line in payments) / 100,
        own=bool(in_scope(here, key)),
    )  # fmt: skip
