"""记登录: who signed in, who failed, and for how long a name is locked."""

from datetime import datetime, timedelta

from django.db import transaction

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people import rules
from bureau.people.models import FailedSignIn, User


def record_failure(*, username: str, address: str, at: datetime) -> datetime | None:
    """记登录失败: returns until when the name is now locked from this address, or None.

    Failures older than the lock time are forgotten, so that a slip last week does not count.
    """
    username = username.lower()[:150]
    with transaction.atomic():
        row, _ = FailedSignIn.objects.select_for_update().get_or_create(
            username=username, address=address, defaults={"last_at": at}
        )
        if at - row.last_at > timedelta(minutes=rules.LOCK_MINUTES):
            row.failures = 0
        row.failures += 1
        row.last_at = at
        locks = row.failures >= rules.LOCK_AFTER
        row.locked_until = at + timedelta(minutes=rules.LOCK_MINUTES) if locks else None
        if locks:
            row.failures = 0
        row.save()
        verb = Verb.LOCK_OUT if locks else Verb.SIGN_IN_FAILED
        write(by=None, verb=verb, obj=("account", username), at=at, address=address)
    return row.locked_until


def record_sign_in(*, account: User, at: datetime, address: str) -> None:
    """记登录: failures from this address are forgotten."""
    with transaction.atomic():
        FailedSignIn.objects.filter(username=account.username.lower(), address=address).delete()
        obj = ("account", account.username)
        write(by=account, verb=Verb.SIGN_IN, obj=obj, at=at, address=address)
