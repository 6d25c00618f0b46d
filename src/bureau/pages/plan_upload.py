"""上传计划文件: a file or pasted text, a new plan or a new version of one; then its progress until it can be checked."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from bureau.pages.access import SignedIn, page
from bureau.pages.context import current, show
from bureau.pages.plan_found import found_plan
from bureau.pages.sign_in import client_address
from bureau.people.kept import Upload
from bureau.people.rules import Permission, Refused
from bureau.plans import document_actions as actions
from bureau.plans import document_rules as rules
from bureau.plans.document_queries import same_file, visible_plans
from bureau.plans.models import Plan
from bureau.work import plan_tasks

WAITS = 30  # seconds in the queue after which the page says that nobody seems to be working on it


@page(Permission.EDIT_PLANS)
def upload(request: SignedIn) -> HttpResponse:
    """Choose a file or paste the text; with `?previous=` it becomes the next version of that plan."""
    here = current(request)
    asked = request.POST.get("previous") or request.GET.get("previous", "")
    replaceable = visible_plans(request.user, here.county_code).filter(state=Plan.State.PUBLISHED, next=None)
    previous = replaceable.filter(pk=asked).first() if asked.isdigit() and len(asked) < 12 else None
    problems: list[str] = []
    if request.method == "POST":
        given = _given(request, problems)
        if asked and previous is None:
            problems.append(_("要代替的计划不在，或已有新版本，请重新选择。"))
        if given is not None and not problems:
            there = same_file(here.county_code, actions.fingerprint_of(given.content))
            if there is not None:
                messages.warning(request, _("这个文件已经上传过，就是这一份，没有重复入库。"))
                return HttpResponseRedirect(reverse("plan", args=[there.pk]))
            try:
                plan = actions.receive(
                    county_code=here.county_code, upload=given, previous=previous, by=request.user, at=now(),
                    address=client_address(request),
                )  # fmt: skip
            except Refused as refusal:
                problems.append(str(refusal))
            else:
                plan_tasks.read_plan.enqueue(plan.pk)
                return HttpResponseRedirect(reverse("plan", args=[plan.pk]))
    return show(
        request,
        "plans/upload.html",
        title=_("上传新版本") if previous else _("上传计划文件"),
        crumbs=[(_("计划文件"), reverse("plans"))],
        problems=problems,
        previous=previous,
        replaceable=replaceable,
        endings=",".join(rules.ENDINGS),
        largest=rules.LARGEST_FILE // 1_000_000,
        pasted="" if len(problems) == 0 else request.POST.get("text", "")[:200_000],
        status=422 if problems else 200,
    )


def _given(request: SignedIn, problems: list[str]) -> Upload | None:
    """What was sent: the file before the text."""
    file = request.FILES.get("file")
    if file is not None:
        problem = rules.why_not_file(file.name or "", file.size or 0)
        if problem:
            problems.append(problem)
            return None
        return Upload(file.name or "", file.read())
    content = request.POST.get("text", "").replace("\r\n", "\n").encode("utf-8", "replace")
    problem = rules.why_not_text(len(content.strip()))
    if problem:
        problems.append(problem)
        return None
    return Upload(actions.PASTED, content)


@require_GET
@page(Permission.EDIT_PLANS)
def progress(request: SignedIn, pk: int) -> HttpResponse:
    """The progress bar, asked for every second; the whole page comes anew when the plan has been read."""
    plan = found_plan(request, pk)
    if plan.state != Plan.State.READING:
        return HttpResponseClientRefresh()
    return render(request, "plans/progress.html", progress_of(plan))


def progress_of(plan: Plan) -> dict[str, object]:
    """What the progress bar says."""
    return {
        "plan": plan,
        "percent": round(plan.progress * 100),
        "nobody": plan.progress == 0 and (now() - plan.uploaded_at).total_seconds() > WAITS,
    }


@require_POST
@page(Permission.EDIT_PLANS)
def cancel(request: SignedIn, pk: int) -> HttpResponse:
    """取消读取, 放弃核对."""
    plan = found_plan(request, pk)
    try:
        actions.ask_cancel(plan=plan, by=request.user, at=now(), address=client_address(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("plan", args=[plan.pk]))
    messages.success(request, _("已放弃“%(title)s”，没有产生任务和目标。") % {"title": plan.title})
    return HttpResponseRedirect(reverse("plans"))
