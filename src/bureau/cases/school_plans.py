"""一校一案（控辍保学）: what one school's plan says, drawn from its ledgers: who answers on both lines, by which days, for which children."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Q

from bureau.attendance import queries as attendance
from bureau.cases import packs
from bureau.cases.counting import movement
from bureau.cases.models import Case, Holding
from bureau.cases.seeing import visible
from bureau.cases.subjects import class_words
from bureau.cases.values import in_words
from bureau.people.models import User
from bureau.people.queries import townships
from bureau.people.rules import Refused
from bureau.registry import queries as registered
from junheng.policy.ledgers import LEVEL_WORDS, LIVE, Ledger

LEDGERS = ("children", "suspected", "dropout", "returned")
STAGES = ("小学", "初中", "特教")
YEAR = 365
EMPTY = "未指定"


@dataclass(frozen=True, slots=True)
class LedgerStand:
    """一本台账在本校: live cases and what moved in a year."""

    title: str
    live: int
    overdue: int
    opened: int
    closed: int
    solved: int


@dataclass(frozen=True, slots=True)
class Child:
    """一名在办的孩子, as the account may see it; `owners` are those of both lines."""

    name: str
    class_name: str
    ledger: str
    state: str
    since: date
    days: int
    due: date | None
    owners: tuple[tuple[str, str], ...]
    measures: str


@dataclass(frozen=True, slots=True)
class SchoolPlan:
    """一校一案的内容."""

    school: str
    township: str
    pupils: tuple[tuple[str, int], ...]
    ledgers: tuple[LedgerStand, ...]
    lines: tuple[tuple[str, str, str], ...]  # (line, duty, who)
    homerooms: tuple[tuple[str, str], ...]  # (class, class teacher)
    steps: tuple[tuple[str, str, str], ...]  # (ledger, state, who and by when)
    settings: tuple[tuple[str, str, bool], ...]  # (words, number, assumed)
    children: tuple[Child, ...] = field(default=())


def schools(user: User, county_code: str) -> list[tuple[str, int, int, int]]:
    """(school code, live cases, those the data has not shown back, those to be confirmed) of the dropout ledgers, as the account sees them."""
    rows = visible(user).filter(county_code=county_code, ledger__in=LEDGERS, phase__in=LIVE)
    counts = rows.exclude(school_code="").order_by().values_list("school_code")
    found = counts.annotate(
        live=Count("pk"),
        away=Count("pk", filter=~Q(phase="solved")),
        solved=Count("pk", filter=Q(phase="solved")),
    )
    return list(found)


def plan(user: User, county_code: str, school_code: str, *, today: date) -> SchoolPlan:
    """一校一案 as of today. Raises Refused when the school is not on the register of the county's newest day."""
    day = registered.latest_day(county_code)
    on = max(day, today) if day else today
    found = (
        registered.rows_on("schools", on, county_code)
        .filter(school_code=school_code)
        .values_list("school_name", "township_code")
        .first()
    )
    if found is None:
        raise Refused("学校登记表里没有这所学校")
    name, township_code = found
    known = {of.code: of for of in packs.ledgers(county_code)}
    ledgers = [known[code] for code in LEDGERS if code in known]
    cases = list(
        visible(user)
        .filter(county_code=county_code, ledger__in=LEDGERS, school_code=school_code, phase__in=LIVE)
        .select_related("owner")
        .order_by("opened_on", "id")
    )
    held = _holdings(cases)
    rooms = attendance.homerooms(county_code, today, school_code=school_code)
    classes = [
        (class_words(ref.grade, ref.class_number), room.teacher_name) for ref, room in sorted(rooms.items())
    ]
    towns = dict(townships(county_code).values_list("code", "name"))
    return SchoolPlan(
        school=name or school_code,
        township=towns.get(township_code or "", ""),
        pupils=_pupils(county_code, school_code, on),
        ledgers=tuple(_stands(user, ledgers, cases, school_code, today)),
        lines=tuple(_lines(ledgers, held, school_code, township_code or "")),
        homerooms=tuple(classes),
        steps=tuple(_steps(ledgers)),
        settings=tuple(
            (f"{of.title}：{one.title}", f"{one.value}{one.unit}", one.assumed)
            for of in ledgers
            for one in of.settings
            if _works(of, one.name)
        ),
        children=tuple(_child(case, ledgers, held, today) for case in cases),
    )


