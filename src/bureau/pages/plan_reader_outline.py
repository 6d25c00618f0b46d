"""提纲与任务: which headings of the plan are tasks; headings that were missed are added from the text, wrong ones go."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.plan_found import found_plan
from bureau.pages.sign_in import client_address
from bureau.people.rules import Permission, Refused
from bureau.plans import confirming_outline as outline
from bureau.plans.models import Item, Plan


def outline_lines(plan: Plan) -> list[dict[str, Any]]:
    """The headings with their depth and what stands in each: targets, deadlines, units."""
    counted: dict[str, dict[str, int]] = {}
    rows = Item.objects.filter(plan=plan).exclude(status="rejected").values_list("node_key", "kind")
    for key, kind in rows:
        counted.setdefault(key, {}).setdefault(kind, 0)
        counted[key][kind] += 1
    return [
        {"node": node, "indent": min(node.level, 6) - 1, "counts": counted.get(node.key, {})}
        for node in plan.nodes.all()
    ]


@require_POST
@page(Permission.EDIT_PLANS)
def change(request: SignedIn, pk: int, action: str) -> HttpResponse:
    """tasks, add or remove; then the outline again."""
    plan = found_plan(request, pk)
    who: dict[str, Any] = {"plan": plan, "by": request.user, "at": now(), "address": client_address(request)}
    posted = request.POST
    try:
        match action:
            case "task" | "no-task":
                outline.set_tasks(keys=posted.getlist("key"), is_task=action == "task", **who)
                said = _("已保存。")
            case "add":
                node = outline.add_heading(
                    start=_number(posted.get("start")), end=_number(posted.get("end")),
                    level=_number(posted.get("level")), is_task=posted.get("is_task") == "1", **who,
                )  # fmt: skip
                said = _("已补上标题“%(title)s”。") % {"title": node.title}
            case "remove":
                outline.remove_heading(key=posted.get("key", ""), **who)
                said = _("已去掉这个标题，它下面的文字归到前一个标题。")
            case _:
                raise not_found(_("没有这个操作。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return HttpResponseRedirect(reverse("plan-reader", args=[plan.pk]) + "?tab=outline")


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 9 else 0
