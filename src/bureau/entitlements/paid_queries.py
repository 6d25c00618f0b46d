"""已发资助的读取: lists, their lines, and what one child was paid."""

from django.db.models import QuerySet

from bureau.entitlements.paid_models import PaidLine, PaidList


def paid_lists(county_code: str) -> QuerySet[PaidList]:
    """发放名单 of a county, newest first."""
    return PaidList.objects.filter(county_code=county_code).select_related("by", "entered_by", "undone_by")


def paid_of(county_code: str, student_key: str) -> QuerySet[PaidLine]:
    """What a child was paid over all terms, newest term first; lists that were undone do not count."""
    lines = PaidLine.objects.filter(
        student_key=student_key, list__county_code=county_code, list__state=PaidList.State.IN_FORCE
    )
    return lines.select_related("list").order_by("-paid_on", "-pk")


def lines_of(of: PaidList) -> QuerySet[PaidLine]:
    """The lines of one list, in the order of the file."""
    return PaidLine.objects.filter(list=of).order_by("pk")
