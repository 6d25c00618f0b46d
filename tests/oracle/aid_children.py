"""Books and children that the twins of aid share."""

import random
from dataclasses import replace

from junheng.aid import Child
from junheng.aid.whatif import widened
from junheng.policy.clauses import NO, STAGES, UNKNOWN, YES, FactIs, Group, load_book

BOOK = load_book()
VALUE = {None: UNKNOWN, True: YES, False: NO}
COUNTIES = ("640106", "640324", "640221", "640424", "640422", "640104", "110101", "")


def with_caps(book):
    """The same clauses with caps, an open rule and everything confirmed: states that the shipped packs do not reach."""
    clauses = tuple(
        replace(
            clause,
            cap=90000 if clause.id == "nx.preschool_fee" else None,
            rates=tuple(
                replace(
                    rate,
                    confirmed_by="某人",
                    confirmed_in=("640106", "6403") if clause.pack == "nation" else ("",),
                )
                for rate in clause.rates
            ),
        )
        for clause in book.clauses
    )
    groups = dict(book.groups)
    groups["jf.junior"] = Group("jf.junior", "初中", "stack", 2500_00)
    groups["jf.primary"] = Group("jf.primary", "小学", "highest", 800_00)
    groups["jf.senior"] = Group("jf.senior", "普高", "first", 2600_00)
    groups["jf.university"] = replace(groups["jf.university"], confirmed_by="某人")
    return replace(book, clauses=clauses, groups=groups)


BOOKS = (BOOK, with_caps(BOOK), widened(BOOK, "jf.primary", FactIs("留守")))


def made(seed, count):
    """Children of every stage and place, their facts 是, 否 or not known by chance."""
    chance = random.Random(seed)
    return [
        Child(
            chance.choice(STAGES),
            chance.randrange(0, 8),
            chance.choice(COUNTIES),
            {fact: chance.choice([True, False, None]) for fact in BOOK.facts},
        )
        for _ in range(count)
    ]
