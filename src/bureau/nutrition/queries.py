"""月账的读取: the accounts of a month, what was delivered, and the sums of both."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet, Sum

from bureau.nutrition import rules
from bureau.nutrition.models import Account, AccountClass, Complaint, Covered, DailyMeals, Delivery, Supplier
from bureau.nutrition.programme import COMPULSORY, month_end
from junheng.tables import codes

GRADE_ORDER = {grade: place for place, grade in enumerate(COMPULSORY)}


def accounts(county_code: str, month: date | None = None) -> QuerySet[Account]:
    """月账."""
    found = Account.objects.filter(county_code=county_code)
    return found.filter(month=month) if month else found


def account_of(county_code: str, school_code: str, month: date) -> Account | None:
    """One school's account of a month."""
    return (
        accounts(county_code, month)
        .filter(school_code=school_code)
        .select_related("signed_by", "closed_by", "explained_by")
        .first()
    )


def class_name(grade: str, class_number: int) -> str:
    """三年级2班."""
    return f"{codes('grade').get(grade, grade)}{class_number}班"


def lines_of(account: Account) -> list[AccountClass]:
    """The classes of an account from the first grade up."""
    rows = account.classes.select_related("explained_by")
    return sorted(rows, key=lambda row: (GRADE_ORDER.get(row.grade, 99), row.class_number))


def daily(account: Account) -> QuerySet[DailyMeals]:
    """每日就餐 of an account."""
    return DailyMeals.objects.filter(line__account=account)


class Figures(NamedTuple):
    """一个班的数: what of its line the sums need; a county has thousands of them."""

    pupils: int
    eaten: int | None
    attended: int | None
    explained: str


def line_of(account: Account, row: AccountClass | Figures) -> rules.Line:
    """A class as the rules see it."""
    return rules.Line(
        class_name(row.grade, row.class_number) if isinstance(row, AccountClass) else "",
        row.pupils * account.days,
        row.eaten,
        row.attended,
        row.explained,
    )


@dataclass(frozen=True, slots=True)
class Delivered:
    """到货合计 of a month: fen and portions accepted, how many deliveries in each state."""

    fen: int = 0
    portions: int | None = None
    accepted: int = 0
    waiting: int = 0
    rejected: int = 0


def delivered(county_code: str, month: date, school_code: str = "") -> dict[str, Delivered]:
    """{school code: 到货合计} of a month."""
    rows = Delivery.objects.filter(county_code=county_code, day__gte=month, day__lte=month_end(month))
    if school_code:
        rows = rows.filter(school_code=school_code)
    accepted = Q(state="accepted")
    sums = (
        rows.order_by()
        .values("school_code")
        .annotate(
            fen=Sum("fen", filter=accepted),
            portions=Sum("meals", filter=accepted),
            accepted=Count("pk", filter=accepted),
            waiting=Count("pk", filter=Q(state__in=["waiting", "inspected"])),
            rejected=Count("pk", filter=Q(state="rejected")),
        )
    )
    return {
        row["school_code"]: Delivered(
            row["fen"] or 0, row["portions"], row["accepted"], row["waiting"], row["rejected"]
        )
        for row in sums
    }


def figures(found: Sequence[Account]) -> dict[int, list[Figures]]:
    """{account: its classes} of many accounts, without their names."""
    lines: dict[int, list[Figures]] = defaultdict(list)
    rows = AccountClass.objects.filter(account__in=[one.pk for one in found])
    for key, *line in rows.values_list("account", *Figures._fields):
        lines[key].append(Figures(*line))
    return lines


def whole_of(account: Account, lines: Iterable[AccountClass], came: Delivered) -> rules.Whole:
    """The whole school as the rules see it."""
    rows = list(lines)
    due = sum(row.pupils for row in rows) * account.days * account.fen
    return rules.Whole(
        _portions(account, came), sum(row.eaten or 0 for row in rows), came.fen, due, account.explained
    )


