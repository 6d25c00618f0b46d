"""核对卡片: one line and the pupil it may be, side by side, with what differs marked, the evidence in words, namesakes and both households."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from bureau.links import rules
from bureau.links.ages import school_years_of_age
from bureau.links.differing import Pieces, differing
from bureau.links.models import Decision, Line, Link
from bureau.links.pupils import newest
from bureau.links.repairs import masked
from bureau.pages.people_columns import opened
from bureau.people.secret import mask_phone
from bureau.registry import queries as registered
from bureau.registry.models import Student
from junheng.tables import codes

SAME_WORDS = ("相同", "同名", "同音", "同村", "同乡镇", "相符", "同一天", "同县")
AGAINST = ("不同", "相差", "没有身份证号", "空缺")


@dataclass(frozen=True, slots=True)
class Field:
    """One row of the card: both sides in pieces (text, differs); `sign` says equal, different or not comparable without colour."""

    label: str
    line: Pieces
    pupil: Pieces
    sign: str
    words: str


@dataclass(frozen=True, slots=True)
class Card:
    """What one card shows."""

    link: Link
    fields: list[Field]
    evidence: list[tuple[str, str]]
    student: Student | None
    student_words: str
    source: str
    namesakes: int
    line_children: list[str]
    pupil_children: list[str]
    two: str
    reason_needed: bool
    why_not: dict[str, str | None] = field(default_factory=dict)
    decisions: list[Decision] = field(default_factory=list)
    shown: dict[str, str] = field(default_factory=dict)  # numbers in clear after a reason was given


def cards(links: Sequence[Link], *, county_code: str, day: date, role: str, by: int, clear: bool = False) -> list[Card]:  # fmt: skip
    """The cards of some links (with line, of and decision at hand), with a handful of queries for all of them."""
    keys = {
        key for link in links for key in (link.student_key or link.near_key, *link.around.get("pupils", ()))
    }
    pupils = newest(county_code, keys - {""})
    names = dict(registered.rows_on("schools", day, county_code).values_list("school_code", "school_name"))
    homes = _households(links)
    namesakes = _namesakes(county_code, day, [pupils[key] for key in pupils])
    made = []
    for link in links:
        student = pupils.get(link.student_key or link.near_key)
        two = _why_two(link)
        around = [pupils[key] for key in link.around.get("pupils", ()) if key in pupils]
        made.append(
            Card(
                link=link,
                fields=fields(link.line, student, names, clear=clear),
                evidence=evidence(link),
                student=student,
                student_words=_where(student, names) if student else "",
                source=_(str(link.of.get_source_display())),
                namesakes=namesakes.get(student.person_name or "", 0) if student else 0,
                line_children=homes.get((link.of_id, link.line.household), []),
                pupil_children=[f"{one.person_name}（{one.birth_date:%Y-%m-%d}，{_where(one, names)}）" for one in around if one.birth_date],
                two=two,
                reason_needed=link.two_numbers,
                why_not=_why_not(link, student, role, by),
            )
        )  # fmt: skip
    for card in made:
        card.line_children[:] = [
            words for words in card.line_children if not words.startswith(f"{card.link.line.name}（")
        ]
    return made


def _why_two(link: Link) -> str:
    return rules.why_second(
        verdict="same",
        machine=link.machine,
        before=link.state,
        two_numbers=link.two_numbers,
        twin_like=link.twin_like,
    )


def _why_not(link: Link, student: Student | None, role: str, by: int) -> dict[str, str | None]:
    if link.state == "second":
        own = link.decision is not None and link.decision.by_id == by
        refusal = rules.why_not_second(role, state=link.state, by_first=own)
        return {"agree": refusal, "disagree": refusal}
    return {
        verdict: rules.why_not_decide(
            role, state=link.state, register=link.of.state, verdict=verdict, candidate=student is not None, reason="——原因——",
            two_numbers=link.two_numbers, sampled=link.sampled,
        )
        for verdict in ("same", "different", "visit")
    }  # fmt: skip


def fields(
    line: Line, student: Student | None, schools: dict[str, str], *, clear: bool = False
) -> list[Field]:
    """Both sides, field by field; identifiers only where they differ, unless a reason was given (`clear`)."""
    sexes = codes("sex")
    mine = {
        "name": line.name, "sex": line.sex, "born": str(line.birth_date or line.born), "home": _home(line.township, line.village),
        "guardians": line.guardians,
    }  # fmt: skip
    theirs = dict.fromkeys(mine, "")
    if student is not None:
        people = "；".join(part for part in (student.guardian_name, student.guardian2_name) if part)
        theirs = {
            "name": student.person_name or "", "sex": sexes.get(student.sex or "", ""), "born": str(student.birth_date or ""),
            "home": _home(student.home_township, student.home_village), "guardians": people,
        }  # fmt: skip
    words = {"name": _("姓名"), "sex": _("性别"), "born": _("出生日期"), "home": _("住址"), "guardians": _("监护人")}  # fmt: skip
    found = [_field(words[name], mine[name], theirs[name]) for name in ("name", "sex", "born")]
    numbers = opened(line.id_number), opened(student.id_number) if student else ""
    found.append(_number(_("身份证号"), *numbers, clear=clear))
    found.append(_field(words["home"], mine["home"], theirs["home"]))
    found.append(_people(words["guardians"], mine["guardians"], theirs["guardians"]))
    guardian = opened(line.guardian_ids).split("；")[0], opened(student.guardian_id) if student else ""
    found.append(_number(_("监护人身份证号"), *guardian, clear=clear))
    phones = opened(line.phone).split("；")[0], opened(student.guardian_phone) if student else ""
    same = bool(phones[0]) and phones[0] == phones[1]
    telephones = phones if clear else (mask_phone(phones[0]), mask_phone(phones[1]))
    found.append(_sign(_("联系电话"), [(telephones[0], False)], [(telephones[1], False)], phones, same=same))
    return found


def _home(township: str | None, village: str | None) -> str:
    return " ".join(part for part in (township, village) if part)


def _field(label: str, mine: str, theirs: str) -> Field:
    if mine and theirs:
        left, right = differing(mine, theirs)
        return _sign(label, left, right, (mine, theirs), same=mine == theirs)
    return _sign(label, [(mine, False)], [(theirs, False)], (mine, theirs), same=False)


def _people(label: str, mine: str, theirs: str) -> Field:
    """Guardians as two lists: one in common is agreement, whoever else stands there."""
    left, right = ([part for part in text.split("；") if part] for text in (mine, theirs))
    common = set(left) & set(right)
    if not common:
        return _field(label, mine, theirs)
    words = _("相同") if set(left) == set(right) else _("有一位相同")
    return Field(label, [(mine, False)], [(theirs, False)], "＝", words)


def _number(label: str, mine: str, theirs: str, *, clear: bool) -> Field:
    if clear or not (mine and theirs):
        left, right = differing(mine, theirs) if mine and theirs else ([(mine, False)], [(theirs, False)])
        if not clear:
            left, right = [("•" * len(mine), False)], [("•" * len(theirs), False)]
    else:
        left, right = masked(mine, theirs)
    return _sign(label, left, right, (mine, theirs), same=mine == theirs)


def _sign(label: str, left: Pieces, right: Pieces, raw: tuple[str, str], *, same: bool) -> Field:
    if not raw[0] or not raw[1]:
        return Field(label, left, right, "○", _("一方没有"))
    return Field(label, left, right, "＝" if same else "≠", _("相同") if same else _("不同"))


def evidence(link: Link) -> list[tuple[str, str]]:
    """The machine's sentence as points: ✓ speaks for, ✗ against, ! needs a look."""
    points = []
    text = link.reason.replace("。待核：", "；！").replace("没有找到对应的学生；最像的是", "！最像的是")
    for part in text.split("；"):
        words = part.strip("。，；")
        if not words:
            continue
        if words.startswith("！"):
            points.append(("!", words[1:]))
        elif words.startswith("只有"):
            points.append(("!", words))
        elif any(word in words for word in AGAINST):
            points.append(("✗", words))
        else:
            points.append(("✓" if any(word in words for word in SAME_WORDS) else "!", words))
    return points


