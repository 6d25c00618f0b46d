"""改选各列: what each column of an outside register was read as, and a person's choice to read it otherwise; one log line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from bureau.links import rules
from bureau.links.models import OutsideRegister
from bureau.links.queries import may_see_file
from bureau.links.reading import layout_of
from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.rules import Refused, demand
from junheng.matching.roster import JOINED

State = OutsideRegister.State


@dataclass(frozen=True, slots=True)
class Sheets:
    """同样排列的工作表: of file number `file`, with their columns as {place, letter, heading, name}."""

    file: int
    title: str
    tabs: Sequence[str]
    row: int
    columns: Sequence[Mapping[str, Any]]
    read: bool  # it holds lines of the register


def sheets_of(register: OutsideRegister) -> list[Sheets]:
    """What was found in the files when they were last read; [] before."""
    seen = register.counts.get("seen", [])
    several = len(register.files) > 1
    return [
        Sheets(at, (f"{register.files[at]['name']}：" if several else "") + "、".join(one["tabs"]), one["tabs"], one["row"], one["columns"], one.get("read", True))
        for at, found in enumerate(seen[: len(register.files)])
        for one in found
    ]  # fmt: skip


def offered(source: str) -> dict[str, str]:
    """{name: heading} of everything that a column can be read as."""
    return {column.name: column.heading for column in layout_of(source).columns if column.name != "line"}


def choose(
    *, register: OutsideRegister, chosen: Sequence[Mapping[int, str]], by: User, at: datetime, address: str = ""
) -> OutsideRegister:  # fmt: skip
    """改选各列: for each of `sheets_of` {place: name, "" for not read}. Whoever calls queues the reading. Raises Refused with everything wrong."""
    with transaction.atomic():
        register = OutsideRegister.objects.select_for_update(of=("self",)).get(pk=register.pk)
        demand(rules.why_not_choose(by.role, register.state, in_county=may_see_file(by, register), source=register.source))  # fmt: skip
        sheets, known = sheets_of(register), offered(register.source)
        if len(chosen) != len(sheets):
            raise Refused("名册刚刚重新读取过，请刷新后再选")
        changed = [
            (one, dict(choice))
            for one, choice in zip(sheets, chosen, strict=True)
            if any(choice.get(column["place"], "") != column["name"] for column in one.columns)
        ]
        wrong = [
            rules.why_not_columns("、".join(one.tabs), list(choice.values()), known=known, joined=JOINED)
            for one, choice in changed
        ]
        if refusals := [why for why in wrong if why]:
            raise Refused("\n".join(refusals))
        if not changed:
            raise Refused("没有改动；要改选请先把某一列换成别的")
        for one, choice in changed:
            kept = register.files[one.file].setdefault("chosen", {})
            kept |= {tab: {str(place): name or "-" for place, name in choice.items()} for tab in one.tabs}
        register.state, register.note, register.notes, register.progress = State.RECEIVED, "", [], 0.0
        # As it was read before it speaks of nobody any more, and who accepted it accepted something else.
        register.matched_at, register.accepted_by, register.accepted_reason = None, None, ""
        register.save(
            update_fields=["files", "state", "note", "notes", "progress", "matched_at", "accepted_by", "accepted_reason"]
        )  # fmt: skip
        detail = {"columns": {"、".join(one.tabs): {column["letter"]: known.get(choice.get(column["place"], ""), "") for column in one.columns} for one, choice in changed}}  # fmt: skip
        obj = ("outside_register", str(register.pk))
        write(by=by, verb=Verb.RUN, obj=obj, detail=detail, at=at, address=address)
    return register
