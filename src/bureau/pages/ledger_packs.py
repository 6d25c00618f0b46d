"""台账定义: what each ledger says, drawn; changed as text with every problem beside its line; in force after a second person."""

from difflib import unified_diff
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bureau.cases import pack_actions, pack_help, packs, rules
from bureau.cases.models import PackVersion
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.case_parts import LISTS
from bureau.pages.context import Page, current, show
from bureau.pages.ledger_drawing import drawing
from bureau.pages.sign_in import client_address
from bureau.people.rules import Permission, Refused, why_not
from junheng.policy.ledgers import ACCESS_WORDS, LEVEL_WORDS, SUBJECT_WORDS, Ledger, LedgerError, parse

EXAMPLE = """kind: ledger
code: example
title: 示例台账
group: 其他
subject: school
many: true
period_days: 365
proof: person
entered_by: 请填写姓名
checked_by: ""
citations: []
settings: []
columns:
  - {name: measure, title: 措施, kind: long, required_in: [done], access: child}
states:
  - {name: found, title: 待整改, phase: open, level: school, deadline: {days: 30, unit: calendar}}
  - {name: done, title: 已整改待复核, phase: claimed, level: bureau, deadline: {days: 5, unit: working}}
  - {name: closed, title: 已销号, phase: closed}
moves:
  - {name: report, title: 报已整改, from: [found], to: done, by: [school], fields: [measure], needs: [text, file]}
  - {name: back, title: 退回, from: [done], to: found, by: [bureau], needs: [text]}
  - {name: close, title: 复核销号, from: [done], to: closed, by: [bureau], second: true}
ladder: {levels: [school, township, bureau], days: 5, unit: working}
detectors: []
forms: []
letters: []
reports:
  - {name: monthly, title: 每月情况, clock: month, level: bureau, rows: school, figures: [stand, opened, closed, overdue]}
"""


@page(roles=LISTS)
def listing(request: SignedIn) -> HttpResponse:
    """The packs by group, with the drafts that wait."""
    here = current(request)
    groups: dict[str, list[dict[str, Any]]] = {}
    for line in packs.lines(here.county_code):
        one = _parsed(here, line.code)
        groups.setdefault(line.group or _("新台账"), []).append(
            {
                "line": line,
                "address": reverse("ledger-pack", args=[line.code]),
                "states": len(one.states) if one else 0,
                "detectors": len(one.detectors) if one else 0,
                "assumed": sum(setting.assumed for setting in one.settings) if one else 0,
                "subject": _(SUBJECT_WORDS[one.subject]) if one else "–",
                "checked": bool(one and one.checked_by),
            }
        )
    return show(
        request,
        "cases/packs.html",
        title=_("台账定义：状态、期限、发现规则和文书都是数据"),
        groups=groups.items(),
        why_not=why_not(request.user.role, Permission.EDIT_LEDGERS),
        new=reverse("ledger-pack-edit", args=[packs.NEW]),
    )


def _parsed(here: Page, code: str) -> Ledger | None:
    text = packs.texts(here.county_code).get(code)
    try:
        return parse(text) if text else None
    except LedgerError:
        return None


@page(roles=LISTS)
def pack(request: SignedIn, code: str) -> HttpResponse:
    """One ledger: its diagram, its parts, its settings, its versions and the draft that waits for a second person."""
    here = current(request)
    one = _parsed(here, code)
    versions = list(packs.versions(here.county_code, code))
    if one is None and not versions:
        raise not_found(_("没有这本台账。"))
    draft = next((row for row in versions if row.state == PackVersion.State.DRAFT), None)
    text = packs.texts(here.county_code).get(code, "")
    in_scope = here.scope.covers(county_code=here.county_code)
    return show(
        request,
        "cases/pack.html",
        title=one.title if one else versions[0].title,
        crumbs=[(_("台账定义"), reverse("ledger-packs"))],
        ledger=one,
        code=code,
        drawing=drawing(one) if one else None,
        levels=LEVEL_WORDS,
        access_words=ACCESS_WORDS,
        states={state.name: state.title for state in one.states} if one else {},
        versions=versions,
        in_force=next((row for row in versions if row.state == PackVersion.State.IN_FORCE), None),
        draft=draft,
        draft_drawing=drawing(parse(draft.text)) if draft else None,
        difference=list(unified_diff(text.splitlines(), draft.text.splitlines(), "", "", n=2, lineterm=""))[2:] if draft else [],
        why_not_check=rules.why_not_check_pack(by=request.user, in_scope=in_scope, state=draft.state, author=draft.by_id) if draft else None,
        why_not_edit=why_not(request.user.role, Permission.EDIT_LEDGERS),
        edit=reverse("ledger-pack-edit", args=[code]),
    )  # fmt: skip


