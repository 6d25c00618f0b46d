"""资助决定告知书: what was decided for one child in one term, as Word or archival PDF; handing it out is logged."""

from decimal import Decimal

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bureau.entitlements.evaluation_rules import GRANTED
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.aid_child import ClauseLine, FactLine, TermFile, child_of, seen_terms, term_file
from bureau.pages.aid_words import STATES
from bureau.pages.context import current
from bureau.pages.export import download
from bureau.pages.sign_in import client_address
from bureau.pages.slip_document import FORMS
from bureau.people.rules import Permission
from bureau.registry.models import School
from junheng.documents.letters import DecisionItem, DecisionLetter, Fact, decision_letter
from junheng.documents.official import NoChineseFont, OfficialDocument

# What concerns the child: granted, or refused for a reason that lies in the child's own facts.
TOLD = ("paid", "cut", "unconfirmed", "unknown", "lost", "not_met")
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
    granted = line.state in GRANTED
    due = line.claim.due_fen if line.claim and granted else None
    return DecisionItem(
        aid=line.name,
        granted=granted,
        reason=line.body if granted else f"{STATES[line.state]}。{line.body}",
        clause="",
        citation=line.cite,
        quoted=line.quote,
        amount=Decimal(due) / 100 if due else None,
        period=f"{made.evaluation.term[:4]}年{made.evaluation.term[4:]}季学期",
        facts=tuple(_fact(fact, made) for fact in made.facts if fact.name in line.facts),
        would_change=line.change,
    )


def _fact(fact: FactLine, made: TermFile) -> Fact:
    value = "不清楚" if fact.value is None else "是" if fact.value else "否"
    return Fact(fact.name, value, fact.origin or "尚无来源", f"{made.evaluation.register_day:%Y-%m-%d}")
