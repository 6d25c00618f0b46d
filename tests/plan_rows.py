"""A small published plan for site tests: three tasks, three targets, units of the small county."""

from datetime import date

from bureau.people.models import Organisation, User
from bureau.plans.duty_actions import open_duties
from bureau.plans.models import Item, Plan, Task
from bureau.plans.target_models import Target
from site_rows import COUNTY, NOW, TODAY

SOURCE = (
    "同心县教育提升计划（演示）\n一、提高普及水平。到2027年，大班额占比不超过5%。\n"
    "二、加强队伍建设。到2027年，骨干教师占比达到60%。\n三、保障经费。每季度拨付一次，到2027年支出进度达到95%。\n"
)


def unit(name: str, county: str = COUNTY) -> Organisation:
    return Organisation.objects.get(county_code=county, name=name)


def published_plan(by: User, *, title: str = "同心县教育提升计划（演示）", county: str = COUNTY) -> Plan:
    """大班额 and 骨干教师 led by 教育体育局, 经费 (each quarter) by 财政局 with 教育体育局 supporting; all due by the end of 2027."""
    plan = Plan.objects.create(
        county_code=county, title=title, document_number="同政发〔2025〕1号", source=SOURCE, starts=date(2025, 1, 1),
        ends=date(2027, 12, 31), file_name="计划.txt", file_sha256="0" * 64, state="published", uploaded_by=by,
        uploaded_at=NOW, published_by=by, published_at=NOW,
    )  # fmt: skip
    rows = [
        ("一、提高普及水平", "大班额占比", "le", 5, "教育体育局", "财政局", ""),
        ("二、加强队伍建设", "骨干教师占比", "ge", 60, "教育体育局", "", ""),
        ("三、保障经费", "支出进度", "ge", 95, "财政局", "教育体育局", "1q"),
    ]
    for number, (words, indicator, comparator, value, lead, support, frequency) in enumerate(rows, 1):
        start = SOURCE.index(words)
        end = SOURCE.index("\n", start)
        task = Task.objects.create(
            plan=plan, number=number, title=words[2:], measures=SOURCE[start:end], goal=f"{indicator}{value}%",
            due=date(2027, 12, 31), due_text="到2027年", frequency=frequency, start=start, end=end, section="主要任务",
        )  # fmt: skip
        if county == COUNTY:
            task.leads.set([unit(lead)])
            task.supports.set([unit(support)] if support else [])
        at = SOURCE.index(indicator)
        item = Item.objects.create(
            plan=plan, kind="target", start=at, end=SOURCE.index("%", at) + 1, text=indicator, status="confirmed", by=by, at=NOW
        )  # fmt: skip
        Target.objects.create(
            plan=plan, task=task, item=item, number=number, indicator=indicator, comparator=comparator, value=value, unit="%",
            due=date(2027, 12, 31),
        )  # fmt: skip
        open_duties(task=task, today=TODAY, at=NOW)
    return plan
