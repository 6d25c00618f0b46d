"""起草条款: a clerk's form for a new clause or a new standard of one; saved into the county's draft with everything checked."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bureau.entitlements import clause_actions, clause_yaml, queries, rules
from bureau.pages import clauses_form
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.cells import said
from bureau.pages.clauses_form_fields import CONDITIONS, EXAMPLES, TIERS, Typed
from bureau.pages.clauses_form_shown import shown
from bureau.pages.clauses_words import condition_words, known_names
from bureau.pages.context import Page, current, show
from bureau.pages.sign_in import client_address
from bureau.people.rules import Permission, Refused
from bureau.plans.models import Plan
from junheng.policy.clauses import KINDS, PERS, STAGES, Book

Documents = dict[str, tuple[str, str]]
_READ = (Plan.State.PUBLISHED, Plan.State.REPLACED)


def plan_texts(county_code: str) -> dict[str, str]:
    """{number or title: text} of the county's published plans, with which quotations are compared."""
    rows = Plan.objects.filter(county_code=county_code, state__in=_READ).order_by("id")
    found: dict[str, str] = {}
    for number, title, source in rows.values_list("document_number", "title", "source"):
        found |= {name: source for name in (number, title) if name}
    return found


def documents_of(county_code: str, book: Book) -> Documents:
    """{choice: (number, title)}: published plans first, then what the packs cite already."""
    plans = Plan.objects.filter(county_code=county_code, state__in=_READ).order_by("-id")
    found = {
        f"plan-{pk}": (number, title)
        for pk, number, title in plans.values_list("pk", "document_number", "title")
    }
    numbers = {number for number, _title in found.values() if number}
    for place, one in enumerate(book.documents.values()):
        if not one.number or one.number not in numbers:
            found[f"pack-{place}"] = (one.number, one.title)
    return found


@dataclass
class _Desk:
    """What the form works on: the draft's book (or the one in force), its pack, and the row to begin from."""

    here: Page
    book: Book
    pack: dict[str, Any]
    row: dict[str, Any] | None
    documents: Documents

    @property
    def kept(self) -> object:
        """A condition that the form cannot show."""
        when = self.row.get("when") if self.row else None
        return when if clause_yaml.groups_of(when) is None else None


def _desk(request: SignedIn, clause_id: str) -> _Desk:
    here = current(request)
    if not here.county_code:
        raise not_found(_("请先在页面上方选择县区。"))
    opened = queries.open_pack(here.county_code) or queries.pack_in_force(here.county_code)
    usable = opened if opened and not queries.why_not_read(opened) else None
    book = queries.book_with(usable.text) if usable else queries.shipped_book()
    pack = (
        clause_yaml.read(opened.text)
        if opened
        else clause_yaml.new_pack(here.county_code, here.county_name, [])
    )
    row = clause_yaml.row_of(pack, queries.shipped_raws(), clause_id) if clause_id else None
    if clause_id and row is None:
        raise not_found(_("没有条款“%(name)s”，请从条款列表打开。") % {"name": clause_id})
    return _Desk(here, book, pack, row, documents_of(here.county_code, book))


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.CHANGE_PACKS)
def new(request: SignedIn) -> HttpResponse:
    """A clause that the county has not had before."""
    return _form(request, "")


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.CHANGE_PACKS)
def edit(request: SignedIn, clause_id: str) -> HttpResponse:
    """A new standard of a clause, or a correction."""
    return _form(request, clause_id)


def _form(request: SignedIn, clause_id: str) -> HttpResponse:
    desk = _desk(request, clause_id)
    if request.method != "POST":
        typed = shown(desk.row, desk.book, desk.documents)
        if desk.row is not None and not _begun_here(desk, clause_id):
            typed["mode"], typed["since"], typed["until"], typed["quote"], typed["item"] = (
                "new",
                "",
                "",
                "",
                "",
            )
            typed["document"] = typed["number"] = typed["title"] = ""
        return _show(request, desk, clause_id, typed, [])
    typed = MultiValueDict({name: request.POST.getlist(name) for name in request.POST})
    found = clauses_form.read(
        typed, desk.book, county=desk.here.county_code, documents=desk.documents, kept=desk.kept
    )
    correct = desk.row is None or typed.get("mode") == "correct" or _begun_here(desk, clause_id)
    reason = typed.get("reason", "")
    if refusal := rules.why_not_reason(reason):
        found.problems.append(("reason", refusal))
    if not found.problems:
        try:
            draft, _made = clause_actions.put_clause(
                county_code=desk.here.county_code,
                row=found.row,
                document=found.document,
                replaces=clause_id.partition("/")[0] if desk.row else "",
                since=None if correct else found.since,
                responsible=typed.get("responsible", ""),
                reason=reason,
                texts=plan_texts(desk.here.county_code),
                by=request.user,
                at=now(),
                address=client_address(request),
            )
        except Refused as refused:
            found.problems.append(("since", str(refused)))
        else:
            count = len(draft.checked.get("problems", []))
            if count:
                messages.warning(
                    request, _("已存入草稿；检查发现 %(n)s 处问题，改正后才能送复核") % {"n": count}
                )
            else:
                messages.success(request, _("已存入草稿，检查通过；由您送复核，另一人确认后生效"))
            return HttpResponseRedirect(reverse("clauses-draft"))
    return _show(request, desk, clause_id, typed, found.problems)


