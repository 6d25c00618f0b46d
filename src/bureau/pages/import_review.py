"""一次导入: its progress, what it found, what it would change, and the decision to commit."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django_htmx.http import HttpResponseClientRefresh

from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.context import current, show
from bureau.pages.imports import visible
from bureau.pages.remember import remembered
from bureau.pages.sign_in import client_address
from bureau.people.models import User
from bureau.people.rules import Permission, may, why_not
from bureau.registry import asking, commit_actions, queries, rules
from bureau.registry.import_models import Import, ImportChange, ImportProblem
from junheng.tables import SHEETS

# Who sees the rows of an import besides the one who sent it in.
REVIEWERS = frozenset({User.Role.LEADER, User.Role.OFFICE, User.Role.INSPECTOR, User.Role.AUDITOR})
WORKING = frozenset({"received", "reading", "committing", "undoing"})
WAITS = 30  # seconds in the queue after which the page says that nobody seems to be working on it
KINDS = ("new", "changed", "conflict", "missing", "unchanged", "rejected")


def found_import(request: SignedIn, identity: int) -> Import:
    """The import, or 404 when it is not the account's to see."""
    of: Import | None = (
        visible(current(request))
        .select_related("by", "committed_by", "undone_by")
        .filter(pk=identity)
        .first()
    )
    if of is None:
        raise not_found(_("没有第%(n)s号导入，或它不在您的辖区。") % {"n": identity})
    return of


def why_not_rows(of: Import, user: User) -> str | None:
    """为什么不能看导入的内容."""
    if of.by_id == user.pk or (user.role in REVIEWERS and user.role != User.Role.SCHOOL):
        return None
    return _("您可以看到这次导入的概况；逐行内容只有经办人、局领导、业务科室、督学和审计可以查看。")


def progress_of(of: Import) -> dict[str, Any]:
    """What the progress bar says."""
    words = {
        "received": _("已上传，排队等待读取"),
        "reading": _("正在读取、检查并与登记册比对"),
        "committing": _("正在写入登记册；整批写完才生效"),
        "undoing": _("正在撤销；整批取回才生效"),
    }
    share = round(of.progress * 100)
    return {
        "of": of,
        "words": words.get(of.state, ""),
        "percent": share,
        "known": of.state == "reading",
        "nobody": of.state == "received" and (now() - of.at).total_seconds() > WAITS,
    }


@require_GET
@page(Permission.SEE_SCHOOLS)
def progress(request: SignedIn, identity: int) -> HttpResponse:
    """The progress bar, asked for every second; the whole page comes anew when the state has changed."""
    of = found_import(request, identity)
    if of.state not in WORKING:
        return HttpResponseClientRefresh()
    return render(request, "import_progress.html", progress_of(of))


@require_GET
@page(Permission.SEE_SCHOOLS)
def one_import(request: SignedIn, identity: int) -> HttpResponse:
    """The page of one import; what it shows depends on the state."""
    of = found_import(request, identity)
    hidden = why_not_rows(of, request.user)
    return show(
        request,
        "import.html",
        title=_("第 %(n)s 号导入") % {"n": of.pk},
        crumbs=[(_("导入"), reverse("imports"))],
        **progress_of(of),
        state=_(of.get_state_display()),
        working=of.state in WORKING,
        hidden=hidden,
        registers=registers(of),
        kinds=[
            (kind, words) for kind, words in kind_words() if any(one.get(kind) for one in of.counts.values())
        ],
        errors=ImportProblem.objects.filter(of=of, severity="error").count(),
        warnings=ImportProblem.objects.filter(of=of, severity="warning").count(),
        can_cancel=may(request.user.role, Permission.IMPORT) and rules.why_not_cancel(state=of.state) is None,
        undo=undo_state(of, request.user) if of.state == "committed" else None,
        commit=commit_state(request, of) if of.state == "in_review" else None,
        match=f"{of.match_share:.0%}" if of.match_share is not None else "",
    )


def kind_words() -> list[tuple[str, str]]:
    """The kinds of difference in the order of the table."""
    words = {
        "new": _("新增"),
        "changed": _("变更"),
        "conflict": _("冲突"),
        "missing": _("文件中没有"),
        "unchanged": _("未变"),
        "rejected": _("错误行"),
    }
    return [(kind, words[kind]) for kind in KINDS]


def registers(of: Import) -> list[dict[str, Any]]:
    """Counts per register and kind, each with the address of its rows."""
    address = reverse("import-differences", args=[of.pk])
    problems = reverse("import-problems", args=[of.pk])
    rows = []
    for sheet, counts in of.counts.items():
        cells = []
        for kind, _words in kind_words():
            number = counts.get(kind, 0)
            to = f"{address}?sheet={sheet}&kind={kind}" if kind not in ("unchanged", "rejected") else ""
            cells.append((number, (problems if kind == "rejected" else to) if number else ""))
        rows.append({"title": _(SHEETS[sheet].title), "rows": counts.get("rows", 0), "cells": cells})
    return rows


def commit_state(request: SignedIn, of: Import) -> dict[str, Any]:
    """The button, its reason, and the ticks that may lift it."""
    low = request.GET.get("accept_low_match") == "1"
    rejected = request.GET.get("accept_rejected") == "1"
    counts = of.counts.values()
    unsettled = ImportChange.objects.filter(of=of, kind="conflict").count()
    return {
        "may": may(request.user.role, Permission.IMPORT),
        "why_not": asking.why_not_ask_commit(
            of, by=request.user, accept_low_match=low, accept_rejected=rejected
        ),
        "asks_low_match": of.match_share is not None and of.match_share < commit_actions.MATCH_FLOOR,
        "asks_rejected": not of.complete and any(one.get("rejected") for one in counts),
        "low_match": low,
        "accepts_rejected": rejected,
        "conflicts": unsettled,
        "stale": queries.versions(of.county_code, of.sheets) != of.seen,
        "complete_with_errors": of.complete and any(one.get("rejected") for one in counts),
    }


@require_GET
@page(Permission.IMPORT)
def commit_panel(request: SignedIn, identity: int) -> HttpResponse:
    """The commit panel after a tick was set or taken away."""
    of = found_import(request, identity)
    return render(request, "import_commit.html", {"of": of, "commit": commit_state(request, of)})


def undo_state(of: Import, user: User) -> dict[str, Any]:
    """The undo button and its reason."""
    version = str(queries.versions(of.county_code, of.sheets))
    dependents = remembered(version, f"dependents of {of.pk}", lambda: queries.dependents(of))
    why = why_not(user.role, Permission.UNDO) or rules.why_not_undo(state=of.state, dependents=dependents)
    return {"why_not": why}


def log_look(request: SignedIn, of: Import, what: str, rows: int) -> None:
    """Rows of children were shown."""
    if "students" in of.sheets:
        read_access(
            by=request.user,
            verb=Verb.VIEW,
            obj=("import", str(of.pk)),
            detail={"what": what, "rows": rows},
            at=now(),
            address=client_address(request),
        )


def when(of: Import) -> str:
    """2026-03-02 09:00, for file names."""
    return f"{localtime(of.at):%Y%m%d-%H%M}"
