"""供餐的数怎么来的: due, attended, eaten, spent and the price, for one school or for all in scope."""

from datetime import date

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bureau.nutrition import programme, queries
from bureau.nutrition.models import Account, AccountClass
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.context import current
from bureau.pages.nutrition import month_address
from bureau.pages.nutrition_month import found_account
from bureau.pages.nutrition_opening import month_of, month_words
from bureau.pages.people_columns import school_names
from bureau.pages.why import Why, answer
from bureau.people.rules import Permission

KINDS = ("due", "attended", "eaten", "spent", "price")
MOST_ROWS = 12


@require_GET
@page(Permission.SEE_AID)
def why(request: SignedIn, school_code: str, month: str, kind: str) -> HttpResponse:
    """The panel of one figure."""
    first = month_of(month)
    if first is None or kind not in KINDS:
        raise not_found(_("没有这个数。"))
    if kind == "price":
        return answer(request, _price(request, first))
    if school_code == "all":
        return answer(request, _all(request, first, kind))
    one, name = found_account(request, school_code, month)
    return answer(request, _school(one, name, kind))


def _price(request: SignedIn, month: date) -> Why:
    standard = programme.price_on(current(request).county_code, month)
    return Why(
        title=_("膳食补助标准"),
        of=month_words(month),
        value=standard.fen / 100 if standard else None,
        unit=_("元/生·日"),
        clause=standard.cite if standard else "",
        notes=(
            (_("资金来源"), standard.source if standard else ""),
            (_("起始日期"), str(standard.since or "") if standard else ""),
            (_("说明"), "" if standard else _("没有经核实的标准，请在“供餐设置”登记")),
        ),
    )


def _school(one: Account, name: str, kind: str) -> Why:
    rows = queries.lines_of(one)
    of = f"{name} {month_words(one.month)}"
    address = month_address(one.school_code, one.month)
    if kind == "spent":
        came = queries.delivered(one.county_code, one.month, one.school_code).get(
            one.school_code, queries.Delivered()
        )
        eaten = sum(row.eaten or 0 for row in rows)
        return Why(
            title=_("每人次支出"),
            of=of,
            value=round(came.fen / eaten / 100, 2) if eaten else None,
            unit=_("元"),
            numerator=came.fen / 100,
            numerator_label=_("已验收支出"),
            numerator_unit=_("元"),
            denominator=eaten,
            denominator_label=_("就餐"),
            denominator_unit=_("人次"),
            comparison="≤",
            threshold=one.fen / 100,
            notes=(
                (
                    _("到货"),
                    _("已验收 %(a)s 批，待验收 %(b)s 批，拒收 %(c)s 批；只有两人验收的计入")
                    % {"a": came.accepted, "b": came.waiting, "c": came.rejected},
                ),
            ),
            clause=one.price_cite,
            rows_address=f"{reverse('nutrition-deliveries')}?school={one.school_code}",
        )
    values = {queries.class_name(row.grade, row.class_number): _value(row, one, kind) for row in rows}
    total = [value for value in values.values() if value is not None]
    titles = {"due": _("应供人次"), "attended": _("出勤人次"), "eaten": _("就餐人次")}
    notes = {
        "due": _("享受人数 × 应供天数；享受人数为%(day)s登记册里在读并标明“享受营养餐”的学生")
        % {"day": one.counted_on},
        "attended": _(
            "享受营养餐学生在供餐日的到校人次，来自每日点名，半天在校按在校计；没有点名的由学校填写"
        ),
        "eaten": _("各班登记的就餐人次；按日登记的为每日之和"),
    }
    return Why(
        title=titles[kind],
        of=of,
        value=sum(total) if total else None,
        unit=_("人次"),
        notes=((_("怎样算"), notes[kind]),),
        clause=one.price_cite if kind == "due" else "",
        rows=list(values.items()),
        day=one.counted_on if kind == "due" else None,
        rows_address=address,
    )


def _value(row: AccountClass, one: Account, kind: str) -> int | None:
    if kind == "due":
        return row.pupils * one.days
    return row.attended if kind == "attended" else row.eaten


def _all(request: SignedIn, month: date, kind: str) -> Why:
    here = current(request)
    rows = queries.month_rows(here.county_code, month, school_names(here))
    field = {"due": "due", "attended": "attended", "eaten": "eaten", "spent": "spent_yuan"}[kind]
    titles = {
        "due": _("应供人次"),
        "attended": _("出勤人次"),
        "eaten": _("就餐人次"),
        "spent": _("已验收支出"),
    }
    known = [row[field] for row in rows if row[field] is not None]
    largest = sorted(rows, key=lambda row: -(row[field] or 0))[:MOST_ROWS]
    eaten = sum(row["eaten"] or 0 for row in rows)
    spent = kind == "spent"
    return Why(
        title=titles[kind],
        of=month_words(month),
        value=sum(known) if known else None,
        unit=_("元") if spent else _("人次"),
        numerator=len(known),
        numerator_label=_("有数的学校"),
        denominator=len(rows),
        denominator_label=_("有月账的学校"),
        notes=(
            (_("每人次支出"), f"{sum(known) / eaten:.2f}" if spent and eaten else ""),
            (_("构成"), _("下面是最大的 %(n)s 所，全部见月账") % {"n": len(largest)}),
        ),
        rows=[(row["school_name"], row[field]) for row in largest],
        rows_address=f"{reverse('nutrition')}?month={month:%Y-%m}&sort=-{field}",
    )
