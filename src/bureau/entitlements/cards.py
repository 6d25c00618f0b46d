"""二维码卡: the token on a child's printed card: given, renewed, and found again. The token says nothing of the child."""

import secrets
from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from bureau.entitlements import rules
from bureau.entitlements.models import Card
from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.rules import Refused, demand
from bureau.people.secret import lookup, seal_many, unseal

# No signs that are mistaken for each other when somebody types them: 16 of 30 are 78 bits.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
MOST = 4000
_AT_ONCE = 500


def new_token() -> str:
    """A token nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _sign in range(LENGTH))


def bare(typed: str) -> str:
    """A token as typed or read, without hyphens, spaces and case; "" when it can be none."""
    found = "".join(typed.split()).replace("-", "").upper()
    return found if len(found) == LENGTH and set(found) <= set(ALPHABET) else ""


def child_of(token: str) -> tuple[str, str] | None:
    """(county_code, student_key) of a valid card; None for unknown and renewed ones alike."""
    # A token that can be none is looked for as well: the answer takes as long.
    found = valid().filter(token_lookup=lookup(bare(token) or "-" * LENGTH))
    return found.values_list("county_code", "student_key").first()


def valid() -> QuerySet[Card]:
    """Cards that open something."""
    return Card.objects.filter(ended_at=None)


def tokens_of(county_code: str, student_keys: Iterable[str]) -> dict[str, str]:
    """{student_key: token} of those who have a valid card."""
    found, keys = {}, list(student_keys)
    for start in range(0, len(keys), _AT_ONCE):
        rows = valid().filter(county_code=county_code, student_key__in=keys[start : start + _AT_ONCE])
        for key, sealed in rows.values_list("student_key", "token"):
            found[key] = unseal(sealed)
    return found


def give(
    *,
    county_code: str,
    student_keys: Iterable[str],
    by: User,
    at: datetime,
    address: str = "",
    token: Callable[[], str] = new_token,
) -> int:
    """印卡: a token for each child who has none yet; how many were new. Raises Refused with the rule's sentence."""
    keys = list(dict.fromkeys(student_keys))
    demand(rules.why_not_give_cards(role=by.role, cards=len(keys), most=MOST))
    with transaction.atomic():
        there: set[str] = set()
        for start in range(0, len(keys), _AT_ONCE):
            part = valid().filter(county_code=county_code, student_key__in=keys[start : start + _AT_ONCE])
            there.update(part.values_list("student_key", flat=True))
        missing = [key for key in keys if key not in there]
        tokens = [token() for _key in missing]
        Card.objects.bulk_create(
            [
                Card(
                    county_code=county_code,
                    student_key=key,
                    token_lookup=lookup(one),
                    token=sealed,
                    by=by,
                    at=at,
                )
                for key, one, sealed in zip(missing, tokens, seal_many(tokens), strict=True)
            ],
            batch_size=_AT_ONCE,
        )
        write(
            by=by,
            verb=Verb.CREATE,
            obj=("cards", county_code),
            detail={"children": len(keys), "new": len(missing)},
            at=at,
            address=address,
        )
    return len(missing)


def renew(
    *,
    county_code: str,
    student_key: str,
    reason: str,
    by: User,
    at: datetime,
    address: str = "",
    token: Callable[[], str] = new_token,
) -> Card:
    """换发: the card before opens nothing any more. Raises Refused with the rule's sentence."""
    with transaction.atomic():
        found = (
            valid()
            .select_for_update(of=("self",))
            .filter(county_code=county_code, student_key=student_key)
            .first()
        )
        refusal = rules.why_not_renew_card(role=by.role, valid=found is not None, reason=reason)
        if found is None or refusal:
            raise Refused(refusal or "")
        found.ended_by, found.ended_at, found.reason = by, at, reason.strip()[:200]
        found.save()
        made = token()
        card = Card.objects.create(
            county_code=county_code,
            student_key=student_key,
            token_lookup=lookup(made),
            token=seal_many([made])[0],
            by=by,
            at=at,
        )
        write(by=by, verb=Verb.CHANGE, obj=("card", student_key), reason=reason, at=at, address=address)
    return card
