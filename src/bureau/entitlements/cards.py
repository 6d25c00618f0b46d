"""二维码卡: the token on a household's printed card: given, renewed, and found again. The token says nothing of the children."""

import secrets
from collections.abc import Callable, Iterable
from datetime import date, datetime

from django.db import transaction

from bureau.entitlements import rules
from bureau.entitlements.households import households
from bureau.entitlements.models import Card, CardChild
from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.rules import Refused, demand
from bureau.people.secret import lookup, seal_many, unseal
from bureau.registry.bulk import chunks
from bureau.registry.queries import latest_day

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


def children_of(token: str) -> tuple[str, tuple[str, ...]] | None:
    """(county_code, keys of the pupils) of a valid card; None for unknown and renewed ones alike."""
    # A token that can be none is looked for as well: the answer takes as long.
    rows = CardChild.objects.filter(until=None, card__token_lookup=lookup(bare(token) or "-" * LENGTH))
    found = list(rows.values_list("county_code", "student_key"))
    return (found[0][0], tuple(key for _county, key in found)) if found else None


def holders(county_code: str, student_keys: Iterable[str]) -> dict[str, int]:
    """{student_key: id of the card} of those who stand on a valid card."""
    found: dict[str, int] = {}
    for part in chunks(student_keys, _AT_ONCE):
        rows = CardChild.objects.filter(until=None, county_code=county_code, student_key__in=part).order_by()
        found |= dict(rows.values_list("student_key", "card"))
    return found


def beside(county_code: str, student_keys: Iterable[str]) -> list[str]:
    """These pupils and all who stand on the same cards."""
    keys = list(student_keys)
    found = dict.fromkeys(keys)
    for part in chunks(set(holders(county_code, keys).values()), _AT_ONCE):
        rows = CardChild.objects.filter(until=None, card__in=part).values_list("student_key", flat=True)
        found |= dict.fromkeys(rows)
    return list(found)


def tokens_of(county_code: str, student_keys: Iterable[str]) -> dict[str, str]:
    """{student_key: token} of those who stand on a valid card; children of one household have the same."""
    held = holders(county_code, student_keys)
    tokens: dict[int, str] = {}
    for part in chunks(set(held.values()), _AT_ONCE):
        rows = Card.objects.filter(pk__in=part).values_list("pk", "token")
        tokens |= {pk: unseal(sealed) for pk, sealed in rows}
    return {key: tokens[card] for key, card in held.items()}


def give(
    *,
    county_code: str,
    student_keys: Iterable[str],
    by: User,
    at: datetime,
    day: date | None = None,
    address: str = "",
    token: Callable[[], str] = new_token,
) -> int:
    """印卡: each child stands on its household's card, with its brothers and sisters; how many cards were new.

    A household that has a card keeps it, and who has come to it since is added. Raises Refused with the rule's sentence.
    """
    keys = list(dict.fromkeys(student_keys))
    demand(rules.why_not_give_cards(role=by.role, cards=len(keys), most=MOST))
    day = day or latest_day(county_code) or at.date()
    together = households(county_code, day, keys, registers_on=max(day, at.date()))
    with transaction.atomic():
        held = holders(county_code, {one for members in together.values() for one in members})
        joins: list[tuple[int, str]] = []
        new: list[list[str]] = []
        for members in dict.fromkeys(together[key] for key in keys):
            without = sorted(members - held.keys())
            known = [held[one] for one in members if one in held]
            if without and known:
                joins += [(min(known), one) for one in without]
            elif without:
                new.append(without)
            held |= dict.fromkeys(without, 0)
        cards = _made(county_code, len(new), by=by, at=at, token=token)
        joins += [(card.pk, one) for card, members in zip(cards, new, strict=True) for one in members]
        CardChild.objects.bulk_create(
            [
                CardChild(card_id=card, county_code=county_code, student_key=one, since=at)
                for card, one in joins
            ],
            batch_size=_AT_ONCE,
        )
        write(
            by=by,
            verb=Verb.CREATE,
            obj=("cards", county_code),
            detail={"children": len(keys), "new": len(new), "added": len(joins)},
            at=at,
            address=address,
        )
    return len(new)


def _made(county_code: str, number: int, *, by: User, at: datetime, token: Callable[[], str]) -> list[Card]:
    tokens = [token() for _one in range(number)]
    return Card.objects.bulk_create(
        [
            Card(county_code=county_code, token_lookup=lookup(one), token=sealed, by=by, at=at)
            for one, sealed in zip(tokens, seal_many(tokens), strict=True)
        ],
        batch_size=_AT_ONCE,
    )


def renew(
    *,
    county_code: str,
    student_key: str,
    reason: str,
    by: User,
    at: datetime,
    day: date | None = None,
    address: str = "",
    token: Callable[[], str] = new_token,
) -> Card:
    """换发: the household's card before opens nothing any more. Raises Refused with the rule's sentence."""
    day = day or latest_day(county_code) or at.date()
    together = households(county_code, day, [student_key], registers_on=max(day, at.date()))[student_key]
    with transaction.atomic():
        held = holders(county_code, [student_key])
        found = Card.objects.select_for_update(of=("self",)).filter(pk=held.get(student_key, 0)).first()
        refusal = rules.why_not_renew_card(role=by.role, valid=found is not None, reason=reason)
        if found is None or refusal:
            raise Refused(refusal or "")
        found.ended_by, found.ended_at, found.reason = by, at, reason.strip()[:200]
        found.save()
        found.children.filter(until=None).update(until=at)
        # The household as it is today; who has left it gets a card of its own when one is printed.
        others = holders(county_code, together)
        card = _made(county_code, 1, by=by, at=at, token=token)[0]
        CardChild.objects.bulk_create(
            [
                CardChild(card=card, county_code=county_code, student_key=one, since=at)
                for one in sorted(together - others.keys())
            ]
        )
        write(by=by, verb=Verb.CHANGE, obj=("card", student_key), reason=reason, at=at, address=address)
    return card
