"""手机的登记: the key of what lies encrypted on a phone is made here, given to its account only, and never again once it is lost."""

import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.people.secret import seal, unseal
from bureau.phone import rules
from bureau.phone.models import Device

MOST_PHONES = 5


def key_of(*, number: UUID, name: str, by: User, at: datetime, address: str = "") -> tuple[Device, str]:
    """钥匙 of the account on this phone (64 hex digits), made at the first asking. Raises Refused for a lost phone."""
    with transaction.atomic():
        device = Device.objects.select_for_update(of=("self",)).filter(number=number).first()
        if device is not None and device.user_id != by.pk:
            raise Refused("这个手机编号属于别的账号，请清除浏览器数据后重新打开手机页")
        if device is not None and device.lost_at:
            raise Refused("这部手机已报丢失，上面的数据不再打开；如已找回，请清除浏览器数据后重新开始")
        if device is None:
            if Device.objects.filter(user=by, lost_at=None).count() >= MOST_PHONES:
                raise Refused(f"一个账号最多用 {MOST_PHONES} 部手机，请先在“我的手机”里停用不用的")
            device = Device(
                number=number,
                user=by,
                name=name[:60],
                key=seal(secrets.token_hex(32)),
                opened_at=at,
                seen_at=at,
            )
            device.save()
            write(
                by=by,
                verb=Verb.CREATE,
                obj=("phone", str(number)),
                detail={"name": name[:60]},
                at=at,
                address=address,
            )
        elif device.seen_at != at:
            device.seen_at = at
            device.save(update_fields=["seen_at"])
        return device, unseal(device.key)


def report_lost(*, pk: int, by: User, at: datetime, reason: str = "", address: str = "") -> Device:
    """报丢失: the phone gets neither key nor children again, is told to wipe itself, and what it still sends is held."""
    with transaction.atomic():
        device = Device.objects.select_for_update(of=("self",)).select_related("user").filter(pk=pk).first()
        if device is None:
            raise Refused("没有这部手机")
        refusal = rules.why_not_report_lost(
            own=device.user_id == by.pk, by_role=by.role, lost_at=device.lost_at
        )
        if refusal:
            raise Refused(refusal)
        device.lost_by, device.lost_at = by, at
        device.save(update_fields=["lost_by", "lost_at"])
        write(
            by=by, verb=Verb.CHANGE, obj=("phone", str(device.number)), detail={"of": device.user.username, "lost": True},
            reason=reason, at=at, address=address,
        )  # fmt: skip
    return device
