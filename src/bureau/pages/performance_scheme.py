"""一个考核方案: what it assesses, how far it has come, who may do what next, appeals, and everything that changed."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.context import show
from bureau.pages.performance import found_scheme
from bureau.pages.sign_in import client_address
from bureau.people.rules import Permission, Refused
from bureau.performance import actions, queries, rules, score_actions, score_rules, scoring
from bureau.performance.models import Scheme, SchemeEvent
from bureau.performance.states import WORDS, State

EVENT_WORDS = {
    "draft": gettext_noop("起草"),
    "copy": gettext_noop("照抄上期"),
    "edit": gettext_noop("修改方案"),
    "confirm_bands": gettext_noop("确认等次标准"),
    "activate": gettext_noop("下达"),
    "revise": gettext_noop("收回修订"),
    "start": gettext_noop("开始评分"),
    "recall": gettext_noop("停止评分"),
    "compute": gettext_noop("重新取数"),
    "score": gettext_noop("填写得分"),
    "check": gettext_noop("复核"),
    "send_back": gettext_noop("退回"),
    "publish": gettext_noop("公布"),
    "appeal": gettext_noop("申诉"),
    "decide_appeal": gettext_noop("答复申诉"),
    "close": gettext_noop("办结"),
    "cell_score": gettext_noop("得分变动"),
    "cell_compute": gettext_noop("取数变动"),
    "cell_return": gettext_noop("得分退回"),
}
DONE_WORDS = {
    "activate": gettext_noop("方案已下达，被考核单位现在可以看到"),
    "revise": gettext_noop("已收回，可以修改，再下达时是新的一版"),
    "start": gettext_noop("已开始评分，数据指标已由系统取数"),
    "recall": gettext_noop("已停止评分"),
    "compute": gettext_noop("已重新取数"),
    "confirm-bands": gettext_noop("等次标准和申诉期已确认"),
    "publish": gettext_noop("结果已公布，各单位可以查看和申诉"),
    "close": gettext_noop("已办结"),
}
SHOWN_EVENTS = 60


@require_GET
@page(Permission.SEE_PLANS)
def scheme(request: SignedIn, pk: int) -> HttpResponse:
    """One scheme."""
    one, by, today = found_scheme(request, pk), request.user, localdate()
    criteria = list(one.criteria.all())
    standing = queries.standing(one)
    confirmed = one.confirmed_by_id is not None
    problems = queries.problems_of(one) if one.state == State.DRAFT else []
    units = list(one.units.all())
    seen = {unit.pk for unit in queries.visible_units(one, by)}
    appeals = list(queries.appeals(one, by))
    found = queries.events(one, by).exclude(
        what="cell_score", before__before__points="", before__before__exempt=False
    )
    total = len(units) * len(criteria)
    return show(
        request,
        "performance/scheme.html",
        title=one.title,
        crumbs=[(_("绩效考核"), reverse("performance"))],
        scheme=one,
        standing_word=WORDS[one.state],
        criteria=[(row, queries.rule_words(row), queries.measure_label(row.measure, row.stage, row.subset)) for row in criteria],
        weight_sum=queries.weight_sum(one),
        weights=rules.weights_sentence([row.weight for row in criteria if row.source in scoring.SCORED]),
        standing=standing,
        scored=total - standing.unscored if one.state != State.DRAFT else 0,
        total=total,
        units=[(unit, unit.pk in seen and one.state in ("scoring", "published", "closed")) for unit in units],
        sees_all=queries.sees_all(by),
        appeals=appeals,
        open_appeals=[row for row in appeals if row.upheld is None],
        events=[(event, _(EVENT_WORDS.get(event.what, event.what)), _changes(event)) for event in found.order_by("-id")[:SHOWN_EVENTS]],
        more_events=max(found.count() - SHOWN_EVENTS, 0),
        why_not_edit=rules.why_not_edit(one.state, by=by),
        why_not_activate=rules.why_not_activate(one.state, by=by, criteria=criteria, problems=problems, units=len(units)),
        why_not_revise=rules.why_not_revise(one.state, by=by, reason="-"),
        why_not_start=rules.why_not_start(one.state, by=by, today=today, starts=one.starts),
        why_not_recall=rules.why_not_recall(one.state, by=by, reason="-"),
        why_not_compute=score_rules.why_not_compute(one.state, by=by),
        why_not_confirm=rules.why_not_confirm_bands(one.state, by=by, confirmed=confirmed),
        why_not_publish=rules.why_not_publish(one.state, by=by, standing=standing, confirmed=confirmed),
        why_not_new=rules.why_not_write(by=by),
        why_not_close=rules.why_not_close(one.state, by=by, standing=standing, appeal_until=one.appeal_until, today=today),
    )  # fmt: skip


def _changes(event: SchemeEvent) -> str:
    """得分由 8 改为 9, of the history of one cell."""
    kept = event.before
    if not isinstance(kept, dict) or "now" not in kept:
        return ""
    was, new = (_cell(kept[name]) for name in ("before", "now"))
    if event.what == "cell_return":
        return _("原得分 %(was)s，已退回") % {"was": was}
    return _("%(was)s 改为 %(new)s") % {"was": was, "new": new}


def _cell(state: dict[str, object]) -> str:
    return _("不适用") if state.get("exempt") else str(state.get("points") or _("空"))


@require_POST
@page(Permission.SEE_PLANS)
def change(request: SignedIn, pk: int, action: str) -> HttpResponse:
    """One step; the answer is the scheme's page with what was done or why not."""
    one = found_scheme(request, pk)
    if action not in DONE_WORDS:
        raise not_found(_("没有这个操作。"))
    try:
        _perform(request, one, action)
        messages.success(request, _(DONE_WORDS[action]))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("performance-scheme", args=[pk]))


def _perform(request: SignedIn, one: Scheme, action: str) -> None:
    text = request.POST.get("text", "").strip()
    by, at, today, address = request.user, now(), localdate(), client_address(request)
    steps: dict[str, Callable[[], object]] = {
        "activate": lambda: actions.activate(scheme=one, by=by, at=at, address=address),
        "revise": lambda: actions.revise(scheme=one, reason=text, by=by, at=at, address=address),
        "start": lambda: score_actions.start(scheme=one, by=by, at=at, today=today, address=address),
        "recall": lambda: actions.recall(scheme=one, reason=text, by=by, at=at, address=address),
        "compute": lambda: score_actions.compute(scheme=one, by=by, at=at, today=today, address=address),
        "confirm-bands": lambda: actions.confirm_bands(scheme=one, by=by, at=at, address=address),
        "publish": lambda: actions.publish(scheme=one, by=by, at=at, today=today, address=address),
        "close": lambda: actions.close(scheme=one, by=by, at=at, today=today, address=address),
    }
    steps[action]()
