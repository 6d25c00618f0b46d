"""口径: a measure asked for only some schools, as the words that are stored with it (乡村, 公办 …)."""

from junheng.measures import Scope

LOCALES = ("城区", "镇区", "乡村")
ORGANIZERS = ("公办", "民办")


def subset_words(scope: Scope) -> str | None:
    """Scope → its stored words; None where it names a township or school, which is an area and no subset."""
    return None if scope.township or scope.school_code else "、".join((*scope.locales, *scope.organizers))


def scope_of_subset(words: str) -> Scope:
    """The stored words → Scope; words that mean nothing are left out."""
    parts = words.split("、")
    return Scope(
        locales=tuple(one for one in LOCALES if one in parts),
        organizers=tuple(one for one in ORGANIZERS if one in parts),
    )