def _begun_here(desk: _Desk, clause_id: str) -> bool:
    """Whether the clause exists in the draft only, so that changing it needs no new period."""
    opened = queries.open_pack(desk.here.county_code)
    if opened is None or not clause_yaml.is_own(desk.pack, clause_id):
        return False
    before = clause_yaml.read(opened.based_on.text) if opened.based_on else {"clauses": []}
    shipped = any(one.id == clause_id.partition("/")[0] for one in queries.shipped_book().clauses)
    return not shipped and not clause_yaml.is_own(before, clause_id)


def _show(
    request: SignedIn,
    desk: _Desk,
    clause_id: str,
    typed: Typed,
    problems: list[tuple[str, str]],
) -> HttpResponse:
    names = known_names(desk.book)
    wrong: dict[str, str] = {}
    for name, sentence in problems:
        wrong.setdefault(name, sentence)
    opened = queries.open_pack(desk.here.county_code)
    clause = (
        next((one for one in desk.book.clauses if one.id.partition("/")[0] == clause_id), None)
        if clause_id
        else None
    )
    groups = [
        {
            "number": number,
            "mode": typed.get(f"mode-{number}", "any"),
            "names": [
                (name, meaning, name in typed.getlist(f"when-{number}")) for name, meaning in names.items()
            ],
            "open": number == 1 or bool(typed.getlist(f"when-{number}")),
        }
        for number in range(1, CONDITIONS + 1)
    ]
    tiers = [
        {
            "number": number,
            "name": typed.get(f"tier-name-{number}", ""),
            "amount": typed.get(f"tier-amount-{number}", ""),
            "names": [(name, name in typed.getlist(f"tier-when-{number}")) for name in names],
            "chosen": typed.getlist(f"tier-when-{number}"),
        }
        for number in range(1, TIERS + 1)
    ]
    examples = [
        {"number": number}
        | {
            name: typed.get(f"example-{name}-{number}", "")
            for name in ("day", "stage", "grade", "has", "lacks", "pays")
        }
        for number in range(1, EXAMPLES + 1)
    ]
    return show(
        request,
        "aid/clause_edit.html",
        title=_("起草新条款")
        if desk.row is None
        else _("起草：%(name)s") % {"name": desk.row.get("name", "")},
        crumbs=[(_("资助条款"), reverse("clauses"))]
        + ([(str(desk.row.get("name")), reverse("clause", args=[clause_id]))] if desk.row and clause else []),
        clause_id=clause_id,
        typed={name: typed.get(name, "") for name in typed},
        problems=problems,
        wrong=wrong,
        begun_here=bool(desk.row) and _begun_here(desk, clause_id),
        replacing=desk.row is not None,
        upper=desk.row is not None and not clause_yaml.is_own(desk.pack, clause_id),
        kept_words=condition_words(clause.condition) if clause and desk.kept is not None else "",
        kinds=KINDS,
        stages=[(one, one in typed.getlist("stage"), typed.get(f"amount-{one}", "")) for one in STAGES],
        pers=PERS,
        forms=clauses_form.FORMS,
        modes=clauses_form.MODES,
        groups=groups,
        tiers=tiers,
        examples=examples,
        every_stage=STAGES,
        facts=list(desk.book.facts),
        documents=[
            (key, f"{number}《{title}》" if title else number, key.startswith("plan-"))
            for key, (number, title) in desk.documents.items()
        ],
        exclusive=[
            (
                group.id,
                said(group.title),
                [one.name for one in desk.book.clauses if one.group == group.id][:4],
            )
            for group in desk.book.groups.values()
            if any(
                one.group == group.id and desk.here.county_code.startswith(tuple(one.areas))
                for one in desk.book.clauses
            )
        ],
        shares=[(name, words, typed.get(f"share-{name}", "")) for name, words in clauses_form.SHARES.items()],
        why_not=rules.why_not_edit_pack(
            role=request.user.role, open_state=str(opened.state) if opened else ""
        ),
        draft=opened,
        today=localdate(),
        status=422 if problems else 200,
    )


@require_POST
@page(Permission.CHANGE_PACKS)
def end(request: SignedIn, clause_id: str) -> HttpResponse:
    """Let a clause count until a day."""
    here = current(request)
    try:
        until = date.fromisoformat(request.POST.get("until", ""))
    except ValueError:
        messages.error(request, _("请填写执行到哪一天"))
        return HttpResponseRedirect(reverse("clause-edit", args=[clause_id]))
    try:
        clause_actions.end_clause(
            county_code=here.county_code,
            clause_id=clause_id.partition("/")[0],
            until=until,
            reason=request.POST.get("reason", ""),
            texts=plan_texts(here.county_code),
            by=request.user,
            at=now(),
            address=client_address(request),
        )
        messages.success(request, _("已存入草稿"))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("clause-edit", args=[clause_id]))
    return HttpResponseRedirect(reverse("clauses-draft"))