def _where(student: Student, schools: dict[str, str]) -> str:
    grade = codes("grade").get(student.grade or "", "")
    number = f"{student.class_number}班" if student.class_number else ""
    status = "" if student.enrolment_status in (None, "在读") else f"（{student.enrolment_status}）"
    return f"{schools.get(student.school_code, student.school_code)}{grade}{number}{status}"


def _households(links: Sequence[Link]) -> dict[tuple[int, str], list[str]]:
    """{(register, household): the children on its lines}."""
    wanted = {(link.of_id, link.line.household) for link in links if link.line.household}
    if not wanted:
        return {}
    found: dict[tuple[int, str], list[str]] = {}
    # One condition for each household: two lists of registers and of households are looked up line by line.
    homes = reduce(or_, (Q(of=of, household=home) for of, home in sorted(wanted)))
    rows = Line.objects.filter(homes, grown=False)
    for of, home, name, born, place in rows.values_list(
        "of", "household", "name", "birth_date", "place"
    ).order_by("number"):
        age = f"{born:%Y-%m-%d}" if born else _("出生日期不详")
        found.setdefault((of, home), []).append(f"{name}（{age}，{_('第 %(n)s 行') % {'n': place}}）")
    return {home: children[:8] for home, children in found.items()}


def _namesakes(county_code: str, day: date, pupils: Sequence[Student]) -> dict[str, int]:
    """{name: how many pupils of the county bear it}."""
    names = {one.person_name or "" for one in pupils}
    rows = registered.rows_on("students", day, county_code).filter(
        pinyin__in={one.pinyin or "" for one in pupils}, person_name__in=names
    )
    return dict(rows.values_list("person_name").annotate(n=Count("pk")).order_by())


def age_of(link: Link) -> int | None:
    """学年年龄 of the line's child."""
    return school_years_of_age(link.line.birth_date, link.of.day)
