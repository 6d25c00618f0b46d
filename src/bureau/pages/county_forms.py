"""申报表: the official forms Ⅰ–Ⅵ and the self-assessment of schools as Excel, from the stored results."""

from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, not_found, page, refused
from bureau.pages.context import Page
from bureau.pages.export import archive, download
from bureau.pages.results import run_of
from bureau.pages.sign_in import client_address
from bureau.people.rules import Permission
from bureau.people.scope import Reach
from bureau.runs import shown, stored
from bureau.runs.models import Run
from junheng.documents.official_forms import official_forms, self_assessment


def _found(request: SignedIn) -> tuple[Page, Run]:
    here, run = run_of(request)
    if run is None:
        raise not_found(_("还没有测算结果，提交导入并测算完成后才能下载。"))
    return here, run


def _log(request: SignedIn, run: Run, what: str, count: int) -> None:
    read_access(
        by=request.user,
        verb=Verb.EXPORT,
        obj=("run", str(run.pk)),
        detail={"what": what, "files": count},
        at=now(),
        address=client_address(request),
    )


def _whole_county(here: Page) -> bool:
    return here.scope.reach in (Reach.COUNTY, Reach.EVERYTHING)


@require_GET
@page(Permission.EXPORT, but=("school", "township"))
def forms(request: SignedIn) -> HttpResponse:
    """申报表Ⅰ–Ⅵ in one workbook."""
    here, run = _found(request)
    if not _whole_county(here):
        return refused(request, _("申报表是全县的，给看得到全县的账号。"))
    found = stored.assessment(run, here.county_name)
    content = official_forms(found, county=here.county_name, items=stored.county_items(run))
    _log(request, run, "申报表", 1)
    return download(content, f"{here.county_name}优质均衡申报表-{run.day:%Y%m%d}.xlsx")


@require_GET
@page(Permission.EXPORT, but=("school", "township"))
def every_school(request: SignedIn) -> HttpResponse:
    """学校自评表 of every school in scope of the standard, one workbook each, in one archive."""
    here, run = _found(request)
    if not _whole_county(here):
        return refused(request, _("各校自评表给看得到全县的账号；学校可以下载本校的。"))
    found = stored.assessment(run, here.county_name)
    names = {row.school_code: row.school for row in found.schools if row.in_scope}
    content = archive(
        (f"{code}-{name}-自评表.xlsx", self_assessment(found, code, county=here.county_name))
        for code, name in names.items()
    )
    _log(request, run, "学校自评表", len(names))
    return download(content, f"{here.county_name}学校自评表-{run.day:%Y%m%d}.zip", "application/zip")


@require_GET
@page(Permission.EXPORT)
def one_school(request: SignedIn, school_code: str) -> HttpResponse:
    """学校自评表 of one school."""
    here, run = _found(request)
    own = shown.schools(run, here.scope).filter(school_code=school_code).first()
    if own is None:
        raise not_found(_("没有这所学校的评估结果，或者它不在您的辖区内。"))
    found = stored.assessment(run, here.county_name, school_code=school_code)
    content = self_assessment(found, school_code, county=here.county_name)
    _log(request, run, "学校自评表", 1)
    return download(content, f"{own.school}-自评表-{run.day:%Y%m%d}.xlsx")
