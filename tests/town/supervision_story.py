"""督办的故事: what the bureau of a made-up county asked of its units, who was late, and two rectifications that are still open.

Everything goes through the same actions as on the pages, on the days of the story.
"""

from datetime import UTC, date, datetime, timedelta

from bureau.people.models import Organisation, User
from bureau.plans.duty_models import Duty
from bureau.supervision import actions, escalation, inspections
from bureau.supervision.models import Slip
from town.holidays import fill_holidays

# Days before today on which a slip is issued, its deadline in working days, and how far it has come.
_SLIPS = (
    (120, 15, "closed"),
    (75, 10, "closed"),
    (40, 10, "late"),
    (32, 10, "late"),
    (21, 15, "extended"),
    (12, 10, "answered"),
    (3, 10, "received"),
    (1, 15, "issued"),
)
_FINDINGS = (
    (
        "大班额化解",
        "抽查发现仍有班级超过规定班额，新学期分班方案没有报备。",
        "学期内完成分班，报送分班前后花名册。",
        30,
        "open",
    ),
    ("专用教室使用", "音乐、美术教室被改作办公室。", "一周内恢复原用途，报送照片。", 10, "closed"),
    ("体育器材配备", "器材台账与实物不符，部分器材已报废未核销。", "重新清点并补齐，报送台账。", 20, "open"),
)


def supervision_story(county: str, *, today: date) -> int:
    """Slips, an inspection and its rectifications in one county; answers how many slips there are then."""
    if Slip.objects.filter(county_code=county).exists():
        return 0
    suffix = "" if county == "640324" else f"-{county}"
    people = {
        name: User.objects.get(username=f"{name}{suffix}")
        for name in ("leader", "basic", "projects", "inspector", "inspector2")
    }
    fill_holidays(today=today)
    escalation.begin_steps(county_code=county, at=_at(today - timedelta(days=300)))
    duties = list(
        Duty.objects.filter(task__plan__county_code=county, task__leads__isnull=False)
        .exclude(state="closed")
        .select_related("task__plan")
        .order_by("task__plan_id", "task__number", "id")
        .distinct()[: len(_SLIPS)]
    )
    for (days, deadline, fate), duty in zip(_SLIPS, duties, strict=False):
        _slip(county, duty, today - timedelta(days=days), deadline, fate, people)
    _inspection(county, today - timedelta(days=25), people)
    escalation.follow(county_code=county, today=today, at=_at(today))
    return Slip.objects.filter(county_code=county).count()


def _slip(county: str, duty: Duty, day: date, deadline: int, fate: str, people: dict[str, User]) -> None:
    task = duty.task
    leads = list(task.leads.all())
    slip = actions.draft(
        county_code=county,
        what=actions.Draft(
            title=task.title,
            requirement="请对照计划说明进度、存在的困难和完成时间，附佐证材料。",
            organisation=leads[0],
            working_days=deadline,
            basis=f"{task.plan.title}{task.plan.document_number}",
            supports=leads[1:],
            duty=duty,
        ),
        by=people["basic"],
        at=_at(day),
    )
    slip = actions.issue(slip=slip, by=people["leader"], at=_at(day, 1), today=day)
    if fate == "issued":
        return
    # A unit without an account is signed for by the office that supervises.
    slip = actions.receive(slip=slip, by=_clerk(leads[0], people), at=_at(day + timedelta(days=1)))
    if fate == "extended" and slip.due and (clerk := _account(leads[0])):
        asked = actions.ask_extension(
            slip=slip,
            new_due=slip.due + timedelta(days=14),
            reason="部门间数据核对尚未完成",
            by=clerk,
            at=_at(day + timedelta(days=5)),
            today=day + timedelta(days=5),
        )
        actions.decide_extension(
            extension=asked, granted=True, remark="", by=people["inspector"], at=_at(day + timedelta(days=6))
        )
    if fate in ("answered", "closed"):
        answered = day + timedelta(days=9)
        words = "已按计划推进，佐证材料见附件清单。"
        slip = actions.answer(slip=slip, text=words, by=_clerk(leads[0], people), at=_at(answered))
    if fate == "closed":
        checked = _at(day + timedelta(days=12))
        actions.confirm(slip=slip, remark="查看现场和台账，情况属实", by=people["inspector"], at=checked)


def _inspection(county: str, day: date, people: dict[str, User]) -> None:
    bureau = Organisation.objects.get(county_code=county, name="教育体育局")
    by = people["inspector"]
    visit = inspections.begin(
        county_code=county,
        title=f"{day.year}年秋季学期督查",
        basis="年度督导工作安排",
        starts=day,
        ends=day + timedelta(days=2),
        team="演示·督学 甲、演示·督学 乙",
        by=by,
        at=_at(day),
    )
    findings = [
        inspections.Finding(bureau, title, problem, requirement, days)
        for title, problem, requirement, days, _fate in _FINDINGS
    ]
    slips = inspections.record(inspection=visit, findings=findings, by=by, at=_at(day + timedelta(days=2)))
    reported = day + timedelta(days=3)
    inspections.report(inspection=visit, by=by, at=_at(reported), today=reported)
    for slip, (*_words, fate) in zip(slips, _FINDINGS, strict=True):
        clerk = people["basic"]
        slip = actions.receive(slip=slip, by=clerk, at=_at(reported + timedelta(days=1)))
        if fate == "closed":
            answered = reported + timedelta(days=6)
            slip = actions.answer(slip=slip, text="已恢复原用途，照片已报送。", by=clerk, at=_at(answered))
            checked = reported + timedelta(days=8)
            actions.confirm(slip=slip, remark="复查属实", by=people["inspector2"], at=_at(checked))
            inspections.publish(
                slip=slip,
                text="专用教室已恢复原用途，经复查属实。",
                starts=checked,
                ends=checked + timedelta(days=30),
                by=by,
                at=_at(checked),
            )


def _account(unit: Organisation) -> User | None:
    return User.objects.filter(organisation=unit).order_by("id").first()


def _clerk(unit: Organisation, people: dict[str, User]) -> User:
    return _account(unit) or people["projects"]


def _at(day: date, hour: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, 1 + hour, tzinfo=UTC)
