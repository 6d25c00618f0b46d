"""核对的一步: lock the plan, take the items, keep what they were, put them back when the step is undone."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.plans.document_queries import in_county
from bureau.plans.document_rules import why_not_edit
from bureau.plans.models import Decision, Item, Plan

KEPT = ("status", "fields", "read", "by_id", "at", "carried")
WRITTEN = ("status", "fields", "read", "by", "at", "carried")


@dataclass
class Step:
    """一步: whose, on which plan, and what each item was before."""

    plan: Plan
    what: str
    by: User
    at: datetime
    before: list[dict[str, Any]] = field(default_factory=list)

    def take(self, items: Iterable[Item]) -> list[Item]:
        """The rows as they are now, marked as this person's; what they were is kept. Raises Refused when one is gone."""
        wanted = [one.pk for one in items]
        rows = {row.pk: row for row in Item.objects.filter(plan=self.plan, pk__in=wanted)}
        if len(rows) != len(set(wanted)):
            raise Refused("条目刚被别人改动，请刷新页面再核对")
        taken = [rows[pk] for pk in wanted]
        for row in taken:
            self.before.append(_snapshot(row))
            row.by, row.at, row.carried = self.by, self.at, False
        return taken

    def back(self, last: Decision) -> tuple[list[Item], list[tuple[int, Item]]]:
        """(rows as they were before that step, those that it had added and that are gone again, with their keys)."""
        rows = {
            row.pk: row
            for row in Item.objects.filter(plan=self.plan, pk__in=[one["id"] for one in last.before])
        }
        restored: list[Item] = []
        gone: list[tuple[int, Item]] = []
        for one in last.before:
            row = rows.get(one["id"])
            if row is None:
                continue
            if row.by_id != self.by.pk:
                raise Refused("这些条目后来被别人改过，不能撤销，请直接修改")
            if one.get("added"):
                gone.append((row.pk, row))
                row.delete()
                continue
            for name in KEPT:
                setattr(row, name, one[name] if name != "at" else _moment(one["at"]))
            restored.append(row)
        last.undone = True
        last.save(update_fields=["undone"])
        return restored, gone


def begin(plan: Plan, what: str, *, by: User, at: datetime) -> Step:
    """Lock the plan for one step. Raises Refused when it is not to be edited."""
    plan = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    refusal = why_not_edit(plan.state, role=by.role, in_county=in_county(by, plan.county_code))
    if refusal:
        raise Refused(refusal)
    return Step(plan, what, by, at)


def finish(step: Step, rows: list[Item], words: str) -> None:
    """Write the rows; with `words` the step can be undone. Rows whose fields stay are written together."""
    before = {one["id"]: one for one in step.before if "added" not in one}
    together: dict[tuple[object, ...], list[int]] = {}
    for row in rows:
        was = before.get(row.pk)
        if was is None or was["fields"] != row.fields or was["read"] != row.read:
            row.save(update_fields=list(WRITTEN))
        else:
            together.setdefault((row.status, row.by_id, row.at, row.carried), []).append(row.pk)
    for (status, by, at, carried), keys in together.items():
        Item.objects.filter(pk__in=keys).update(status=status, by=by, at=at, carried=carried)
    if words:
        Decision.objects.create(
            plan=step.plan, by=step.by, at=step.at, what=step.what, words=words[:200], before=step.before
        )


def _snapshot(row: Item) -> dict[str, Any]:
    kept = {name: getattr(row, name) for name in KEPT}
    return {"id": row.pk, **kept, "at": row.at.isoformat() if row.at else None}


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
