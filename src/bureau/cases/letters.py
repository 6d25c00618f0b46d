"""个案文书: a letter of the ledger filled in from one case, as an official document; what is unknown is left as a blank to write in."""

from datetime import date

from bureau.cases import packs
from bureau.cases.models import Case, Event
from bureau.cases.values import in_words
from bureau.links.models import Line
from bureau.people.models import Area
from bureau.people.rules import Refused
from bureau.registry.models import Student
from bureau.registry.queries import on
from junheng.documents.official import OfficialDocument, Paragraph
from junheng.policy.ledgers import Ledger, Letter

BLANK = "＿＿＿＿＿＿"
MOST_VISITS = 10


def letters_of(case: Case) -> list[Letter]:
    """现在可以出的文书."""
    of = packs.ledger(case.county_code, case.ledger)
    return [letter for letter in of.letters if case.state in letter.states]


def letter(case: Case, name: str, *, today: date, marked: str = "") -> OfficialDocument:
    """文书. Raises Refused when the ledger has none of this name, or not in this state."""
    of = packs.ledger(case.county_code, case.ledger)
    try:
        sheet = of.letter(name)
    except KeyError:
        raise Refused(f"“{of.title}”没有这种文书") from None
    if case.state not in sheet.states:
        fitting = "、".join(f"“{of.state(state).title}”" for state in sheet.states)
        raise Refused(f"“{sheet.title}”在{fitting}时才能出具")
    known = fields_of(case, of, today=today)
    fill = _Blanks(known)
    return OfficialDocument(
        title=sheet.title,
        recipients=(sheet.recipient.format_map(fill),),
        body=tuple(Paragraph(text.format_map(fill)) for text in sheet.paragraphs),
        signatures=(sheet.signature.format_map(fill),),
        date=today,
        marked=marked,
    )


def fields_of(case: Case, of: Ledger, *, today: date) -> dict[str, str]:
    """文书里可填的: what every case knows, and the columns that whoever may see the child may see."""
    names = dict(
        Area.objects.filter(code__in=[case.county_code, case.township_code]).values_list("code", "name")
    )
    evidence = "；".join(f"{title}：{words}" for title, words in case.evidence.items())
    found = {
        "姓名": case.label,
        "学校": case.school,
        "班级": case.class_name,
        "乡镇": names.get(case.township_code, ""),
        "县区": names.get(case.county_code, ""),
        "村": case.village,
        "监护人": _guardian(case, today),
        # A day that is over is no deadline to set anybody: it is written in by hand.
        "期限": _day(case.due) if case.due is not None and case.due >= today else "",
        "今天": _day(today),
        "发现依据": evidence,
        "发现日期": _day(case.opened_on),
        "状态": of.state(case.state).title,
        "台账": of.title,
        "责任人": str(case.owner or ""),
        "劝返记录": _visits(case),
    }
    for setting in of.settings:
        found.setdefault(setting.title, str(setting.value))
    for column in of.columns_of("child"):
        value = case.fields.get(column.name)
        found.setdefault(column.title, _written(value) if column.kind == "date" else in_words(value))
    return {name: words for name, words in found.items() if words}


class _Blanks(dict[str, str]):
    """A name without words becomes a blank to be written in by hand."""

    def __missing__(self, key: str) -> str:
        return BLANK


def _guardian(case: Case, today: date) -> str:
    if case.subject == "line":
        rows = Line.objects.filter(of__county_code=case.county_code, key=case.subject_key).order_by(
            "-of__day", "-of_id"
        )
        return rows.values_list("guardians", flat=True).first() or f"{case.label}的监护人"
    if case.subject != "student":
        return ""
    row = (
        Student.objects.filter(on(today), county_code=case.county_code, key=case.subject_key)
        .values_list("guardian_name", flat=True)
        .first()
    )
    return row or f"{case.label}的监护人"


def _visits(case: Case) -> str:
    events = Event.objects.filter(of=case, what=Event.What.MOVED).exclude(form="").order_by("id")
    words = [f"{_day(event.day)}，{event.text}".rstrip("，") for event in events]
    return "；".join(words[-MOST_VISITS:])


def _written(value: object) -> str:
    return _day(date.fromisoformat(value)) if isinstance(value, str) and value else ""


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
