"""专门授权: who may see one kind of restricted record; given and taken away by an administrator, with a reason."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.clearance_rules import why_not_grant, why_not_withdraw
from bureau.people.models import Clearance, User
from bureau.people.rules import demand


def cleared(user: User) -> set[str]:
    """The kinds an account may see now."""
    return set(Clearance.objects.filter(user=user, withdrawn_at=None).values_list("kind", flat=True))


def clearances(*, kind: str = "", in_force: bool = True) -> QuerySet[Clearance]:
    """授权名单, newest first; with those withdrawn when asked."""
    found = Clearance.objects.select_related("user", "by", "withdrawn_by")
    if kind:
        found = found.filter(kind=kind)
    return found.filter(withdrawn_at=None) if in_force else found


def grant(
    *, user: User, kind: str, reason: str, again: str, by: User, at: datetime, address: str = ""
) -> Clearance:
    """授权. `again` is the account's name typed a second time, so that nobody is cleared by a slip. Raises Refused."""
    with transaction.atomic():
        held = Clearance.objects.filter(user=user, kind=kind, withdrawn_at=None).exists()
        demand(
            why_not_grant(
                by_role=by.role,
                by_self=by.pk == user.pk,
                role=user.role,
                active=user.is_active,
                kind=kind,
                held=held,
                reason=reason,
                name=str(user),
                again=again,
            )
        )
        row = Clearance.objects.create(user=user, kind=kind, reason=reason.strip()[:200], by=by, at=at)
        write(
            by=by,
            verb=Verb.CREATE,
            obj=("clearance", user.username),
            detail={"kind": kind},
            reason=reason,
            at=at,
            address=address,
        )
    return row


def withdraw(*, pk: int, reason: str, by: User, at: datetime, address: str = "") -> None:
    """收回授权. Raises Refused."""
    with transaction.atomic():
        row = Clearance.objects.select_for_update().select_related("user").get(pk=pk)
        demand(why_not_withdraw(by_role=by.role, withdrawn=row.withdrawn_at is not None, reason=reason))
        row.withdrawn_by, row.withdrawn_at = by, at
        row.save(update_fields=["withdrawn_by", "withdrawn_at"])
        write(
            by=by,
            verb=Verb.DELETE,
            obj=("clearance", row.user.username),
            detail={"kind": row.kind},
            reason=reason,
            at=at,
            address=address,
        )
