"""一份名册: its progress, what is odd about it, how its lines came out, the reviewed sample with its error rate; withdraw, accept, compare again."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from bureau.links import actions, queries, receiving, rereading, rules, states
from bureau.links.models import OutsideRegister
from bureau.pages.access import SignedIn, not_found, page, refused
from bureau.pages.context import current, show
from bureau.pages.kept_file import sent
from bureau.pages.registers import covered_words, sheet_title, state_words, township_names
from bureau.pages.sign_in import client_address
from bureau.people.rules import Permission, Refused
from bureau.work import link_tasks

WAITS = 30  # seconds in the queue after which the page says that nobody seems to be working on it


def found_register(request: SignedIn, pk: int) -> OutsideRegister:
    """The register, or 404 when it is none of the account's county."""
    here = current(request)
    register = queries.visible(request.user, here.county_code).filter(pk=pk).first()
    if register is None:
        raise not_found(_("没有这份名册，或它不在您的辖区。"))
    return register


@require_GET
@page(Permission.SEE_AID)
def register(request: SignedIn, pk: int) -> HttpResponse:
    """The page of one version."""
    of = found_register(request, pk)
    county = queries.in_county(request.user, of.county_code)
    role = request.user.role
    compared = of.state in ("matched", "held") or of.matched_at is not None
    counts = queries.counts_by_state(of) if compared else {}
    words = state_words()
    later = queries.replaced_by(of)
    return show(
        request,
        "links/register.html",
        title=_("%(title)s（%(day)s）") % {"title": sheet_title(of.source), "day": of.day},
        crumbs=[(_("名册比对"), reverse("registers"))],
        state=_(of.get_state_display()),
        working=of.state in states.UNDER_WAY,
        **progress_of(of),
        later=later,
        compared=compared,
        counts=[(code, words[code], counts[code]) for code in words if counts.get(code)],
        total=sum(counts.values()),
        sample=queries.sample_of(of) if compared else None,
        why_not_withdraw=rules.why_not_withdraw(
            role, of.state, "合理的原因", in_county=True, source=of.source
        ),
        why_not_accept=rules.why_not_accept(role, of.state, "合理的理由", in_county=county),
        why_not_again=rules.why_not_compare_again(role, of.state, in_county=county),
        can_cancel=rules.why_not_cancel(role, of.state, in_county=True, source=of.source) is None,
        why_not_choose=rules.why_not_choose(role, of.state, in_county=True, source=of.source),
        read_as=read_as(of),
        can_open=rules.why_not_upload(role, in_county=True, source=of.source) is None,
        covered=covered_words(of, township_names(of.county_code), queries.school_names(of.county_code)),
        why_partial=_("不在范围内的学生，这份名册没有列出也不等于“否”，仍是“不知道”。"),
    )


def read_as(of: OutsideRegister) -> list[tuple[str, list[tuple[Mapping[str, Any], str]]]]:
    """Of each worksheet the columns that were read, with what they were taken for."""
    headings = rereading.offered(of.source)
    return [
        (
            one.title,
            [(column, headings[column["name"]]) for column in one.columns if column["name"] in headings],
        )
        for one in rereading.sheets_of(of)
        if one.read or of.state == "refused"
    ]


def progress_of(of: OutsideRegister) -> dict[str, Any]:
    """What the progress bar says."""
    words = {
        "received": _("已上传，排队等待读取"),
        "reading": _("正在读取并检查每一行"),
        "matching": _("正在与学籍逐行比对"),
    }
    return {
        "of": of,
        "words": words.get(of.state, ""),
        "percent": round(of.progress * 100),
        "nobody": of.state == "received" and (now() - of.at).total_seconds() > WAITS,
    }


@require_GET
@page(Permission.SEE_AID)
def progress(request: SignedIn, pk: int) -> HttpResponse:
    """The progress bar, asked for every second; the whole page comes anew when the state has changed."""
    of = found_register(request, pk)
    if of.state not in states.UNDER_WAY:
        return HttpResponseClientRefresh()
    return render(request, "links/progress.html", progress_of(of))


@require_POST
@page(Permission.REPORT_AID)
def change(request: SignedIn, pk: int, action: str) -> HttpResponse:
    """取消, 确认采用, 撤下, 重新比对."""
    of = found_register(request, pk)
    reason = request.POST.get("reason", "")
    who = {"by": request.user, "at": now(), "address": client_address(request)}
    try:
        match action:
            case "cancel":
                actions.ask_cancel(register=of, **who)  # type: ignore[arg-type]
                messages.success(request, _("已取消，没有留下任何数据。"))
            case "accept":
                actions.accept(register=of, reason=reason, **who)  # type: ignore[arg-type]
                messages.success(request, _("已确认采用，从数据日期起生效。"))
            case "withdraw":
                actions.withdraw(register=of, reason=reason, **who)  # type: ignore[arg-type]
                messages.success(request, _("已撤下；同一来源的上一版重新生效，行和认定都保留着。"))
            case "again":
                actions.ask_compare_again(register=of, **who)  # type: ignore[arg-type]
                link_tasks.compare_register.enqueue(of.pk)
            case _:
                raise not_found(_("没有这个操作。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("register", args=[of.pk]))


@require_GET
@page(Permission.REPORT_AID)
def file(request: SignedIn, pk: int, number: int) -> HttpResponse:
    """原件, logged."""
    of = found_register(request, pk)
    if refusal := rules.why_not_upload(request.user.role, in_county=True, source=of.source):
        return refused(request, refusal)
    if number >= len(of.files):
        raise not_found(_("没有这个文件。"))

    def read() -> bytes:
        return receiving.original(
            register=of, number=number, by=request.user, at=now(), address=client_address(request)
        )

    return sent(of.files[number]["name"], read)
