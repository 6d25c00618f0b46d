"""通报的写入: drafting from data, texts, figures brought up to date, submission, issue. One transaction and one log line each."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from bureau.bulletins import facts as data
from bureau.bulletins import marks, queries, rules
from bureau.bulletins.codes import Codes, day_words
from bureau.bulletins.drafting import Drafted, section, sections
from bureau.bulletins.fact_rows import Facts, SlipFact
from bureau.bulletins.figures import FigureFact, figures
from bureau.bulletins.keeping import figure_rows, kept_data
from bureau.bulletins.models import Bulletin, Figure, Section
from bureau.bulletins.ranking import Score, ranked, unit_facts, words_of
from bureau.bulletins.states import Event, State
from bureau.bulletins.writing import demand, done, inside, locked, open_draft
from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.plans.document_queries import in_county
from bureau.plans.models import Plan
from bureau.plans.task_queries import current_plans
from junheng.documents.official import why_not_number


def draft(
    *,
    county_code: str,
    county_name: str,
    plan: Plan | None,
    kind: str,
    year: int | None,
    part: int | None,
    as_of: date | None,
    slips: Sequence[SlipFact] | None,
    by: User,
    at: datetime,
    today: date,
    address: str = "",
) -> Bulletin:
    """起草: the bulletin of a period with all its sections, each figure kept with where it comes from. Raises Refused.

    `slips` are the slips issued by `as_of`, counted by the caller; `plan` None: all plans in force.
    """
    plans = Plan.objects.filter(pk=plan.pk) if plan else current_plans(by, county_code)
    with transaction.atomic():
        there = (
            queries.same_period(county_code, kind=kind, year=year, part=part, plan=plan)
            if year and part
            else None
        )
        demand(
            rules.why_not_begin(
                by=by, in_county=in_county(by, county_code), kind=kind, year=year, part=part, as_of=as_of, today=today,
                plans=plans.count(), there=there.title if there else "",
            )
        )  # fmt: skip
        assert year is not None and part is not None and as_of is not None  # noqa: S101, PT018 — the rule has seen to it
        found = data.gather(plans=plans, kind=kind, year=year, part=part, as_of=as_of, slips=slips)
        known, scores, rule = _counted(county_code, found)
        codes = Codes(known)
        texts = sections(kind, found, scores, codes)
        about = f"《{plan.title}》" if plan else f"{county_name}教育计划"
        words = Bulletin.Kind(kind).label
        one = Bulletin.objects.create(
            county_code=county_code, plan=plan, kind=kind, year=year, part=part, as_of=as_of, drafted_by=by, drafted_at=at,
            title=f"关于{rules.period_words(kind, year, part)}{about}落实情况的{words}"[: rules.LONGEST_TITLE],
            recipients="各乡镇人民政府，县直有关部门，各学校", data=kept_data(found, scores, rule, codes.codes),
        )  # fmt: skip
        Section.objects.bulk_create(
            Section(bulletin=one, position=place, kind=text.kind, heading=text.heading, text=text.text)
            for place, text in enumerate(texts, 1)
        )
        _number_rest(codes)
        Figure.objects.bulk_create(figure_rows(one, known, codes.codes))
        done(one, Verb.CREATE, "draft", "", by=by, at=at, address=address)
    return one


def set_details(
    *,
    bulletin: Bulletin,
    title: str,
    number: str,
    recipients: str,
    by: User,
    at: datetime,
    address: str = "",
) -> Bulletin:
    """改标题、发文字号、主送机关. Raises Refused with everything that is wrong."""
    with transaction.atomic():
        one = open_draft(bulletin, by)
        flaw = why_not_number(number.strip()) if number.strip() else None
        demand(rules.why_not_details(title=title, recipients=recipients, number_flaw=flaw))
        one.title, one.number, one.recipients = title.strip(), number.strip(), recipients.strip()
        return done(one, Verb.CHANGE, "details", "", by=by, at=at, address=address)


def refresh(
    *,
    bulletin: Bulletin,
    as_of: date | None,
    slips: Sequence[SlipFact] | None,
    by: User,
    at: datetime,
    today: date,
    address: str = "",
) -> Bulletin:
    """更新数据: figures on a newer day; texts follow where they printed the old figure, and each change is kept with before and after."""
    with transaction.atomic():
        one = open_draft(bulletin, by)
        if as_of is None or as_of > today:
            raise Refused("请填写今天或更早的数据截止日期，例如 2026-09-30")
        starts, _ends = rules.period(one.kind, one.year, one.part)
        if as_of < starts:
            raise Refused(f"数据截止日期{as_of:%Y-%m-%d}早于这一期的开始{starts:%Y-%m-%d}，请改正")
        found, known, scores, rule = _now(one, as_of, slips, by)
        rows = queries.figures(one)
        before = queries.values(rows)
        codes = Codes(known, {row.key: row.code for row in rows})
        _number_rest(codes)
        after = {codes.codes[key]: fact.value for key, fact in known.items()}
        changes = _follow(one, before, after, as_of)
        moved = [
            {"code": row.code, "name": row.name, "before": row.value, "after": known[row.key].value}
            for row in rows
            if row.key in known and known[row.key].value != row.value
        ]
        _replace_figures(one, rows, known, codes)
        one.as_of = as_of
        one.data = kept_data(found, scores, rule, codes.codes)
        one.refresh = {"at": at.isoformat(), "by": by.display_name, "figures": moved, "texts": changes}
        words = f"数据更新到{as_of:%Y-%m-%d}，{len(moved)} 个数有变化"
        return done(one, Verb.CHANGE, "refresh", words, by=by, at=at, address=address, changes=changes)


def redraft(
    *, part: Section, slips: Sequence[SlipFact] | None, by: User, at: datetime, address: str = ""
) -> Section:
    """重新起草一部分 from the data of the bulletin's own day; the old words stay in the history."""
    with transaction.atomic():
        one = open_draft(part.bulletin, by)
        found, known, scores, _rule = _now(one, one.as_of, slips, by)
        rows = queries.figures(one)
        codes = Codes(known, {row.key: row.code for row in rows})
        made: Drafted | None = section(part.kind, found, scores, codes, one.kind) if part.kind else None
        if made is None:
            raise Refused("这一部分不是由数据起草的，或者数据里已经没有内容，请直接修改文字")
        _number_rest(codes)
        _replace_figures(one, rows, known, codes)
        one.data = kept_data(found, scores, _rule, codes.codes)
        change = {"section": part.heading, "before": part.text, "after": made.text}
        part.text = made.text
        part.save()
        done(one, Verb.CHANGE, "redraft", part.heading, by=by, at=at, address=address, changes=[change])
    return part


