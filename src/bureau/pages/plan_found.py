"""找到计划: the plan that an address names, as far as the account may see it."""

from django.utils.translation import gettext as _

from bureau.pages.access import SignedIn, not_found
from bureau.pages.context import current
from bureau.plans.document_queries import visible_plans
from bureau.plans.document_rules import why_not_edit
from bureau.plans.models import Plan


def found_plan(request: SignedIn, pk: int) -> Plan:
    """The plan, or 404 when it is not the account's to see."""
    here = current(request)
    plan = visible_plans(request.user, here.county_code).select_related("previous").filter(pk=pk).first()
    if plan is None:
        raise not_found(_("没有第%(n)s号计划文件，或它不在您的辖区。") % {"n": pk})
    return plan


def why_not_edit_here(request: SignedIn, plan: Plan) -> str | None:
    """为什么不能核对, for this account."""
    return why_not_edit(plan.state, role=request.user.role)
