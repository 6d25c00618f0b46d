"""手机的读取: what goes out to a phone, what came in from it, and what lies on a desk to be settled."""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Count, QuerySet

from bureau.cases.models import Case
from bureau.entitlements import cards as household_cards
from bureau.people.models import Area, User
from bureau.people.rules import Permission, may
from bureau.people.scope import scope_of
from bureau.people.secret import lookup
from bureau.phone import casework
from bureau.phone.models import Device, Piece, Receipt
from bureau.phone.states import OPEN, State
from bureau.registry.models import School

PIECE = 128 * 1024
RECENT = 60


def device(number: UUID, user: User) -> Device | None:
    """The account's phone of that number."""
    # By `get`: a `first` would order all columns for the one row there can be.
    try:
        return Device.objects.get(number=number, user=user)
    except Device.DoesNotExist:
        return None


def place_of_sender(user: User) -> casework.Place:
    """Where a record lies whose case nobody knows: with those above who sent it."""
    if user.school_code:
        school = School.objects.filter(school_code=user.school_code, replaced_by=None, valid_to=None)
        county, township = school.values_list("county_code", "township_code").first() or ("", "")
        return casework.Place(county, township or "", user.school_code)
    area: Area | None = user.area
    parts = area.path.split("/") if area else []
    return casework.Place(parts[0] if parts else "", parts[1] if len(parts) > 1 else "")


def desk(user: User) -> QuerySet[Receipt]:
    """待商定、待处理: what waits for a person, within the account's area; nothing without the right to work cases."""
    if not may(user.role, Permission.WORK_CASES):
        return Receipt.objects.none()
    return in_area(user).filter(state__in=OPEN).select_related("user", "device").prefetch_related("clashes")


def in_area(user: User) -> QuerySet[Receipt]:
    """来件 of the account's area; a teacher's are those of his own sending."""
    if user.role == User.Role.TEACHER:
        return Receipt.objects.filter(user=user)
    return Receipt.objects.filter(scope_of(user).schools())


def state_counts(user: User) -> dict[str, int]:
    """{state: how many} of the account's area, without what was simply accepted."""
    rows = in_area(user).exclude(state=State.ACCEPTED).order_by()
    return dict(rows.values_list("state").annotate(Count("pk")))


def told(user: User) -> list[dict[str, str]]:
    """回执: what became of the account's latest records that were not simply accepted, for its phone to show."""
    rows = Receipt.objects.filter(user=user).exclude(state=State.ACCEPTED)[:RECENT]
    return [
        {"id": str(one.record), "state": one.state, "sentence": one.sentence, "reason": one.reason}
        for one in rows
    ]


def photos_missing(records: Sequence[UUID]) -> dict[str, list[str]]:
    """{record: hashes of its photos that have not arrived}."""
    missing: dict[str, list[str]] = {}
    rows = Receipt.objects.filter(record__in=records, photos__state="waiting").order_by()
    for record, sha256 in rows.values_list("record", "photos__sha256"):
        missing.setdefault(str(record), []).append(sha256)
    return missing


def pieces(user: User, sha256: str) -> list[int]:
    """The pieces of a photo that are here."""
    return sorted(Piece.objects.filter(user=user, sha256=sha256).values_list("number", flat=True))


def owner_tag(user: User) -> str:
    """所有者标记: tells a phone whether what lies on it is this account's, without naming anybody."""
    return lookup(f"phone owner {user.pk}")[:16]


def codes(cases: Iterable[Case]) -> dict[tuple[str, str, str], str]:
    """{(county, subject, key): what the code of its card says}: of the household's card where there is one, else 卡号."""
    subjects = {(one.county_code, one.subject, one.subject_key) for one in cases}
    found: dict[tuple[str, str, str], str] = {}
    for county in {county for county, _subject, _key in subjects}:
        keys = [key for of, subject, key in subjects if of == county and subject == "student"]
        tokens = household_cards.tokens_of(county, keys)
        found |= {(county, "student", key): token for key, token in tokens.items()}
    return {one: found.get(one) or card(*one) for one in subjects}


def card(county_code: str, subject: str, subject_key: str) -> str:
    """卡号: nine signs that name a child to those who have it among their cases, and nobody to anybody else.

    Base 32 without letters that are read for one another; the last sign checks the others.
    """
    seal = bytes.fromhex(lookup(f"card {county_code} {subject} {subject_key}"))
    signs = base64.b32encode(seal[:5]).decode().translate(_READABLE)
    return signs + _check(signs)


# Crockford's signs: no I, L, O or U.
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READABLE = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", _SIGNS)


def _check(signs: str) -> str:
    return _SIGNS[hashlib.sha256(signs.encode()).digest()[0] % 32]


def devices(user: User) -> QuerySet[Device]:
    """手机: one's own; those of all accounts for who manages accounts."""
    every = Device.objects.select_related("user", "lost_by")
    return every if may(user.role, Permission.MANAGE_ACCOUNTS) else every.filter(user=user)


def counts(user: User, today: date) -> dict[str, int]:
    """How many cases, open receipts and photos under way the account has."""
    return {
        "cases": len(casework.mine(user, today)),
        "desk": desk(user).count(),
        "photos": Receipt.objects.filter(user=user, photos__state="waiting").distinct().count(),
    }
