"""What people did about each year's gaps, as of that year."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

MEASURES = {
    "R1": ("新招聘教师向该校倾斜", "人事科"),
    "R2": ("骨干教师交流轮岗到该校，纳入培养名单", "人事科"),
    "R3": ("补充体育、艺术教师，先以走教解决", "人事科"),
    "R4": ("改扩建教学用房", "项目办"),
    "R5": ("扩建运动场地", "项目办"),
    "R6": ("补充教学仪器设备", "项目办"),
    "R7": ("建设网络多媒体教室", "项目办"),
}


def noon(day: date, later: int) -> datetime:
    """Noon, so many days after a data day."""
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC) + timedelta(days=later)


def keep_the_ledger(county: str, day: date) -> None:
    """What people did about the gaps that year: plans, reports of completion (some too early), a look at the place and a second person's check."""
    from bureau.cases import actions
    from bureau.cases.models import Case
    from bureau.people.models import User
    from bureau.people.rules import Refused
    from junheng.policy.ledgers import LIVE

    suffix = "" if county == "640324" else f"-{county}"
    projects = User.objects.get(username=f"projects{suffix}")
    inspector = User.objects.get(username=f"inspector{suffix}")
    gaps = list(Case.objects.filter(county_code=county, ledger="gaps", phase__in=LIVE).order_by("id"))

    def step(case: Case, move: str, later: int, by: User, **more: Any) -> None:
        with suppress(Refused):
            actions.move(
                case_id=case.pk,
                move=move,
                by=by,
                at=noon(day, later),
                today=day + timedelta(days=later),
                **more,
            )

    solved = [gap for gap in gaps if gap.phase == "solved"]
    for gap in solved[: len(solved) * 2 // 3]:
        step(gap, "verify", 30, projects, text="演示：到校核对，与登记一致")
        step(gap, "close", 40, inspector, text="演示：实地查看，与数据一致")
    for gap in gaps:
        if gap.phase != "open" or gap.pk % 10 >= 7 or gap.fields.get("measure"):
            continue
        measure, office = MEASURES[gap.evidence["指标代码"]]
        until = date(day.year + 1 + gap.pk % 2, 8, 31)
        step(
            gap,
            "plan",
            20,
            projects,
            fields={"measure": measure, "office": office, "until": until.isoformat()},
        )
        if gap.pk % 12 == 1:
            step(gap, "claim", 200, projects, fields={"result": "演示：已安排到位"})