@page(Permission.EDIT_LEDGERS)
def edit(request: SignedIn, code: str) -> HttpResponseBase:
    """The text, checked as a whole: every problem beside its line; saved only when there is none."""
    here = current(request)
    known = packs.texts(here.county_code)
    versions = list(packs.versions(here.county_code, code))
    draft = next((row for row in versions if row.state == "draft"), None)
    stored = draft.text if draft else known.get(code, EXAMPLE if code == packs.NEW else "")
    # A new ledger that was sent back is mended, not typed again.
    stored = stored or (versions[0].text if versions else "")
    if not stored:
        raise not_found(_("没有这本台账。"))
    text = request.POST.get("text", stored).replace("\r\n", "\n")
    reason = request.POST.get("reason", "")
    refusal = ""
    problems = packs.problems(here.county_code, text, editing=code) if request.method == "POST" else ()
    if request.method == "POST" and "save" in request.POST and not problems:
        try:
            saved = pack_actions.save_draft(
                county_code=here.county_code, text=text, reason=reason, by=request.user, at=now(), address=client_address(request)
            )  # fmt: skip
        except Refused as wrong:
            refusal = str(wrong)
        else:
            messages.success(request, _("已存为待核对的一版，请另一人核对后生效"))
            return HttpResponseRedirect(reverse("ledger-pack", args=[saved.code]))
    return show(
        request,
        "cases/pack_edit.html",
        title=_("修改台账定义") if code != packs.NEW else _("新台账"),
        crumbs=[(_("台账定义"), reverse("ledger-packs"))],
        text=text,
        lines=len(text.splitlines()),
        problems=problems,
        wrong=sorted({one.line for one in problems}),
        checked=request.method == "POST",
        refusal=refusal,
        reason=reason,
        help_parts=pack_help.parts(),
        help_tables=pack_help.tables(),
        drawing=drawing(parse(text)) if request.method == "POST" and not problems else None,
        status=422 if problems or refusal else 200,
    )


@require_POST
@page(Permission.EDIT_LEDGERS)
def change(request: SignedIn, code: str, action: str) -> HttpResponse:
    """Check or refuse a draft, or set one number."""
    here = current(request)
    by, at, address = request.user, now(), client_address(request)
    reason = request.POST.get("reason", "").strip()
    number = request.POST.get("draft", "")
    try:
        if action in ("check", "refuse"):
            if not number.isdigit() or len(number) > 14:
                raise Refused("没有这一版")
            if action == "check":
                pack_actions.check(pk=int(number), by=by, at=at, address=address)
                messages.success(request, _("核对通过，这一版已生效"))
            else:
                pack_actions.refuse(pk=int(number), reason=reason, by=by, at=at, address=address)
                messages.success(request, _("已退回，原来的定义继续有效"))
        elif action == "setting":
            value = request.POST.get("value", "").strip()
            if not value.isdigit() or len(value) > 6:
                raise Refused(f"“{value}”不是整数，请填数字，例如 5")
            pack_actions.set_setting(
                county_code=here.county_code, code=code, name=request.POST.get("name", ""), value=int(value), reason=reason, by=by, at=at, address=address
            )  # fmt: skip
            messages.success(request, _("已存为待核对的一版，请另一人核对后生效"))
        else:
            raise not_found(_("没有这个操作。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("ledger-pack", args=[code]))