def _pupils(county_code: str, school_code: str, on: date) -> tuple[tuple[str, int], ...]:
    rows = registered.rows_on("students", on, county_code).filter(
        school_code=school_code, enrolment_status="在读", stage__in=STAGES
    )
    return tuple(rows.order_by("stage").values_list("stage").annotate(n=Count("pk")))


def _stands(
    user: User, ledgers: Sequence[Ledger], cases: Sequence[Case], school_code: str, today: date
) -> Iterable[LedgerStand]:
    for of in ledgers:
        own = [case for case in cases if case.ledger == of.code]
        moved = movement(user, of.code, today - timedelta(days=YEAR), today, by="school").get(school_code)
        yield LedgerStand(
            of.title,
            len(own),
            sum(case.due is not None and case.due < today for case in own),
            moved.opened + moved.reopened if moved else 0,
            moved.closed + moved.passed if moved else 0,
            sum(case.phase == "solved" for case in own),
        )


def _holdings(cases: Sequence[Case]) -> dict[int, dict[str, str]]:
    """{case: {line: name}} of who answers now."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    rows = Holding.objects.filter(of__in=[case.pk for case in cases], until=None).exclude(line="")
    for of, line, name in rows.order_by("id").values_list("of", "line", "name"):
        found[of][line] = name
    return found


def _lines(
    ledgers: Sequence[Ledger], held: Mapping[int, Mapping[str, str]], school_code: str, township_code: str
) -> Iterable[tuple[str, str, str]]:
    """双线三包: the duties that the ledgers lay down, with those who hold them in the cases, else the accounts of school and township."""
    accounts = User.objects.filter(is_active=True).order_by("pk")
    usual = {
        "school": [str(one) for one in accounts.filter(role="school", school_code=school_code)],
        "township": [str(one) for one in accounts.filter(role="township", area__code=township_code)] if township_code else [],
    }  # fmt: skip
    seen: dict[str, tuple[str, str]] = {}
    for of in ledgers:
        for line in of.owner_lines:
            seen.setdefault(line.name, (line.level, line.title))
    for name, (level, title) in seen.items():
        names = dict.fromkeys(own[name] for own in held.values() if name in own)
        who = "、".join(names) or "、".join(usual.get(level, [])) or EMPTY
        yield LEVEL_WORDS.get(level, level), title, who


def _steps(ledgers: Sequence[Ledger]) -> Iterable[tuple[str, str, str]]:
    """办理步骤: every open state with its level and days, as the ledgers lay down."""
    for of in ledgers:
        for state in of.states:
            days = of.days_of(state)
            if state.phase in LIVE:
                unit = "个工作日" if state.unit == "working" else "日"
                words = f"{days}{unit}内" if days is not None else "不限期"
                yield of.title, state.title, f"{LEVEL_WORDS.get(state.level, '—')}，{words}"


def _works(of: Ledger, setting: str) -> bool:
    """Whether a state's days or a detector go by the setting; others concern reports of other units."""
    in_detector = any(re.search(rf"\${re.escape(setting)}\b", one.sql) for one in of.detectors)
    return in_detector or any(state.setting == setting for state in of.states)


def _child(
    case: Case, ledgers: Sequence[Ledger], held: Mapping[int, Mapping[str, str]], today: date
) -> Child:
    of = next(one for one in ledgers if one.code == case.ledger)
    titles = {line.name: line.title.partition("（")[0] for line in of.owner_lines}
    owners = [("经办", str(case.owner) if case.owner else f"{LEVEL_WORDS.get(case.level, '')}待办")]
    owners += [(titles[line], name) for line, name in held.get(case.pk, {}).items() if line in titles]
    told = [
        f"{column.title}：{in_words(case.fields[column.name])}"
        for column in of.columns_of("child")
        if case.fields.get(column.name) not in (None, "", [])
    ]
    state = next((one.title for one in of.states if one.name == case.state), case.state)
    return Child(
        name=case.label,
        class_name=case.class_name,
        ledger=of.title,
        state="与数据矛盾" if case.contradiction else state,
        since=case.opened_on,
        days=(today - case.opened_on).days,
        due=case.due,
        owners=tuple(owners),
        measures="；".join(told),
    )
