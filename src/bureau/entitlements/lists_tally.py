"""合计名单: lines, children and money of the lines given, by standing. Reading only."""

from django.db.models import Count, Q, QuerySet, Sum

from bureau.entitlements.evaluation_models import Claim
from bureau.entitlements.evaluation_rules import COVERED, DUE, LISTS


def tallied(rows: QuerySet[Claim]) -> dict[str, dict[str, int]]:
    """{standing: lines, children, due, paid in fen}, and the children of 应助尽助 under "all"."""
    found = {
        row["standing"]: {name: row[name] or 0 for name in ("lines", "children", "due", "paid")}
        for row in rows.order_by()
        .values("standing")
        .annotate(
            lines=Count("pk"),
            children=Count("student_key", distinct=True),
            due=Sum("due_fen"),
            paid=Sum("paid_fen"),
        )
    }
    entitled = rows.filter(standing__in=DUE).order_by().aggregate(
        children=Count("student_key", distinct=True),
        open=Count("student_key", distinct=True, filter=~Q(standing__in=COVERED)),
        missed=Count("student_key", distinct=True, filter=Q(standing__in=LISTS["missed"])),
    )  # fmt: skip
    found["all"] = {
        "children": entitled["children"],
        "covered": entitled["children"] - entitled["open"],
        "missed": entitled["missed"],
    }
    return found
