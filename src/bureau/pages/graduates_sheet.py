"""去向的 Excel: one's own graduates as a table to fill in, and an empty list of other offices."""

from collections.abc import Callable, Iterator, Mapping

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bureau.graduates import queries, rules
from bureau.graduates.awards import AWARD
from bureau.graduates.models import Leaver
from bureau.graduates.reading import HEADINGS, MARK
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.context import current
from bureau.pages.export import download
from bureau.pages.later import later, takes_long, tell
from bureau.pages.people_columns import school_names
from bureau.pages.sign_in import client_address
from bureau.people.rules import Permission
from junheng.documents.sheets import book

WIDTHS = (10, 21, 12, 10, 8, 12, 10, 26, 18, 14, 24, 12)

CHUNK = 1_000


@require_GET
@page(Permission.REPORT_AID)
def sheet(request: SignedIn) -> HttpResponse:
    """去向登记表: the graduates of a year in scope with what is known; 编号 says whose row it is, so that no ID number need leave.

    A whole county's is made by the worker.
    """
    here = current(request)
    typed = request.GET.get("year", "")
    if not typed.isdecimal():
        raise not_found(_("请选择毕业年份。"))
    rows = (
        queries.leavers(here.county_code, here.scope)
        .filter(queries.GRADUATED, year=int(typed[:4]))
        .exclude(current__source="register")
        .select_related("current")
        .order_by("school_code", "class_number", "pinyin")
    )
    title = f"{here.county_name}{typed[:4]}年毕业去向登记表"
    count = rows.count()
    if takes_long(request, count):
        return later(request, title=title, rows=count)
    content = _workbook(rows, count, school_names(here), tell(request))
    read_access(
        by=request.user, verb=Verb.EXPORT, obj=("graduates", here.county_code), detail={"year": typed[:4], "rows": count},
        at=now(), address=client_address(request),
    )  # fmt: skip
    return download(content, f"{title}.xlsx")


def _workbook(
    rows: QuerySet[Leaver], count: int, names: Mapping[str, str], progress: Callable[[float], None]
) -> bytes:
    headings = (MARK, "毕业学校", "学段", "班号", *(h for h in HEADINGS if h not in ("身份证件号", "监护人")))

    def lines() -> Iterator[list[object]]:
        for done, one in enumerate(rows.iterator(CHUNK)):
            if done % CHUNK == 0:
                progress(done / count)
            yield _cells(one, names)

    with book() as made:
        table = made.table(
            "毕业去向", headings, lines(), (9, 24, 7, 6, 10, 12, 8, 12, 10, 26, 18, 14, 24, 12)
        )
        table.freeze_panes(1, 5)
        last = max(count, 1)
        kinds, stages = list(rules.KINDS.values()), list(rules.STUDY_STAGES)
        table.data_validation(1, 6, last, 6, {"validate": "list", "source": kinds})
        table.data_validation(1, 8, last, 8, {"validate": "list", "source": stages})
        table.write_comment(0, 0, "请勿修改；已在县内升学的不在表里")
    return made.content


def _cells(one: Leaver, names: Mapping[str, str]) -> list[object]:
    said = one.current
    return [
        one.pk, names.get(one.school_code, one.school_code), one.stage, one.class_number, one.person_name, one.birth_date,
        *(
            [rules.KINDS[said.kind], said.day, said.study_stage, said.school_name, said.major, said.place, said.employer, said.post]
            if said
            else [None] * 8
        ),
    ]  # fmt: skip


@require_GET
@page(Permission.REPORT_AID)
def template(request: SignedIn) -> HttpResponse:
    """名单模板, empty, with two lines to show how."""
    with book() as made:
        rows = made.table("名单", HEADINGS, [], WIDTHS)
        rows.data_validation(1, 4, 500, 4, {"validate": "list", "source": list(rules.KINDS.values())})
        rows.data_validation(1, 6, 500, 6, {"validate": "list", "source": list(rules.STUDY_STAGES)})
        shown = [
            ["演示甲", "64010120080305001X", "2008-03-05", "", "升学", "2026-09-01", "本科", "演示大学", "师范", "银川", "", ""],
            ["演示乙", "", "2008-06-01", "演示丙", "就业", "2026-08-01", "", "", "", "银川", "演示公司", "学徒"],
        ]  # fmt: skip
        made.table("填写示例", HEADINGS, shown, WIDTHS)
        award = ["演示甲", "64010120080305001X", "演示大学", "国家励志奖学金"]
        made.table("奖助评定示例", ("姓名", "身份证件号", "就读学校", AWARD), [award], (10, 21, 26, 18))
    return download(made.content, "去向名单模板.xlsx")