def _portions(account: Account, came: Delivered) -> int | None:
    """Portions are compared where meals come ready from a company."""
    return came.portions if account.mode == Covered.Mode.COMPANY else None


def month_rows(county_code: str, month: date, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """各校月账: one row for each school in `names` that has an account; None is 未报."""
    found = [one for one in accounts(county_code, month) if one.school_code in names]
    lines = figures(found)
    came = delivered(county_code, month)
    rows = [
        _row(one, lines[one.pk], came.get(one.school_code, Delivered()), names[one.school_code])
        for one in found
    ]
    return sorted(rows, key=lambda row: str(row["school_name"]))


def _row(one: Account, lines: Sequence[Figures], came: Delivered, name: str) -> dict[str, Any]:
    pupils = served = present = blank = silent = 0
    unexplained = 0
    for line in lines:
        pupils += line.pupils
        blank += line.eaten is None
        served += line.eaten or 0
        silent += line.attended is None
        present += line.attended or 0
        if line.eaten is not None and not line.explained:
            unexplained += bool(rules.differences(line_of(one, line)))
    due = pupils * one.days
    eaten = served if blank < len(lines) else None
    whole = rules.Whole(_portions(one, came), served, came.fen, due * one.fen, one.explained)
    unexplained += bool(rules.whole_differences(whole)) and not one.explained
    return {
        "id": one.pk,
        "school_code": one.school_code,
        "school_name": name,
        "mode": one.mode,
        "pupils": pupils,
        "days": one.days,
        "due": due,
        "due_yuan": due * one.fen / 100,
        "delivered": whole.delivered,
        "eaten": eaten,
        "blank": blank,
        "attended": None if silent else present,
        "spent_yuan": came.fen / 100,
        "per_meal": round(came.fen / eaten / 100, 2) if eaten and came.fen and not blank else None,
        "standard": one.fen / 100,
        "waiting": came.waiting,
        "rejected": came.rejected,
        "unexplained": unexplained,
        "state": one.state,
    }


def month_totals(county_code: str, schools: Iterable[str] | None = None) -> list[dict[str, Any]]:
    """各月合计, oldest first: schools, closed, due, eaten, attended (pupil-days), due_fen, spent_fen."""
    rows, came = accounts(county_code), Delivery.objects.filter(county_code=county_code, state="accepted")
    if schools is not None:
        codes_ = list(schools)
        rows, came = rows.filter(school_code__in=codes_), came.filter(school_code__in=codes_)
    by_month = rows.order_by("month").values("month")
    counted = {
        row["month"]: row
        for row in by_month.annotate(
            schools=Count("pk"),
            closed=Count("pk", filter=Q(state="closed")),
            signed=Count("pk", filter=Q(state="signed")),
        )
    }
    sums = by_month.annotate(
        due=Sum(F("classes__pupils") * F("days")),
        due_fen=Sum(F("classes__pupils") * F("days") * F("fen")),
        eaten=Sum("classes__eaten"),
        attended=Sum("classes__attended"),
        silent=Count("classes", filter=Q(classes__attended=None)),
    )
    # By day, and by month here: the database would call back for the month of every delivery.
    spent: dict[date, int] = defaultdict(int)
    for day, fen in came.order_by().values_list("day").annotate(n=Sum("fen")):
        spent[day.replace(day=1)] += fen
    return [{**row, **counted[row["month"]], "spent_fen": spent[row["month"]]} for row in sums]


def deliveries(county_code: str) -> QuerySet[Delivery]:
    """到货."""
    return Delivery.objects.filter(county_code=county_code)


def suppliers(county_code: str) -> QuerySet[Supplier]:
    """供应单位."""
    return Supplier.objects.filter(county_code=county_code)


def complaint_of(number: str) -> Complaint | None:
    """投诉 of a number, for whoever has it."""
    return Complaint.objects.filter(number=number).first() if number else None


def complaints(county_code: str) -> QuerySet[Complaint]:
    """投诉."""
    return Complaint.objects.filter(county_code=county_code)
