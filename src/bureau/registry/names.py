"""姓名和校名的拼音键: "马小龙" → "maxiaolong mxl", for search and for sorting where the database has no Chinese order."""

from functools import cache

from pypinyin import Style, lazy_pinyin

# Readings that a dictionary of words gets wrong when the character is a surname.
SURNAMES = {
    "单": "shan",
    "曾": "zeng",
    "仇": "qiu",
    "解": "xie",
    "查": "zha",
    "区": "ou",
    "任": "ren",
    "盖": "ge",
    "尉": "yu",
}


@cache
def _reading(character: str) -> str:
    read: list[str] = lazy_pinyin(character, style=Style.NORMAL)
    return "".join(read).lower()


def pinyin_key(name: str | None, *, person: bool = False) -> str:
    """The whole reading, a blank, the initials; at most 200 characters. A blank name gives ""."""
    if not name:
        return ""
    readings = [_reading(character) for character in name if not character.isspace()]
    if person and name[0] in SURNAMES:
        readings[0] = SURNAMES[name[0]]
    return f"{''.join(readings)} {''.join(reading[:1] for reading in readings)}"[:200]
