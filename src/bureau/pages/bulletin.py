"""一份通报: written, checked and issued here; once it is issued, read here with every figure open to its source."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from bureau.bulletins import actions, queries, rules, section_actions
from bureau.bulletins.models import Bulletin
from bureau.bulletins.states import WORDS
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.bulletin_parts import lines, listed, option
from bureau.pages.bulletin_slips import slips_of_period
from bureau.pages.bulletins import as_day
from bureau.pages.context import current, show
from bureau.pages.sign_in import client_address
from bureau.pages.why import Why, answer
from bureau.people.rules import Permission, Refused
from bureau.plans.document_queries import in_county

EVENT_WORDS = {
    "draft": gettext_noop("起草"),
    "text": gettext_noop("改文字"),
    "add": gettext_noop("加一部分"),
    "remove": gettext_noop("删一部分"),
    "move": gettext_noop("调整顺序"),
    "acknowledge": gettext_noop("确认无出处的数字"),
    "details": gettext_noop("改标题和文号"),
    "refresh": gettext_noop("更新数据"),
    "redraft": gettext_noop("重新起草一部分"),
    "submit": gettext_noop("送签"),
    "return": gettext_noop("退回修改"),
    "issue": gettext_noop("签发"),
    "withdraw": gettext_noop("撤回"),
}
DONE_WORDS = {
    "details": gettext_noop("已保存"),
    "refresh": gettext_noop("数据已更新，改动列在下面"),
    "add": gettext_noop("已加一部分"),
    "submit": gettext_noop("已送签，请另一人签发"),
    "return": gettext_noop("已退回修改"),
    "issue": gettext_noop("已签发"),
    "withdraw": gettext_noop("已撤回"),
    "delete": gettext_noop("已删除拟稿"),
}
MOST_LISTED = 60
# Whether all but the number, which the issuer may still type, is in order.
UNNUMBERED = "-"


def found_bulletin(request: SignedIn, pk: int) -> Bulletin:
    """The bulletin, if the account may see it."""
    found = queries.visible_bulletins(request.user, current(request).county_code).filter(pk=pk).first()
    if found is None:
        raise not_found(_("没有这份通报，或者它还没有印发。"))
    return found


def side(request: SignedIn, one: Bulletin) -> dict[str, Any]:
    """What stands beside the texts: what is wrong, the figures, and why it may not be sent on."""
    by, inside = request.user, in_county(request.user, one.county_code)
    checked = queries.check(one)
    rows = queries.figures(one)
    problems, unsourced = queries.flaws_of(checked)
    figures = listed(one, rows, checked)
    return {
        "bulletin": one,
        "rows": rows,
        "checked": checked,
        "problems": problems,
        "unsourced": unsourced,
        "used": [line for line in figures if line.used],
        "others": [line for line in figures if not line.used],
        "why_not_write": rules.why_not_write(one, by=by, in_county=inside),
        "why_not_submit": rules.why_not_submit(
            one, by=by, in_county=inside, problems=problems, unsourced=unsourced
        ),
        "why_not_issue": rules.why_not_issue(
            one, by=by, in_county=inside, number=one.number or UNNUMBERED, taken=queries.number_taken(one), problems=problems,
            unsourced=unsourced,
        ),
    }  # fmt: skip


@require_GET
@page(Permission.SEE_PLANS)
def bulletin(request: SignedIn, pk: int) -> HttpResponse:
    """One bulletin."""
    one = found_bulletin(request, pk)
    by, inside = request.user, in_county(request.user, one.county_code)
    context = side(request, one)
    period = rules.period_words(one.kind, one.year, one.part)
    parts = [
        (part, lines(one, part.section.text, context["rows"]), option(part.section.kind, one.data))
        for part in context["checked"]
    ]
    return show(
        request,
        "bulletins/bulletin.html",
        title=f"{period} {_(str(one.get_kind_display()))}",
        crumbs=[(_("通报和报告"), reverse("bulletins"))],
        standing=WORDS[one.state],
        parts=parts,
        today=localdate(),
        events=[(event, _(EVENT_WORDS.get(event.what, event.what))) for event in queries.events(one)[:200]],
        why_not_return=rules.why_not_return(one, by=by, in_county=inside, reason="-"),
        why_not_withdraw=rules.why_not_withdraw(one, by=by, in_county=inside, reason="-"),
        why_not_delete=rules.why_not_delete(one, by=by, in_county=inside),
        **context,
    )


@require_POST
@page(Permission.WRITE_BULLETINS)
def change(request: SignedIn, pk: int, action: str) -> HttpResponse:
    """One step; the answer is the page with what was done or why not."""
    one = found_bulletin(request, pk)
    if action not in DONE_WORDS:
        raise not_found(_("没有这个操作。"))
    try:
        _perform(request, one, action)
        messages.success(request, _(DONE_WORDS[action]))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(
        reverse("bulletins") if action == "delete" and not _there(one) else reverse("bulletin", args=[pk])
    )


def _there(one: Bulletin) -> bool:
    return Bulletin.objects.filter(pk=one.pk).exists()


def _perform(request: SignedIn, one: Bulletin, action: str) -> None:
    posted = {
        name: request.POST.get(name, "").strip()
        for name in ("text", "title", "number", "recipients", "as_of", "heading")
    }
    by, at, address = request.user, now(), client_address(request)
    steps: dict[str, Callable[[], object]] = {
        "details": lambda: actions.set_details(
            bulletin=one, title=posted["title"], number=posted["number"], recipients=posted["recipients"],
            by=by, at=at, address=address,
        ),
        "refresh": lambda: actions.refresh(
            bulletin=one, as_of=as_day(posted["as_of"]), slips=slips_of(request, one, as_day(posted["as_of"])),
            by=by, at=at, today=localdate(), address=address,
        ),
        "add": lambda: section_actions.add_section(
            bulletin=one, heading=posted["heading"], by=by, at=at, address=address
        ),
        "submit": lambda: actions.submit(bulletin=one, by=by, at=at, address=address),
        "return": lambda: actions.send_back(bulletin=one, reason=posted["text"], by=by, at=at, address=address),
        "issue": lambda: actions.issue(bulletin=one, number=posted["number"], by=by, at=at, address=address),
        "withdraw": lambda: actions.withdraw(bulletin=one, reason=posted["text"], by=by, at=at, address=address),
        "delete": lambda: actions.delete(bulletin=one, by=by, at=at, address=address),
    }  # fmt: skip
    steps[action]()


def slips_of(request: SignedIn, one: Bulletin, as_of: Any) -> Any:
    """The slips for a bulletin's own period on a day."""
    return slips_of_period(
        request.user, one.county_code, kind=one.kind, year=one.year, part=one.part, as_of=as_of, plan=one.plan
    )


