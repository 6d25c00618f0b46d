"""通报写入的共同部分: the locked row, its refusals, its history and its log line."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bureau.bulletins import rules
from bureau.bulletins.models import Bulletin, BulletinEvent
from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.plans.document_queries import in_county


def locked(bulletin: Bulletin) -> Bulletin:
    """The row as it is now, held until the transaction ends."""
    return Bulletin.objects.select_for_update(of=("self",)).get(pk=bulletin.pk)


def open_draft(bulletin: Bulletin, by: User) -> Bulletin:
    """The locked row of a draft that the account may change. Raises Refused."""
    one = locked(bulletin)
    demand(rules.why_not_write(one, by=by, in_county=inside(one, by)))
    return one


def inside(one: Bulletin, by: User) -> bool:
    """Whether the bulletin is of a county of the account."""
    return in_county(by, one.county_code)


def demand(refusal: str | None) -> None:
    """Raises Refused with the sentence, if there is one."""
    if refusal:
        raise Refused(refusal)


def done(
    one: Bulletin,
    verb: Verb,
    what: str,
    text: str,
    *,
    by: User,
    at: datetime,
    address: str,
    changes: Sequence[dict[str, Any]] = (),
) -> Bulletin:
    """Saves the row with its line of history and its line in the log."""
    one.save()
    BulletinEvent.objects.create(
        bulletin=one, at=at, by=by, what=what, text=text[:500], changes=list(changes)
    )
    detail = {"what": what, "title": one.title, "number": one.number, "as_of": one.as_of}
    write(by=by, verb=verb, obj=("bulletin", str(one.pk)), detail=detail, reason=text, at=at, address=address)
    return one
