"""评分和申诉规则: why a score may not be typed, checked or sent back now, and why an appeal may not be made or decided. Pure."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from bureau.people.rules import Permission, why_not
from bureau.performance.rules import CriterionLike, Person, ScoreLike
from bureau.performance.scoring import COMPUTED, SCORED, ZERO, plain
from bureau.performance.states import WORDS, State

LONGEST_TEXT = 2000


def why_not_compute(state: str, *, by: Person) -> str | None:
    """为什么不能重新取数."""
    refusal = why_not(by.role, Permission.ASSESS_PERFORMANCE)
    return refusal or (None if state == State.SCORING else f"方案“{WORDS[state]}”，评分期间才能取数")


def why_not_score(
    state: str,
    *,
    by: Person,
    criterion: CriterionLike,
    score: ScoreLike | None,
    points: Decimal | None,
    exempt: bool,
    text: str,
) -> str | None:
    """为什么不能这样评分: a computed figure is nobody's to type; a checked one is sent back first; what is taken off says why."""
    refusal = why_not_open(state, by=by, criterion=criterion, score=score)
    if refusal:
        return refusal
    if len(text) > LONGEST_TEXT:
        return f"说明有 {len(text)} 个字，最多 {LONGEST_TEXT} 个，请缩短"
    if exempt:
        if criterion.source not in SCORED:
            return "扣分项和一票否决没有“不适用”，没有发生请填 0"
        return None if text.strip() else "不适用须写明原因"
    if points is None:
        return "请填写得分"
    most = Decimal(1) if criterion.source == "veto" else criterion.weight
    if criterion.source == "veto" and points not in (ZERO, Decimal(1)):
        return "一票否决请填 0（没有发生）或 1（发生）"
    if not points.is_finite() or not ZERO <= points <= most:
        what = "扣分" if criterion.source == "deduction" else "得分"
        return f"{what}应在 0 到 {plain(most)} 之间，现在是 {plain(points)}"
    if points != points.quantize(Decimal("0.01")):
        return f"得分最多两位小数，现在是 {plain(points)}"
    if criterion.source not in SCORED and points and not text.strip():
        return "扣分和否决须写明事实和依据"
    if criterion.source in COMPUTED and not text.strip():
        return "系统没有取到数，改由人工评分时须写明依据"
    return None


def why_not_open(state: str, *, by: Person, criterion: CriterionLike, score: ScoreLike | None) -> str | None:
    """为什么这一格不能填."""
    refusal = why_not(by.role, Permission.ASSESS_PERFORMANCE)
    if refusal:
        return refusal
    if state != State.SCORING:
        return f"方案“{WORDS[state]}”，评分期间才能填写得分"
    if score is not None and score.computed:
        return "由系统按数据计算，不能改；数据有误请改数据后重新取数"
    if score is not None and score.checked_by_id is not None:
        return "已复核，如须修改请先由复核人退回"
    return None


def why_not_check(state: str, *, by: Person, score: ScoreLike) -> str | None:
    """为什么不能复核: another person than the one who typed it."""
    refusal = why_not(by.role, Permission.ASSESS_PERFORMANCE)
    if refusal:
        return refusal
    if state != State.SCORING:
        return f"方案“{WORDS[state]}”，评分期间才能复核"
    if score.by_id is None:
        return "由系统计算，不用复核"
    if score.checked_by_id is not None:
        return "已经复核"
    return "评分的人不能自己复核，请另一人复核" if score.by_id == by.pk else None


def why_not_return(state: str, *, by: Person, score: ScoreLike, reason: str) -> str | None:
    """为什么不能退回."""
    refusal = why_not(by.role, Permission.ASSESS_PERFORMANCE)
    if refusal:
        return refusal
    if state != State.SCORING:
        return f"方案“{WORDS[state]}”，评分期间才能退回"
    if score.by_id is None:
        return "由系统计算，不能退回"
    if score.by_id == by.pk:
        return "评分的人不能自己退回，请另一人办理"
    return None if reason.strip() else "退回须写明原因"


def why_not_appeal(
    state: str, *, by: Person, acts: bool, pending: bool, text: str, appeal_until: date | None, today: date
) -> str | None:
    """为什么不能申诉: the unit itself, within the time, with a reason, one open appeal a criterion."""
    refusal = why_not(by.role, Permission.REPORT_DUTIES)
    if refusal:
        return refusal
    if not acts:
        return "只有本单位的账号能申诉"
    if state != State.PUBLISHED:
        return f"方案“{WORDS[state]}”，结果公布后、办结前才能申诉"
    if appeal_until is not None and today > appeal_until:
        return f"申诉期到 {appeal_until:%Y-%m-%d} 为止，已经过了"
    if pending:
        return "这一项已有一份申诉在等答复"
    if len(text) > LONGEST_TEXT:
        return f"理由有 {len(text)} 个字，最多 {LONGEST_TEXT} 个，请缩短"
    return None if text.strip() else "请写明申诉理由"


def why_not_decide(
    state: str, *, by: Person, decided: bool, asked_by_id: int, scorers: Sequence[int], acts: bool
) -> str | None:
    """为什么不能答复申诉: neither who appealed nor his unit, nor who scored or checked."""
    refusal = why_not(by.role, Permission.ASSESS_PERFORMANCE)
    if refusal:
        return refusal
    if decided:
        return "这份申诉已经答复"
    if state != State.PUBLISHED:
        return f"方案“{WORDS[state]}”，不能答复申诉"
    if by.pk == asked_by_id or acts:
        return "不能答复本人或本单位的申诉，请另一人答复"
    if by.pk in scorers:
        return "参与过这一项评分或复核的人不能答复，请另一人答复"
    return None


def why_not_outcome(
    *,
    upheld: bool,
    answer: str,
    criterion: CriterionLike | None,
    points: Decimal | None,
    before: Decimal | None,
) -> str | None:
    """答复为什么不完整: an upheld appeal says which points it changes and to what; every answer has a reason."""
    if not answer.strip():
        return "请写明答复意见"
    if not upheld:
        return None
    if criterion is None:
        return "采纳申诉请选择改哪一项"
    if points is None:
        return "采纳申诉请填写改后的得分"
    most = Decimal(1) if criterion.source == "veto" else criterion.weight
    if not points.is_finite() or not ZERO <= points <= most or points != points.quantize(Decimal("0.01")):
        return f"改后的得分应在 0 到 {plain(most)} 之间，最多两位小数"
    if points == before:
        return f"改后的得分与原来一样（{plain(points)}），请填写新的得分，或改为不采纳"
    return None
