"""连续缺勤: pupils who have been away for days on end up to their class's last roll call; looking is logged."""

from datetime import timedelta

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from bureau.attendance import queries
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, page
from bureau.pages.attendance_overview import LONG, long_streaks
from bureau.pages.attendance_place import LISTS, asked_day, class_page, said_class
from bureau.pages.context import current, show
from bureau.pages.export import export
from bureau.pages.people_columns import school_names
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table


@page(roles=LISTS)
def streaks(request: SignedIn) -> HttpResponseBase:
    """The list, longest first."""
    here = current(request)
    known = queries.school_calendar(here.county_code)
    day = asked_day(request, known, today=localdate())
    names = school_names(here)
    found = [one for one in long_streaks(here, day) if one.school_code in names]
    keys = [one.student_key for one in found]
    pupils = {key: (pk, name) for key, pk, name, *_class in queries.pupils(here.county_code, day, keys)}
    rows = []
    for one in found:
        ref = queries.ClassRef(here.county_code, one.school_code, one.grade, one.class_number)
        pk, name = pupils.get(one.student_key, (0, ""))
        rows.append(
            {
                "id": pk,
                "name": name or _("已离校学生"),
                "ref": ref,
                "school_code": one.school_code,
                "school": names[one.school_code],
                "class": said_class(ref),
                "days": one.days,
                "unexcused": one.unexcused,
                "since": one.since,
                "last": one.last,
                "unknown": one.unknown,
            }
        )
    columns = (
        Column("name", _("学生"), link=lambda row: reverse("student", args=[row["id"]]) if row["id"] else ""),
        Column(
            "school", _("学校"), choices={names[one.school_code]: names[one.school_code] for one in found}
        ),
        Column("class", _("班级"), link=lambda row: class_page(row["ref"], row["last"])),
        Column("days", _("连续缺勤"), "number", unit=_("上学日")),
        Column("unexcused", _("其中无故"), "number", unit=_("上学日")),
        Column("since", _("自"), "date"),
        Column("last", _("最近一次点名"), "date"),
        Column(
            "unknown",
            _("其间未登记"),
            "number",
            unit=_("上学日"),
            note=_("这些天没有点名，既不算缺勤也不中断"),
        ),
    )
    table = Table(
        request,
        "streaks",
        columns,
        rows,
        what=_("名学生"),
        search=("name", "school"),
        search_hint=_("姓名或学校"),
        order="-days,school",
        empty=_("没有连续缺勤 %(n)s 个上学日以上的学生。点名登记后，这里会自动更新。") % {"n": LONG},
        caption=_("连续缺勤"),
    )
    if table.wants_export:
        return export(request, table, title=_("连续缺勤"), searched="")
    read_access(
        by=request.user,
        verb=Verb.VIEW,
        obj=("listing", "streaks"),
        detail={"day": day, "rows": table.count},
        at=now(),
        address=client_address(request),
    )
    return show(
        request,
        "attendance/streaks.html",
        title=_("谁已经连续缺勤 %(n)s 个上学日以上") % {"n": LONG},
        crumbs=[(_("考勤"), f"{reverse('attendance')}?day={day:%Y-%m-%d}")],
        table=table,
        day=day,
        since=day - timedelta(days=queries.STREAK_REACH),
        may_open=request.user.role != "teacher",
    )
