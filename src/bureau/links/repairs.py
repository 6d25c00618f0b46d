"""证件号修正清单: children found in spite of a damaged number: which side is wrong, and which digits, for the school or the office to put right."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from bureau.links.differing import Pieces, differing
from bureau.links.models import Line, Link
from bureau.links.states import LINKED
from bureau.people.secret import unseal
from bureau.registry import queries as registered
from bureau.registry.models import Student
from junheng.intake.identity import to_id_number
from junheng.tables import SHEETS

SIDES = ("school", "office", "both")


@dataclass(frozen=True, slots=True)
class Repair:
    """One child whose number differs between the two sides; `side` is who should correct: school, office or both must look."""

    line: int
    student_key: str
    school_code: str
    source: str
    place: str
    side: str


def repairs(county_code: str, day: date, links: QuerySet[Link]) -> list[Repair]:
    """Linked lines whose number is not the pupil's. A line's look-up code exists only when its number is right."""
    rows = registered.rows_on("students", day, county_code).values_list(
        "key", "id_number_lookup", "school_code"
    )
    known = {key: (look or "", school) for key, look, school in registered.raw(rows)}
    found = []
    linked = links.filter(state__in=LINKED).values_list(
        "line", "student_key", "line__id_lookup", "of__source", "line__place"
    )
    for line, key, look, source, place in registered.raw(linked.order_by("of__source", "line__number")):
        own, school = known.get(key, (None, ""))
        if own is None or own == look:
            continue
        side = "school" if look and not own else "both" if look else "office"
        found.append(Repair(line, key, school, source, place, side))
    return found


def in_words(repair: Repair, line: Line, student: Student) -> tuple[str, str]:
    """(who, sentence): who must correct, once both numbers have been looked at, and which digits differ. Equal digits are not shown."""
    theirs, own = unseal(line.id_number), unseal(student.id_number or b"")
    if not own:
        return "school", "学籍没有身份证号，名册上有，请对照户口簿补填"
    if not theirs:
        return "office", "名册没有身份证号，学籍上有，请原单位补填"
    right = is_right(own), is_right(theirs)
    side = {(True, False): "office", (False, True): "school"}.get(right, "both")
    words = {
        "school": "学籍的号码校验码或日期不对",
        "office": "名册的号码不对",
        "both": "两个号码都有效却不同" if right == (True, True) else "两个号码都不对",
    }
    return side, f"{words[side]}：{places(theirs, own)}"


def is_right(number: str) -> bool:
    """18 characters with a real day and a right check digit."""
    return isinstance(to_id_number(SHEETS["students"].by_name["id_number"], number), str)


def places(theirs: str, own: str) -> str:
    """第14位名册是8、学籍是3, at most four places; another length says so."""
    if len(theirs) != len(own):
        return f"名册 {len(theirs)} 位，学籍 {len(own)} 位，请对照户口簿"
    at = [n for n, (a, b) in enumerate(zip(theirs, own, strict=True)) if a != b]
    if len(at) > 4:
        return f"有 {len(at)} 位不同，请对照户口簿"
    return "，".join(f"第{n + 1}位名册是{theirs[n]}、学籍是{own[n]}" for n in at) + "，请对照户口簿"


def masked(theirs: str, own: str) -> tuple[Pieces, Pieces]:
    """Both numbers with only the differing characters to be seen."""
    mine, other = differing(theirs, own)
    return _dotted(mine), _dotted(other)


def _dotted(pieces: Pieces) -> Pieces:
    return [(text if differs else "•" * len(text), differs) for text, differs in pieces]
