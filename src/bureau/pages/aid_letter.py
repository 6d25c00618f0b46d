"""资助决定告知书: what was decided for one child in one term, as Word or archival PDF; handing it out is logged."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bureau.entitlements.evaluation_models import EvaluatedChild, Evaluation
from bureau.entitlements.evaluation_rules import GRANTED, LISTS
from bureau.entitlements.queries import county_book
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, not_found, page, refused
from bureau.pages.aid_child import ClauseLine, FactLine, TermFile, child_of, seen_terms, term_file
from bureau.pages.aid_list import children_in, table_of
from bureau.pages.aid_words import STATES, chosen_term
from bureau.pages.context import Page, current
from bureau.pages.export import archive, download
from bureau.pages.later import later, tell
from bureau.pages.sign_in import client_address
from bureau.pages.slip_document import FORMS
from bureau.people.rules import Permission, why_not
from bureau.registry.bulk import chunks
from bureau.registry.models import School, Student
from junheng.documents.letters import DecisionItem, DecisionLetter, Fact, decision_letter
from junheng.documents.official import NoChineseFont, OfficialDocument

# What concerns the child: granted, or refused for a reason that lies in the child's own facts.
TOLD = ("paid", "cut", "unconfirmed", "unknown", "lost", "not_met")
# Letters that take less than two seconds, and those that one file may hold.
AT_ONCE, MOST_LETTERS, _PART = 10, 3_000, 2_000
OBJECTION = "可以自收到本告知书之日起，向学校或者县学生资助管理部门书面提出，并附上相应的证明材料"


@require_GET
@page(Permission.SEE_AID)
def letter(request: SignedIn, key: str, term: str, form: str) -> HttpResponse:
    """The decision of one term."""
    here = current(request)
    student = child_of(here, key)
    chosen = seen_terms(here, key).get(term)
    if form not in FORMS or chosen is None:
        raise not_found(_("没有这个学期的资助决定，或者没有这种格式（只有 Word 和 PDF）。"))
    school = (
        School.objects.filter(school_code=chosen[1].school_code, replaced_by=None)
        .order_by("-valid_from")
        .values_list("school_name", flat=True)
        .first()
    )
    made = term_file(*chosen, school or "")
    kind, write = FORMS[form]
    try:
        content = write(_document(made, student.guardian_name or "", f"{here.county_name}学生资助管理中心"))
    except NoChineseFont as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("aid-child", args=[key]))
    read_access(
        by=request.user, verb=Verb.EXPORT, obj=("aid_letter", key), detail={"term": term, "form": form}, at=now(),
        address=client_address(request),
    )  # fmt: skip
    return download(content, f"资助决定告知书-{student.person_name}-{term}.{form}", kind)


@require_GET
@page(Permission.SEE_AID)
def letters(request: SignedIn, form: str) -> HttpResponseBase:
    """The letters of every child of a list, by school and class in one packed file; more than a few are made by the worker."""
    here = current(request)
    one, _terms = chosen_term(request, here)
    if form not in FORMS or one is None:
        raise not_found(_("没有这个学期的资助决定，或者没有这种格式（只有 Word 和 PDF）。"))
    if refusal := why_not(request.user.role, Permission.EXPORT):
        return refused(request, refusal)
    asked = request.GET.get("list", "")
    table = table_of(request, one, asked if asked in LISTS else "")
    count = children_in(table)
    if not count or count > MOST_LETTERS:
        sentence = _("名单里没有学生，没有告知书可做。") if not count else _("一次最多做 %(most)s 名学生的告知书，现在有 %(n)s 名；请先按学校或资助项目筛选。") % {"most": f"{MOST_LETTERS:,}", "n": f"{count:,}"}  # fmt: skip
        if not hasattr(request, "making"):
            messages.error(request, sentence)
        _path, _mark, query = table.address({}).partition("?")
        return HttpResponseRedirect(f"{reverse('aid')}?{query}")
    title = f"{here.county_name}{one.term}{_('资助决定告知书')}"
    if count > AT_ONCE and not hasattr(request, "making"):
        return later(request, title=title, rows=count)
    keys = list(dict.fromkeys(row["student_key"] for part in table.parts(_PART) for row in part))
    try:
        content, made = _packed(here, one, keys, form, tell(request))
    except NoChineseFont as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("aid"))
    read_access(
        by=request.user, verb=Verb.EXPORT, obj=("aid_letters", one.term), detail={"form": form, "children": made, "filters": table.chosen}, at=now(),
        address=client_address(request),
    )  # fmt: skip
    return download(content, f"{title}.zip", "application/zip")


def _packed(
    here: Page, one: Evaluation, keys: list[str], form: str, progress: Callable[[float], None]
) -> tuple[bytes, int]:
    """(the packed letters, how many): one folder a school, in the order of classes and names. Who was not judged gets none."""
    children = [
        row
        for part in chunks(keys, 500)
        for row in EvaluatedChild.objects.filter(evaluation=one, student_key__in=part)
    ]
    children.sort(key=lambda row: (row.school_code, row.stage, row.grade, row.class_number or 0, row.pinyin))
    codes = {row.school_code for row in children}
    schools = dict(
        School.objects.filter(school_code__in=codes, county_code=here.county_code, replaced_by=None)
        .order_by("valid_from")
        .values_list("school_code", "school_name")
    )
    guardians: dict[str, str] = {}
    for part in chunks([row.student_key for row in children], 500):
        rows = Student.objects.filter(key__in=part, county_code=here.county_code, replaced_by=None)
        guardians |= dict(rows.order_by("valid_from").values_list("key", "guardian_name"))
    _kind, write = FORMS[form]
    issuer = f"{here.county_name}学生资助管理中心"
    book = county_book(one.county_code)

    def files() -> Iterator[tuple[str, bytes]]:
        for place, row in enumerate(children, 1):
            school = schools.get(row.school_code, "") or row.elsewhere
            made = term_file(one, row, school, book)
            class_ = f"{row.class_number}班" if row.class_number else ""
            path = f"{school or '学校不详'}/{place:04d}-{made.grade}{class_}-{row.person_name}.{form}"
            yield path, write(_document(made, guardians.get(row.student_key) or "", issuer))
            progress(place / len(children))

    return archive(files()), len(children)


def _document(made: TermFile, guardian: str, issuer: str) -> OfficialDocument:
    one = made.evaluation
    return decision_letter(
        DecisionLetter(
            number="",
            issuer=issuer,
            addressee=f"{guardian or made.child.person_name + '的监护人'}：".rstrip("："),
            child=made.child.person_name,
            school=made.school,
            grade=made.grade,
            term=f"{one.term[:4]}年{one.term[4:]}季学期",
            items=tuple(_item(line, made) for line in made.clauses if line.state in TOLD),
            objection=OBJECTION,
            date=localdate(),
            marked="演示数据" if settings.DEMO else "",
        )
    )


def _item(line: ClauseLine, made: TermFile) -> DecisionItem:
    granted = line.state in GRANTED and not line.refused
    due = line.claim.due_fen if line.claim and granted else None
    return DecisionItem(
        aid=line.name,
        granted=granted,
        reason=_reason(line, granted=granted),
        clause="",
        citation=line.cite,
        quoted=line.quote,
        amount=Decimal(due) / 100 if due else None,
        period=f"{made.evaluation.term[:4]}年{made.evaluation.term[4:]}季学期",
        facts=tuple(_fact(fact, made) for fact in made.facts if fact.name in line.facts),
        would_change=line.change,
    )


def _reason(line: ClauseLine, *, granted: bool) -> str:
    if line.refused:
        return f"评审不予发放。{line.refused}"
    return line.body if granted else f"{STATES[line.state]}。{line.body}"


def _fact(fact: FactLine, made: TermFile) -> Fact:
    value = "不清楚" if fact.value is None else "是" if fact.value else "否"
    return Fact(fact.name, value, fact.origin or "尚无来源", f"{made.evaluation.register_day:%Y-%m-%d}")
