"""一个单位的考核: its points, why each, its appeals and their answers; and the files that belong to them."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.context import show
from bureau.pages.kept_file import sent_and_logged
from bureau.pages.performance import crumbs, found_scheme
from bureau.pages.sign_in import client_address
from bureau.pages.uploads import uploads
from bureau.pages.why import Why, answer
from bureau.people.models import Organisation
from bureau.people.rules import Permission, Refused
from bureau.performance import appeal_actions, queries, score_rules, scoring
from bureau.performance.models import Appeal, AppealFile, Criterion, Scheme, Score, ScoreFile
from bureau.performance.score_actions import ROOM
from bureau.performance.score_sheet import decimal_of
from bureau.plans.task_queries import acts_for
from junheng.measures.catalogue import catalogue


@require_GET
@page(Permission.SEE_PLANS)
def unit(request: SignedIn, pk: int, key: int) -> HttpResponse:
    """The points of one unit."""
    one = found_scheme(request, pk)
    of, by, today = _unit(request, one, key), request.user, localdate()
    criteria = list(one.criteria.all())
    found = queries.scores(one, [of])
    rows = [(row, found.get((of.pk, row.pk)), queries.rule_words(row)) for row in criteria]
    total = scoring.total_of([queries.part(row, score) for row, score, _words in rows])
    appeals = list(queries.appeals(one, by).filter(organisation=of))
    return show(
        request,
        "performance/unit.html",
        title=of.name,
        crumbs=crumbs(one),
        scheme=one,
        unit=of,
        rows=rows,
        total=total,
        result=queries.results(one).filter(organisation=of).first(),
        n_units=one.units.count(),
        appeals=[(row, _why_not_decide(row, request)) for row in appeals],
        criteria=criteria,
        why_not_appeal=score_rules.why_not_appeal(
            one.state, by=by, acts=of.pk in acts_for(by), pending=False, text="-",
            appeal_until=one.appeal_until, today=today,
        ),
        sees_all=queries.sees_all(by),
    )  # fmt: skip


def _why_not_decide(row: Appeal, request: SignedIn) -> str | None:
    return score_rules.why_not_decide(
        row.scheme.state,
        by=request.user,
        decided=row.upheld is not None,
        asked_by_id=row.by_id,
        scorers=queries.scorers(row, None) if row.criterion_id else (),
        acts=row.organisation_id == request.user.organisation_id,
    )


@require_POST
@page(Permission.REPORT_DUTIES)
def appeal(request: SignedIn, pk: int, key: int) -> HttpResponse:
    """申诉."""
    one = found_scheme(request, pk)
    of = _unit(request, one, key)
    about = request.POST.get("criterion", "")
    criterion = _criterion(one, about)
    try:
        appeal_actions.appeal(
            scheme=one, unit=of, criterion=criterion, text=request.POST.get("text", ""), uploads=uploads(request),
            by=request.user, at=now(), today=localdate(), address=client_address(request),
        )  # fmt: skip
        messages.success(request, _("申诉已提交，请等待答复"))
    except Refused as refused:
        messages.error(request, str(refused))
    return HttpResponseRedirect(reverse("performance-unit", args=[pk, key]))


@require_POST
@page(Permission.ASSESS_PERFORMANCE)
def decide(request: SignedIn, pk: int, key: int) -> HttpResponse:
    """答复申诉."""
    one = found_scheme(request, pk)
    found = queries.appeals(one, request.user).filter(pk=key).first()
    if found is None:
        raise not_found(_("没有这份申诉。"))
    points = decimal_of(request.POST.get("points", ""))
    try:
        if isinstance(points, str):
            raise Refused(f"“{points}”不是数，请改成数字，例如 8.5")
        appeal_actions.decide(
            appeal=found, upheld=request.POST.get("upheld") == "1", answer=request.POST.get("text", ""),
            criterion=_criterion(one, request.POST.get("criterion", "")), points=points,
            by=request.user, at=now(), address=client_address(request),
        )  # fmt: skip
        messages.success(request, _("申诉已答复"))
    except Refused as refused:
        messages.error(request, str(refused))
    return HttpResponseRedirect(reverse("performance-unit", args=[pk, found.organisation_id]))


@require_GET
@page(Permission.SEE_PLANS)
def why(request: SignedIn, pk: int, key: int) -> HttpResponse:
    """这个得分怎么来的."""
    one = found_scheme(request, pk)
    found = Score.objects.filter(
        pk=key, criterion__scheme=one, organisation__in=queries.visible_units(one, request.user)
    )
    score = found.select_related("criterion", "organisation", "run", "by", "checked_by").first()
    if score is None:
        raise not_found(_("没有这个得分，或者它不是您单位的。"))
    criterion, run = score.criterion, score.run
    measure = catalogue().measures.get(criterion.measure)
    computed = score.value is not None
    points = "不适用" if score.exempt else scoring.plain(score.points) or "还没有评分"
    notes = [
        (_("得分"), f"{points}（满分 {scoring.plain(criterion.weight)}）" if criterion.weight else points),
        (_("算式"), queries.arithmetic(criterion, score.value, score.unit) if score.value is not None and not score.appealed else ""),
        (_("申诉改分"), _appealed(score)),
        (_("取数说明"), score.detail),
        (_("为什么没有值"), score.missing),
        (_("评分说明"), score.text),
        (_("评分人"), str(score.by) if score.by else _("系统按数据计算") if score.computed else ""),
        (_("复核人"), str(score.checked_by) if score.checked_by else _("还没有复核") if score.by else ""),
        (_("怎样计算"), measure.formula if measure else ""),
        (_("公式出处"), measure.clause if measure else ""),
        (_("评分标准"), criterion.standard),
        (_("舍入"), _("四舍五入到两位小数") if computed else ""),
    ]  # fmt: skip
    return answer(
        request,
        Why(
            title=criterion.title,
            of=f"{score.organisation.name} · {one.title}",
            value=score.value,
            unit=score.unit,
            numerator=score.numerator if score.denominator is not None else None,
            denominator=score.denominator,
            numerator_label=_("分子"),
            denominator_label=_("分母"),
            factor="× 100%" if score.unit == "%" and score.denominator is not None else "",
            clause=f"{one.title}：{criterion.title}，{queries.rule_words(criterion)}",
            notes=notes,
            day=run.day if run else None,
            snapshot=run.snapshot_sha256 if run else "",
            pack=str(run) if run and queries.sees_all(request.user) else "",
            pack_address=reverse("run", args=[run.pk]) if run and queries.sees_all(request.user) else "",
        ),
    )


def _appealed(score: Score) -> str:
    found = Appeal.objects.filter(
        scheme=score.criterion.scheme_id,
        organisation=score.organisation_id,
        changed=score.criterion_id,
        upheld=True,
    )
    return "；".join(
        f"由 {scoring.plain(row.before) or '不适用'} 改为 {scoring.plain(row.after)}：{row.answer}"
        for row in found
    )


@require_GET
@page(Permission.SEE_PLANS)
def file(request: SignedIn, pk: int, of: str, key: int) -> HttpResponse:
    """One file of a score or an appeal, as a download; each look is logged."""
    one = found_scheme(request, pk)
    units = queries.visible_units(one, request.user)
    found: ScoreFile | AppealFile | None = None
    if of == "score":
        found = ScoreFile.objects.filter(
            pk=key, score__criterion__scheme=one, score__organisation__in=units
        ).first()
    elif of == "appeal":
        found = AppealFile.objects.filter(pk=key, appeal__scheme=one, appeal__organisation__in=units).first()
    if found is None:
        raise not_found(_("没有这个文件。"))
    return sent_and_logged(request, found, room=ROOM, kind=f"performance_{of}_file")


def _unit(request: SignedIn, one: Scheme, key: int) -> Organisation:
    found = queries.visible_units(one, request.user).filter(pk=key).first()
    if found is None or one.state not in ("scoring", "published", "closed"):
        raise not_found(_("没有这个单位的得分，或者结果还没有公布。"))
    return found


def _criterion(one: Scheme, key: str) -> Criterion | None:
    return one.criteria.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 15 else None