def submit(*, bulletin: Bulletin, by: User, at: datetime, address: str = "") -> Bulletin:
    """送签."""
    with transaction.atomic():
        one = locked(bulletin)
        problems, unsourced = queries.flaws_of(queries.check(one))
        demand(
            rules.why_not_submit(
                one, by=by, in_county=inside(one, by), problems=problems, unsourced=unsourced
            )
        )
        one.state, one.submitted_by, one.submitted_at = State.SUBMITTED, by, at
        return done(one, Verb.SUBMIT, Event.SUBMIT, "", by=by, at=at, address=address)


def send_back(*, bulletin: Bulletin, reason: str, by: User, at: datetime, address: str = "") -> Bulletin:
    """退回修改."""
    with transaction.atomic():
        one = locked(bulletin)
        demand(rules.why_not_return(one, by=by, in_county=inside(one, by), reason=reason))
        one.state, one.submitted_by, one.submitted_at = State.DRAFT, None, None
        return done(one, Verb.RETURN, Event.RETURN, reason, by=by, at=at, address=address)


def issue(*, bulletin: Bulletin, number: str = "", by: User, at: datetime, address: str = "") -> Bulletin:
    """签发 by a second person; `number` takes the place of what the draft says."""
    with transaction.atomic():
        one = locked(bulletin)
        one.number = number.strip() or one.number
        problems, unsourced = queries.flaws_of(queries.check(one))
        demand(
            rules.why_not_issue(
                one, by=by, in_county=inside(one, by), number=one.number, taken=queries.number_taken(one), problems=problems,
                number_flaw=why_not_number(one.number) if one.number else None, unsourced=unsourced,
            )
        )  # fmt: skip
        one.state, one.issued_by, one.issued_at = State.ISSUED, by, at
        return done(one, Verb.CONFIRM, Event.ISSUE, one.number, by=by, at=at, address=address)


def withdraw(*, bulletin: Bulletin, reason: str, by: User, at: datetime, address: str = "") -> Bulletin:
    """撤回 what was issued, with the reason; it stays to be read."""
    with transaction.atomic():
        one = locked(bulletin)
        demand(rules.why_not_withdraw(one, by=by, in_county=inside(one, by), reason=reason))
        one.state = State.WITHDRAWN
        return done(one, Verb.CLOSE, Event.WITHDRAW, reason, by=by, at=at, address=address)


def delete(*, bulletin: Bulletin, by: User, at: datetime, address: str = "") -> None:
    """删除拟稿."""
    with transaction.atomic():
        one = locked(bulletin)
        demand(rules.why_not_delete(one, by=by, in_county=inside(one, by)))
        key, title = str(one.pk), one.title
        one.delete()
        write(by=by, verb=Verb.DELETE, obj=("bulletin", key), detail={"title": title}, at=at, address=address)


def _counted(county_code: str, found: Facts) -> tuple[dict[str, FigureFact], list[Score], str]:
    rule = queries.ranking(county_code)
    scores = ranked(unit_facts(found), rule.criteria)
    words = words_of(rule.criteria) + ("（规则为假定，尚未经人确认）" if rule.assumed else "")
    return figures(found, scores, words), scores, words


def _now(
    one: Bulletin, as_of: date, slips: Sequence[SlipFact] | None, by: User
) -> tuple[Facts, dict[str, FigureFact], list[Score], str]:
    found = data.gather_for(one, queries.plans_of(one, by), slips, as_of)
    return found, *_counted(one.county_code, found)


def _number_rest(codes: Codes) -> None:
    """Figures that the text does not print yet get codes too, so that people can use them."""
    for key in codes.figures:
        codes(key)


def _replace_figures(
    one: Bulletin, rows: Sequence[Figure], known: dict[str, FigureFact], codes: Codes
) -> None:
    """The figures as they are now; those that are gone keep their last value and say so."""
    lost = [row for row in rows if row.key not in known]
    for row in lost:
        row.gone = True
    Figure.objects.bulk_update(lost, ["gone"])
    Figure.objects.filter(bulletin=one, key__in=known).delete()
    Figure.objects.bulk_create(figure_rows(one, known, codes.codes))


def _follow(
    one: Bulletin, before: dict[str, str], after: dict[str, str], as_of: date
) -> list[dict[str, Any]]:
    """Texts that printed an old figure, or said up to which day they speak, with before and after."""
    old, new = f"截至{day_words(one.as_of)}", f"截至{day_words(as_of)}"
    changes = []
    for part in one.sections.all():
        text = marks.replaced(part.text, before, after).replace(old, new)
        if text != part.text:
            changes.append({"section": part.heading, "before": part.text, "after": text})
            part.text = text
            part.save(update_fields=["text"])
    return changes
