"""目标责任状: what one unit takes on, from its tasks, their targets and the weights the bureau gave them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from bureau.bulletins.fact_rows import printed
from bureau.people.models import Organisation
from bureau.plans.models import Plan, Task
from bureau.plans.target_queries import measure_of
from junheng.documents.letters import Duty, ResponsibilityLetter, responsibility_letter
from junheng.documents.official import OfficialDocument
from junheng.measures.progress_model import COMPARATOR_WORDS

# No document lays these sentences down: they say only what the platform does.
# Who signs is assumed as well, and is said so on the page: the bureau with schools and its own offices, the government with the rest.
OF_THE_BUREAU = (Organisation.Kind.SCHOOL, Organisation.Kind.BUREAU)
TERMS = (
    "责任单位按完成时限办结各项任务，按期填报进展，完成后附佐证材料，由另一人复核销号。",
    "没有按时完成的，按督办规则处理；任务和时限确需调整的，按规定程序报批。",
)


def letter(
    unit: Organisation,
    tasks: Sequence[Task],
    weights: Mapping[int, Decimal],
    *,
    year: int,
    party: str,
    marked: str,
) -> OfficialDocument:
    """责任状 of a unit for a year; `party` sets the duties. A task with several targets has a line for each of them; its weight stands
    in the first."""
    duties: list[Duty] = []
    weighed = bool(weights)
    for task in tasks:
        weight = weights.get(task.pk) if weighed else None
        targets = list(task.targets.all())
        due = task.due.isoformat() if task.due else task.due_text
        if not targets:
            duties.append(Duty(task.title, task.goal or "按计划完成", due=due, weight=weight))
        for place, target in enumerate(targets):
            value = printed(target.value, target.unit)
            if target.comparator == "between" and target.value2 is not None:
                value = f"{printed(target.value)}到{printed(target.value2, target.unit)}之间"
            measure = measure_of(target)
            start = printed(target.baseline, target.unit) if target.baseline is not None else ""
            day = (
                f"（{target.baseline_day.year}年{target.baseline_day.month}月）"
                if target.baseline_day
                else ""
            )
            duties.append(
                Duty(
                    task.title, f"{'' if target.comparator == 'eq' else COMPARATOR_WORDS.get(target.comparator, '')}{value}", measure=f"{target.indicator}" + (f"（{measure.title}）" if measure and measure.title != target.indicator else ""),
                    baseline=f"{start}{day}" if start else "未报", due=target.due.isoformat() if target.due else due, weight=weight if place == 0 else None,
                )
            )  # fmt: skip
    plans: dict[int, Plan] = {task.plan_id: task.plan for task in tasks}
    basis = "、".join(
        f"《{one.title}》" + (f"（{one.document_number}）" if one.document_number else "")
        for one in plans.values()
    )
    return responsibility_letter(
        ResponsibilityLetter(
            title=f"{unit.name}{year}年度教育目标责任状", period=f"{year}年1月1日至{year}年12月31日", party_a=party, party_b=unit.name,
            duties=tuple(duties), terms=TERMS, basis=basis, marked=marked,
        )
    )  # fmt: skip


def file_name(unit: Organisation, year: int, form: str) -> str:
    """The name under which a letter is saved."""
    return f"{unit.name}{year}年度目标责任状.{form}"


def setting_party(unit: Organisation, *, county_name: str, bureau: str) -> str:
    """与谁签订: the bureau for schools and its offices, the county's government for other units."""
    return bureau if unit.kind in OF_THE_BUREAU else f"{county_name}人民政府"
