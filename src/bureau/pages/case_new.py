"""手工立案: choose the ledger, find whom it is about, fill in what is known."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from bureau.cases import actions, packs
from bureau.cases.models import Case
from bureau.cases.subjects import Place, class_key, class_words
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, page
from bureau.pages.attendance_place import home_county
from bureau.pages.case_parts import case_page, filled, found_ledger, inputs, typed_fields
from bureau.pages.context import Page, current, show
from bureau.pages.people_columns import school_names
from bureau.pages.sign_in import client_address
from bureau.people.models import Area
from bureau.people.queries import organisations
from bureau.people.rules import Permission, Refused
from bureau.registry import finding
from bureau.registry.names import pinyin_key
from junheng.policy.ledgers import LIVE, SUBJECT_WORDS, Ledger

MOST = 30


@page(Permission.WORK_CASES)
def new(request: SignedIn) -> HttpResponse:
    """First the ledger, then the subject, then the form."""
    here = current(request)
    county = home_county(request, here.county_code)
    code = request.POST.get("ledger", "") or request.GET.get("ledger", "")
    key = request.POST.get("key", "") or request.GET.get("key", "")
    crumbs = [(_("我的个案"), reverse("my-cases"))]
    if not code:
        groups: dict[str, list[Ledger]] = {}
        for one in packs.ledgers(county):
            if not one.data_only and (request.user.role != "teacher" or one.subject == "student"):
                groups.setdefault(one.group, []).append(one)
        return show(
            request,
            "cases/new_ledger.html",
            title=_("立案：哪一本台账"),
            crumbs=crumbs,
            groups=groups.items(),
        )
    ledger = found_ledger(county, code)
    if not key and ledger.subject == "school" and request.user.role == "school":
        # A school has only itself to look for.
        key = request.user.school_code
    problem = ""
    if request.method == "POST":
        try:
            case = _open(request, county, ledger, key)
        except Refused as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("已立案：%(label)s") % {"label": case.label})
            return HttpResponseRedirect(case_page(case.pk))
    text = request.GET.get("q", "").strip()
    if not text and key and key == request.user.school_code:
        text = here.schools().filter(school_code=key).values_list("school_name", flat=True).first() or ""
    found = subjects(request, here, ledger, text) if ledger.subject != "line" else []
    chosen = next((one for one in found if one["key"] == key), None) if key else None
    if key and chosen is None:
        chosen = {"key": key, "label": request.POST.get("label", "") or request.GET.get("label", "") or key}
    names = [column.name for column in ledger.columns]
    return show(
        request,
        "cases/new.html",
        title=_("立案：%(ledger)s") % {"ledger": ledger.title},
        crumbs=crumbs,
        ledger=ledger,
        subject=_(SUBJECT_WORDS[ledger.subject]),
        text=text,
        found=found,
        chosen=chosen,
        most=MOST,
        inputs=inputs(ledger, names, user=request.user, values={}, posted=request.POST if problem else None),
        townships=Area.objects.filter(kind="township", path__startswith=f"{county}/"),
        posted=request.POST,
        problem=problem,
        status=422 if problem else 200,
    )


def subjects(request: SignedIn, here: Page, ledger: Ledger, text: str) -> list[dict[str, Any]]:
    """Whom the search finds, in the account's area, and whether a case stands already. Looking at children is logged."""
    if not text and ledger.subject not in ("organisation",):
        return []
    rows: list[dict[str, Any]] = []
    names = school_names(here)
    if ledger.subject == "student":
        found = here.rows("students").filter(finding.students(text)).order_by("pinyin", "pk")
        if request.user.role == "teacher":
            found = found.filter(school_code=request.user.school_code)
        for one in found[:MOST]:
            place = (
                f"{names.get(one.school_code, one.school_code)} {class_words(one.grade, one.class_number)}"
            )
            rows.append({"key": one.key, "label": one.person_name, "more": f"{place} {one.birth_date or ''}"})
        read_access(
            by=request.user, verb=Verb.VIEW, obj=("listing", "case-subjects"),
            detail={"search": finding.for_the_log(text), "rows": len(rows)}, at=now(), address=client_address(request),
        )  # fmt: skip
    elif ledger.subject == "school":
        for one in here.schools().filter(finding.schools(text)).order_by("pinyin")[:MOST]:
            rows.append({"key": one.school_code, "label": one.school_name, "more": one.township or ""})
    elif ledger.subject == "teacher":
        for one in here.rows("teachers").filter(finding.teachers(text)).order_by("pinyin", "pk")[:MOST]:
            rows.append({"key": one.key, "label": one.person_name, "more": names.get(one.school_code, "")})
    elif ledger.subject == "class":
        for one in here.rows("classes").filter(finding.of_schools(text))[:MOST]:
            key = class_key(one.school_code, one.grade, one.class_number)
            rows.append(
                {
                    "key": key,
                    "label": class_words(one.grade, one.class_number),
                    "more": names.get(one.school_code, ""),
                }
            )
    else:
        for one in organisations(here.county_code).filter(name__contains=text)[:200]:
            rows.append({"key": str(one.pk), "label": one.name, "more": one.get_kind_display()})
    standing = set(
        Case.objects.filter(
            county_code=here.county_code, ledger=ledger.code, subject_key__in=[row["key"] for row in rows], phase__in=LIVE
        ).values_list("subject_key", flat=True)
    )  # fmt: skip
    return [row | {"live": not ledger.many and row["key"] in standing} for row in rows]


def _open(request: SignedIn, county: str, ledger: Ledger, key: str) -> Case:
    place: Place | None = None
    if ledger.subject == "line":
        key, place = _typed_child(request, county)
    if not key:
        raise Refused(f"请先选择{SUBJECT_WORDS[ledger.subject]}")
    return actions.open_case(
        county_code=county,
        ledger=ledger.code,
        subject_key=key,
        item=request.POST.get("item", "").strip()[:80],
        fields=filled(typed_fields(request.POST, ledger)),
        text=request.POST.get("text", "").strip(),
        by=request.user,
        at=now(),
        today=localdate(),
        place=place,
        address=client_address(request),
    )


def _typed_child(request: SignedIn, county: str) -> tuple[str, Place]:
    """A child that no register has, found at the door (铁脚板摸排): named by hand, placed in a township."""
    name, village = request.POST.get("label", "").strip(), request.POST.get("village", "").strip()
    township = Area.objects.filter(
        kind="township", code=request.POST.get("township", ""), path__startswith=f"{county}/"
    ).first()
    if not name or township is None:
        raise Refused("请填写孩子的姓名，并选择乡镇")
    place = Place(
        name[:60], pinyin_key(name, person=True) or "", township_code=township.code, village=village[:60]
    )
    return f"hand:{uuid4().hex}", place
