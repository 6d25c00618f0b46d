"""上传外部名册: a source, a day and the files as the other office gave them; or an empty sheet for offices that have none of their own."""

from datetime import date

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bureau.links import queries, receiving, rules
from bureau.pages.access import SignedIn, page, refused
from bureau.pages.context import current, show
from bureau.pages.export import download
from bureau.pages.registers import sheet_title, source_words, township_names
from bureau.pages.sign_in import client_address
from bureau.people.kept import Upload
from bureau.people.rules import Permission, Refused
from bureau.work import link_tasks
from junheng.documents.templates import template
from junheng.tables import OUTSIDE


@page(Permission.REPORT_AID)
def upload(request: SignedIn) -> HttpResponse:
    """Choose what it is, whom it covers and the files; everything that is wrong is said at once."""
    here = current(request)
    problems: list[str] = []
    source = request.POST.get("source") or request.GET.get("source", "")
    own = receiving.may_upload_here(request.user, here.county_code)
    offered = {
        code: title
        for code in source_words()
        if rules.why_not_upload(request.user.role, in_county=own, source=code) is None
        for title in [sheet_title(code)]
    }
    if not offered:
        return refused(request, rules.why_not_upload(request.user.role, in_county=own) or "")
    asked = {name: request.POST.get(name, "") for name in ("day", "until", "coverage")}
    coverage = asked["coverage"] or "county"
    places = request.POST.getlist("townships" if coverage == "townships" else "schools")
    if request.method == "POST":
        files = request.FILES.getlist("files")
        too_large = [why for file in files if (why := rules.why_not_file(file.name or "", file.size or 0))]
        uploads = [] if too_large else [Upload(file.name or "", file.read()) for file in files]
        try:
            if too_large:
                raise Refused("\n".join(too_large))
            register = receiving.receive(
                county_code=here.county_code, source=source, day=_day(asked["day"]), uploads=uploads, by=request.user, at=now(),
                today=localdate(), coverage=coverage, places=places, until=_day(asked["until"]), address=client_address(request),
            )  # fmt: skip
        except Refused as refusal:
            problems = str(refusal).split("\n")
        else:
            link_tasks.read_register.enqueue(register.pk)
            return HttpResponseRedirect(reverse("register", args=[register.pk]))
    schools = queries.school_names(here.county_code)
    school = queries.own_school(request.user)
    return show(
        request,
        "links/upload.html",
        title=_("上传名册"),
        crumbs=[(_("名册比对"), reverse("registers"))],
        problems=problems,
        sources=[(code, title, _(OUTSIDE[code].meaning)) for code, title in offered.items()],
        source=source if source in offered else next(iter(offered)) if len(offered) == 1 else "",
        day=asked["day"] or f"{localdate():%Y-%m-%d}",
        until=asked["until"],
        coverage=coverage,
        places=places,
        own_school=schools.get(school, school),
        townships=township_names(here.county_code),
        schools=schools,
        endings=",".join(rules.ENDINGS),
        status=422 if problems else 200,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@require_GET
@page(Permission.REPORT_AID)
def empty_template(request: SignedIn) -> HttpResponse:
    """空白模板 of one source, or of all."""
    asked = request.GET.get("source", "")
    names = [asked] if asked in OUTSIDE else list(OUTSIDE)
    title = sheet_title(names[0]) if len(names) == 1 else _("外部名册")
    return download(template([OUTSIDE[name] for name in names]), f"{title}{_('模板')}.xlsx")
