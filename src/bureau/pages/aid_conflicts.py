"""填报与名册不一致: children of whom the school entered one thing and the register of origin says another."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from bureau.entitlements.evaluation_facts import STUDIES
from bureau.entitlements.evaluation_models import EvaluatedChild
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.aid_words import chosen_term, claims_seen, grade_words, line_words
from bureau.pages.context import current, show
from bureau.pages.export import export
from bureau.pages.people_columns import school_names
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.people.rules import Permission
from bureau.registry import finding


def sentences(origins: dict[str, dict[str, Any]]) -> list[str]:
    """“低保：学校填“否”，低保名册（2025-09-15，第17行）为“是”，以名册为准”."""
    words = {True: _("是"), False: _("否")}
    found = []
    for fact, told in origins.items():
        if "school" not in told:
            continue
        place = _("，%(place)s") % {"place": line_words(told["place"])} if told.get("place") else ""
        found.append(
            _("%(fact)s：学校填“%(school)s”，%(source)s名册（%(day)s%(place)s）为“%(value)s”")
            % {
                "fact": fact,
                "school": words[bool(told["school"])],
                "source": told["source"],
                "day": told["day"],
                "place": place,
                "value": words[bool(told["value"])],
            }
        )
    return found


@page(Permission.SEE_AID)
def conflicts(request: SignedIn) -> HttpResponseBase:
    """The list, to be sent back to the schools: the register counted, the school's entry wants mending."""
    here = current(request)
    one, found = chosen_term(request, here)
    if one is None:
        raise not_found(_("还没有判断过任何学期的资助，请先在“资助判断”中判断。"))
    names = school_names(here)

    def fill(rows: list[dict[str, Any]]) -> None:
        for row in rows:
            row["school_name"] = names.get(row["school_code"], row["school_code"])
            row["grade"] = grade_words(row["stage"], row["grade"])
            row["said"] = "；".join(sentences(row["origins"]))

    table = Table(
        request,
        "aid-conflicts",
        (
            Column("person_name", _("姓名"), sort="pinyin", link=lambda row: reverse("aid-child", args=[row["student_key"]])),
            Column("school_name", _("学校"), computed=True, sort="school_code"),
            Column("school_code", _("学校标识码"), "code", choices=names, hidden=True),
            Column("stage", _("学段"), "code", choices={stage: stage for stage in ("学前", "小学", "初中", "普高", "中职")}),
            Column("grade", _("年级"), text=lambda row: row["grade"]),
            Column("class_number", _("班号"), "number"),
            Column("conflicts", _("不一致"), "number", unit="项", total=True),
            Column("said", _("学校填报与名册（以名册为准）"), computed=True),
        ),
        EvaluatedChild.objects.filter(claims_seen(here), evaluation=one, conflicts__gt=0),
        what=_("名学生"),
        search=lambda text: finding.by_name(finding.plain(text), field="person_name"),
        search_hint=_("姓名、拼音"),
        order="pinyin",
        extra=("student_key", "school_code", "stage", "origins"),
        fill=fill,
        empty=_("学校填报与外部名册没有不一致。") if any(name != STUDIES for name, *_rest in one.sources) else _("这个学期判断时还没有外部名册；上传并比对名册后，不一致的会列在这里。"),
        caption=_("填报与名册不一致的学生"),
        version=f"aid {one.pk}",
    )  # fmt: skip
    if table.wants_export:
        return export(request, table, title=f"{one.term}{_('填报与名册不一致')}", searched=table.query[:20])
    response: HttpResponse = show(
        request,
        "aid/aid_conflicts.html",
        title=_("填报与名册不一致"),
        crumbs=[(_("应助尽助"), f"{reverse('aid')}?term={one.term}")],
        evaluation=one,
        terms=[(each.term, f"{request.path}?term={each.term}") for each in found],
        table=table,
    )
    read_access(
        by=request.user, verb=Verb.VIEW, obj=("aid_conflicts", here.county_code),
        detail={"term": one.term, "found": table.count, "shown": len(table.lines), "page": table.number}, at=now(),
        address=client_address(request),
    )  # fmt: skip
    return response
