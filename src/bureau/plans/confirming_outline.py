"""核对提纲: which headings are tasks, headings that were missed, headings that are none; sections and items follow."""

from datetime import datetime

from django.db import transaction

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.plans.confirming_undo import begin
from bureau.plans.models import Item, Node, Plan
from bureau.plans.reading import revise

LONGEST_HEADING = 120
DEEPEST = 6


def set_tasks(
    *, plan: Plan, keys: list[str], is_task: bool, by: User, at: datetime, address: str = ""
) -> list[Node]:
    """标为任务, 或不是任务. Raises Refused."""
    with transaction.atomic():
        plan = begin(plan, "outline", by=by, at=at).plan
        nodes = list(plan.nodes.filter(key__in=keys))
        if not nodes:
            raise Refused("请先选择提纲里的标题")
        for node in nodes:
            node.is_task = is_task
        Node.objects.bulk_update(nodes, ["is_task"])
        _log(plan, Verb.CHANGE, nodes, {"is_task": is_task}, by=by, at=at, address=address)
    return nodes


def add_heading(
    *, plan: Plan, start: int, end: int, level: int, is_task: bool, by: User, at: datetime, address: str = ""
) -> Node:
    """从正文补一个标题: what follows it up to the next heading is its section. Raises Refused."""
    with transaction.atomic():
        plan = begin(plan, "outline", by=by, at=at).plan
        text = plan.source[start:end] if 0 <= start < end <= len(plan.source) else ""
        if not text.strip():
            raise Refused("请先在左边的正文里选中标题的文字")
        if len(text) > LONGEST_HEADING:
            raise Refused(f"选中的文字有 {len(text)} 字，标题不超过 {LONGEST_HEADING} 字，请只选标题")
        if not 1 <= level <= DEEPEST:
            raise Refused(f"层级应为 1 到 {DEEPEST}")
        if plan.nodes.filter(start__lt=end, end__gt=start).exists():
            raise Refused("选中的文字里已经有标题，请选别处，或先去掉那个标题")
        taken = set(plan.nodes.values_list("key", flat=True))
        key = next(f"a{number}" for number in range(1, len(taken) + 2) if f"a{number}" not in taken)
        node = Node.objects.create(
            plan=plan,
            key=key,
            level=level,
            title=" ".join(text.split()),
            start=start,
            end=end,
            section_end=len(plan.source),
            is_task=is_task,
        )
        _arrange(plan)
        revise(plan)
        _log(plan, Verb.CREATE, [node], {"level": level}, by=by, at=at, address=address)
    node.refresh_from_db()
    return node


def remove_heading(*, plan: Plan, key: str, by: User, at: datetime, address: str = "") -> None:
    """去掉不是标题的标题: its section falls to the heading before. Raises Refused."""
    with transaction.atomic():
        plan = begin(plan, "outline", by=by, at=at).plan
        node = plan.nodes.filter(key=key).first()
        if node is None:
            raise Refused("这个标题已经不在提纲里，请刷新页面")
        _log(plan, Verb.DELETE, [node], {}, by=by, at=at, address=address)
        node.delete()
        _arrange(plan)
        revise(plan)


def _arrange(plan: Plan) -> None:
    """Parents, ends of sections and the section of each item, from the headings in the order of the text."""
    nodes = list(plan.nodes.order_by("start"))
    above: list[Node] = []
    for node in nodes:
        while above and above[-1].level >= node.level:
            above.pop().section_end = node.start
        node.parent_key = above[-1].key if above else ""
        above.append(node)
    for node in above:
        node.section_end = len(plan.source)
    Node.objects.bulk_update(nodes, ["parent_key", "section_end"])
    changed, place = [], 0
    for row in Item.objects.filter(plan=plan).order_by("start"):
        at = int(row.fields.get("value_start", row.start))
        while place < len(nodes) and nodes[place].start <= at:
            place += 1
        while place and nodes[place - 1].start > at:
            place -= 1
        key = nodes[place - 1].key if place else ""
        if key != row.node_key:
            row.node_key = key
            changed.append(row)
    Item.objects.bulk_update(changed, ["node_key"])


def _log(
    plan: Plan,
    verb: Verb,
    nodes: list[Node],
    detail: dict[str, object],
    *,
    by: User,
    at: datetime,
    address: str,
) -> None:
    names = [f"{node.label}{node.title}"[:60] for node in nodes[:50]]
    write(
        by=by,
        verb=verb,
        obj=("plan", str(plan.pk)),
        detail={"headings": names, **detail},
        at=at,
        address=address,
    )