@require_GET
@page(Permission.SEE_PLANS)
def figure(request: SignedIn, pk: int, code: str) -> HttpResponse:
    """Where a figure of a bulletin comes from, as it was kept."""
    one = found_bulletin(request, pk)
    row = one.figures.filter(code=code).select_related("run").first()
    if row is None:
        raise not_found(_("没有这个数据。"))
    address = ""
    if row.opens:
        address = reverse(row.opens, args=[row.opens_key] if row.opens_key else [])
        address += f"?{row.opens_query}" if row.opens_query else ""
    shown = "；".join(row.listed[:MOST_LISTED]) + ("……" if len(row.listed) > MOST_LISTED else "")
    return answer(
        request,
        Why(
            title=f"{row.code} {row.name}",
            of=one.title,
            notes=[
                (_("数值"), row.value),
                (_("分子"), row.numerator),
                (_("分母"), row.denominator),
                (_("包括"), shown),
                (_("注意"), _("最近一次更新数据时已找不到这一项") if row.gone else ""),
            ],
            clause=row.basis,
            day=row.as_of,
            snapshot=row.run.snapshot_sha256 if row.run else "",
            pack=str(row.run) if row.run else "",
            pack_address=reverse("run", args=[row.run_id]) if row.run_id else "",
            rows_address=address,
        ),
    )
