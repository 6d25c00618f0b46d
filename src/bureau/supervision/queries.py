"""查督办."""

from datetime import date

from django.db.models import Q, QuerySet

from bureau.people.models import Organisation, User
from bureau.people.rules import Permission, may
from bureau.plans.duty_models import Duty
from bureau.plans.target_models import Target
from bureau.supervision import rules
from bureau.supervision.models import EscalationStep, Inspection, Slip
from bureau.supervision.states import OPEN_STATES, WORDS, State

PREFIX = {Slip.Kind.SUPERVISION: "督", Slip.Kind.RECTIFICATION: "整"}


def visible_slips(user: User, county_code: str) -> QuerySet[Slip]:
    """The slips of a county that an account may see: who supervises or checks sees all, others their unit's, never drafts."""
    found = Slip.objects.filter(county_code=county_code).select_related(
        "organisation", "duty__task", "target", "inspection", "drafted_by", "issued_by"
    )
    if may(user.role, Permission.SUPERVISE) or may(user.role, Permission.CHECK_DUTIES):
        return found
    if user.role in (User.Role.AUDITOR,):
        return found.exclude(state=State.DRAFT)
    if user.organisation_id is None:
        return found.none()
    mine = Q(organisation=user.organisation_id) | Q(organisation__parent=user.organisation_id)
    return found.filter(mine | Q(supports=user.organisation_id)).exclude(state=State.DRAFT).distinct()


def acts_for(user: User, organisation: Organisation) -> bool:
    """是否代表这个单位: the unit itself, or the unit it is a part of."""
    mine = user.organisation_id
    return mine is not None and mine in (organisation.pk, organisation.parent_id)


def number_of(slip: Slip) -> str:
    """督〔2026〕3号; "" for a draft."""
    if slip.serial is None:
        return ""
    return f"{PREFIX[Slip.Kind(slip.kind)]}〔{slip.year}〕{slip.serial}号"


def counties() -> list[str]:
    """Counties that have slips."""
    return list(Slip.objects.order_by("county_code").values_list("county_code", flat=True).distinct())


def overdue_slips(*, county_code: str, today: date) -> QuerySet[Slip]:
    """逾期未反馈."""
    return Slip.objects.filter(
        county_code=county_code, state__in=[State.ISSUED, State.RECEIVED], due__lt=today
    )


def owed(user: User, county_code: str) -> QuerySet[Slip]:
    """本单位应办的督办单: open slips of the unit an account acts for, earliest deadline first."""
    if user.organisation_id is None:
        return Slip.objects.none()
    mine = Q(organisation=user.organisation_id) | Q(organisation__parent=user.organisation_id)
    found = Slip.objects.filter(mine, county_code=county_code, state__in=OPEN_STATES)
    return found.select_related("organisation").order_by("due", "id")


def to_check(user: User, county_code: str) -> QuerySet[Slip]:
    """待我复核: answered slips that this account may close, hence not its own answers."""
    if not may(user.role, Permission.CHECK_DUTIES):
        return Slip.objects.none()
    found = Slip.objects.filter(county_code=county_code, state=State.ANSWERED).exclude(answered_by=user)
    return found.select_related("organisation").order_by("answered_at")


def contradiction_of(slip: Slip) -> str | None:
    """与数据矛盾 of a slip about a target: what the last update of its outlook says."""
    target = slip.target
    if target is None or not target.measure:
        return None
    met = {"met": True, "no_data": None}.get(target.verdict, False)
    sentence = str(target.outlook.get("sentence", "")).rstrip("。")
    return rules.contradiction(indicator=target.indicator, met=met, sentence=sentence)


def steps(county_code: str) -> QuerySet[EscalationStep]:
    """逾期升级规则 of a county."""
    return EscalationStep.objects.filter(county_code=county_code).select_related("confirmed_by")


def inspections(county_code: str) -> QuerySet[Inspection]:
    """督查 of a county."""
    return Inspection.objects.filter(county_code=county_code).select_related("by", "reported_by")


def shown_slips(
    user: User, *, duty: Duty | None = None, target: Target | None = None
) -> list[tuple[Slip, str, str]]:
    """(督办单, 编号, 状态) about a duty or a target, as far as the account may see them; newest first."""
    county_code = duty.task.plan.county_code if duty else target.plan.county_code if target else ""
    about = Q(duty=duty) if duty else Q(target=target)
    found = visible_slips(user, county_code).filter(about).exclude(state=State.DRAFT)
    return [(slip, number_of(slip), str(WORDS[State(slip.state)])) for slip in found]
