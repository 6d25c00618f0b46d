"""改通报的文字: sections saved, added, moved, removed, and numerals without a source acknowledged."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from bureau.bulletins import marks, rules
from bureau.bulletins.models import Acknowledgement, Bulletin, Section
from bureau.bulletins.queries import digest
from bureau.bulletins.writing import demand, done, open_draft
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.rules import Refused


def save_section(
    *, part: Section, heading: str, text: str, seen: str = "", by: User, at: datetime, address: str = ""
) -> Section:
    """改一部分: brackets of marks are put in order; wrong figures are kept and listed, so that no words are lost.

    `seen` is the digest of the text that was changed: when somebody else has saved another since, Refused says so.
    """
    with transaction.atomic():
        one = open_draft(part.bulletin, by)
        demand(rules.why_not_section(heading, text))
        tidy = marks.normal(text.replace("\r\n", "\n").strip())
        row = Section.objects.select_for_update(of=("self",)).get(pk=part.pk)
        if (row.heading, row.text) == (heading.strip(), tidy):
            return row
        demand(rules.why_not_over(seen, digest(row.text)))
        change = {"section": row.heading, "before": row.text, "after": tidy}
        row.heading, row.text = heading.strip(), tidy
        row.save()
        done(one, Verb.CHANGE, "text", row.heading, by=by, at=at, address=address, changes=[change])
    return row


def add_section(*, bulletin: Bulletin, heading: str, by: User, at: datetime, address: str = "") -> Section:
    """加一部分 at the end."""
    with transaction.atomic():
        one = open_draft(bulletin, by)
        demand(rules.why_not_section(heading, ""))
        last = one.sections.aggregate(last=Max("position"))["last"] or 0
        row = Section.objects.create(bulletin=one, position=last + 1, heading=heading.strip())
        done(one, Verb.CHANGE, "add", heading.strip(), by=by, at=at, address=address)
    return row


def remove_section(*, part: Section, by: User, at: datetime, address: str = "") -> None:
    """删一部分; its words stay in the history."""
    with transaction.atomic():
        one = open_draft(part.bulletin, by)
        change = {"section": part.heading, "before": part.text, "after": ""}
        part.delete()
        done(one, Verb.CHANGE, "remove", change["section"], by=by, at=at, address=address, changes=[change])


def move_section(*, part: Section, up: bool, by: User, at: datetime, address: str = "") -> None:
    """上移或下移 by one place; at the end nothing happens."""
    with transaction.atomic():
        one = open_draft(part.bulletin, by)
        rows = list(one.sections.all())
        here = next(place for place, row in enumerate(rows) if row.pk == part.pk)
        there = here - 1 if up else here + 1
        if not 0 <= there < len(rows):
            return
        rows[here], rows[there] = rows[there], rows[here]
        for place, row in enumerate(rows, 1):
            row.position = place
        Section.objects.bulk_update(rows, ["position"])
        done(one, Verb.CHANGE, "move", part.heading, by=by, at=at, address=address)


def acknowledge(
    *, part: Section, words: str, source: str, by: User, at: datetime, address: str = ""
) -> Acknowledgement:
    """确认没有出处的数字: a named person says where it comes from."""
    with transaction.atomic():
        one = open_draft(part.bulletin, by)
        if words not in marks.unsourced(part.text):
            raise Refused("文中已经没有这个数字，请看最新的文字")
        if not source.strip():
            raise Refused(f"请写明“{words}”的来源，例如文件名称或统计报表")
        row, _new = Acknowledgement.objects.update_or_create(
            section=part, words=words, defaults={"source": source.strip()[:200], "by": by, "at": at}
        )
        done(
            one,
            Verb.CONFIRM,
            "acknowledge",
            f"{words}：{source.strip()}"[:500],
            by=by,
            at=at,
            address=address,
        )
    return row
