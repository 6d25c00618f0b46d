"""四个一报告的规则: which periods have ended, by when each report is due, and who may send it. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from bureau.attendance.terms import month_end, term_name
from bureau.people.rules import Permission, why_not

LONGEST_TEXT = 4000


@dataclass(frozen=True, slots=True)
class FilingKind:
    """一种报告. `setting` of the dropout ledger holds the days after the period's end until which it is due, `back_setting` those after which
    a period is no longer made up for; `due_days` and `back_days` stand in where a county's own ledger has no such setting."""

    name: str
    clock: str
    of_school: bool
    title: str
    setting: str
    due_days: int
    back_setting: str
    back_days: int


KINDS = (
    FilingKind("monthly", "month", True, "学校控辍保学月报告", "monthly_days", 5, "monthly_back", 45),
    FilingKind(
        "quarterly", "quarter", False, "县级季度复核报告", "quarterly_days", 10, "quarterly_back", 100
    ),
    FilingKind("termly", "term", False, "市级学期调研报告", "termly_days", 20, "termly_back", 200),
    FilingKind("yearly", "year", False, "自治区学年评估报告", "yearly_days", 30, "yearly_back", 200),
)
BY_NAME = {kind.name: kind for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Period:
    """报告期, first and last day."""

    since: date
    until: date
    words: str


def period_of(clock: str, day: date) -> Period:
    """The period a day lies in."""
    if clock == "month":
        return Period(day.replace(day=1), month_end(day), f"{day.year}年{day.month}月")
    if clock == "quarter":
        first = 3 * ((day.month - 1) // 3) + 1
        last = month_end(date(day.year, first + 2, 1))
        return Period(date(day.year, first, 1), last, f"{day.year}年第{(first + 2) // 3}季度")
    if clock == "term":
        name = term_name(day)
        year = int(name[:4])
        if name.endswith("秋"):
            return Period(date(year, 8, 1), date(year + 1, 1, 31), name)
        return Period(date(year, 2, 1), date(year, 7, 31), name)
    year = day.year if day.month >= 8 else day.year - 1
    return Period(date(year, 8, 1), date(year + 1, 7, 31), f"{year}—{year + 1}学年")


def ended(kind: FilingKind, *, begun: date, today: date, back: int) -> list[Period]:
    """Periods that have ended since there are ledgers at all and not more than `back` days ago, oldest first."""
    found = []
    period = period_of(kind.clock, max(begun, today - timedelta(days=back + 366)))
    while period.until < today:
        if (today - period.until).days <= back:
            found.append(period)
        period = period_of(kind.clock, period.until + timedelta(days=1))
    return found


def why_not_send(
    *, role: str, in_scope: bool, of_school: bool, state: str, text: str, late: bool
) -> str | None:
    """为什么不能上报."""
    refusal = why_not(role, Permission.WORK_CASES)
    if refusal:
        return refusal
    if not in_scope:
        return "这份报告不属于您的单位"
    if of_school and role != "school":
        return "学校月报告由学校上报"
    if not of_school and role not in ("leader", "office"):
        return "县级报告由教育局上报"
    if state == "sent":
        return "这份报告已经上报；要更正，请教育局退回后重报"
    if len(text) > LONGEST_TEXT:
        return f"说明有 {len(text)} 个字，最多 {LONGEST_TEXT} 个"
    return "已过上报期限，请在说明里写明逾期的原因" if late and not text.strip() else None


def why_not_return(*, role: str, in_scope: bool, state: str, reason: str) -> str | None:
    """为什么不能退回."""
    refusal = why_not(role, Permission.CLOSE_CASES)
    if refusal:
        return refusal
    if not in_scope:
        return "这份报告不在您的辖区内"
    if state != "sent":
        return "只有已上报的报告才能退回"
    return None if reason.strip() else "请写明为什么退回"
