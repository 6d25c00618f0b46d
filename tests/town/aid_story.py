"""资助的故事: three terms judged, and for two of them what lists from outside say was paid past the batches, some of it wrongly.

Everything goes through the actions of the site, with the aid office's account; whatever is made up is called 演示.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from bureau.entitlements import evaluation_actions, lists, paid_actions, terms
from bureau.entitlements.evaluation_models import Claim, EvaluatedChild, Evaluation
from bureau.people.kept import Upload
from bureau.people.models import User
from bureau.people.secret import unseal
from bureau.registry.models import School, Student
from bureau.work import aid_tasks
from junheng.documents.listing import Field, listing
from town.clauses_story import clauses_story

LISTED, LESS, MORE, UNDUE, STRANGERS = 300, 12, 6, 8, 3
FIELDS = (
    Field("学籍号"), Field("姓名"), Field("学校"), Field("资助项目"), Field("金额", "decimal", "元"), Field("发放日期"),
)  # fmt: skip


def aid_story(county: str, *, today: date) -> int:
    """Judges the open term and the two before it, and enters what was paid in those two; answers how many terms there are."""
    if Evaluation.objects.filter(county_code=county, current=True).exists():
        return Evaluation.objects.filter(county_code=county, current=True).count()
    clauses_story(county, today=today)
    suffix = "" if county == "640324" else f"-{county}"
    by = User.objects.get(username=f"aid{suffix}")
    found = [state.term for state in terms.terms_of(county, today) if state.why_not is None][:3]
    for term in reversed(found):
        made = evaluation_actions.ask(county_code=county, term=term, by=by, at=_at(today), today=today)
        aid_tasks.carry_out(made.pk)
    chance = Random(f"{county} aid")
    for place, term in enumerate(found[1:]):
        (_uploaded if place == 0 else _recorded)(county, term, chance, by, today)
    return len(found)


def _at(day: date) -> datetime:
    return datetime.combine(day, time(10), UTC) - timedelta(days=1)


class _Payment:
    """一笔 as the list will say it."""

    def __init__(self, row: lists.Payable) -> None:
        self.key, self.name, self.school = row.student_key, row.name, row.school_code
        self.clause, self.item, self.fen = row.clause, row.clause_name, row.fen


def _payments(county: str, term: terms.Term, chance: Random) -> list[_Payment]:
    """Some of what is due, with the slips of whoever typed the list; the rest is paid by batches (`payments_past`)."""
    due = [_Payment(row) for row in lists.payable(county, term.text)]
    scale = min(1.0, len(due) / 400)
    chance.shuffle(due)
    kept = due[: max(1, int(LISTED * scale))]
    for one in kept[: max(1, int(LESS * scale))]:
        one.fen = one.fen // 200 * 100 or one.fen
    for one in kept[-max(1, int(MORE * scale)) :]:
        one.fen *= 2
    evaluation = lists.current(county, term.text)
    others = EvaluatedChild.objects.filter(evaluation=evaluation, stage__in=("小学", "初中")).exclude(
        student_key__in=Claim.objects.filter(evaluation=evaluation).values("student_key")
    )
    sample = next((one for one in kept if one.clause == "cn.day"), kept[0])
    for child in others.order_by("student_key")[: max(1, int(UNDUE * scale))]:
        wrong = _copy(sample)
        wrong.key, wrong.name, wrong.school = child.student_key, child.person_name, child.school_code
        kept.append(wrong)
    kept.sort(key=lambda one: (one.school, one.name))
    return kept


def _copy(sample: _Payment) -> _Payment:
    made = object.__new__(_Payment)
    made.__dict__.update(sample.__dict__)
    return made


def _uploaded(county: str, term: terms.Term, chance: Random, by: User, today: date) -> None:
    """The newer of the two: a list of the finance office as Excel, with three children whom no register knows."""
    payments = _payments(county, term, chance)
    paid_on = f"{term.last - timedelta(days=60):%Y-%m-%d}"
    numbers = _numbers(county, [one.key for one in payments])
    schools = dict(
        School.objects.filter(county_code=county, replaced_by=None)
        .order_by("valid_from")
        .values_list("school_code", "school_name")
    )
    rows: list[Sequence[object]] = [
        (
            numbers.get(one.key, ""),
            one.name,
            schools.get(one.school, one.school),
            one.item,
            one.fen / 100,
            paid_on,
        )
        for one in payments
    ]
    for number in range(STRANGERS):
        item, fen = payments[0].item, payments[0].fen
        rows.append(
            (
                f"J64032420{10 + number}0101001{number}",
                f"演示转出生{'甲乙丙'[number]}",
                "演示外县学校",
                item,
                fen / 100,
                paid_on,
            )
        )
    title = f"演示·{term.year}年{term.season}季学生资助发放表"
    content = listing(title, FIELDS, rows, source="演示·县财政局", marked="演示数据")
    one = paid_actions.upload(
        county_code=county,
        term=term,
        file=Upload(f"{title}.xlsx", content),
        source=title,
        clause="",
        by=by,
        at=_at(today),
    )
    paid_actions.read(list_id=one.pk, progress=_quietly)
    one.refresh_from_db()
    if one.errors:
        raise ValueError(one.problems[:3])
    paid_actions.enter(of=one, accepted=True, by=by, at=_at(today), today=today)


def _recorded(county: str, term: terms.Term, chance: Random, by: User, today: date) -> None:
    """The older: as batches of that time had paid it."""
    entries = [
        paid_actions.PaidEntry(
            one.key, one.clause, one.fen, term.last - timedelta(days=45), one.name, one.school
        )
        for one in _payments(county, term, chance)
    ]
    paid_actions.record_paid(
        county_code=county,
        term=term.text,
        entries=entries,
        source=f"演示·{term.year}年{term.season}季一卡通发放",
        reference=f"demo:{term.text}",
        by=by,
        at=_at(today),
        today=today,
    )


def _numbers(county: str, keys: Sequence[str]) -> dict[str, str]:
    """{student: enrolment number in clear}, as the finance office got it from the schools."""
    found = {}
    for start in range(0, len(keys), 5000):
        rows = Student.objects.filter(
            county_code=county, replaced_by=None, valid_to=None, key__in=keys[start : start + 5000]
        )
        found |= {
            key: unseal(sealed) if sealed else ""
            for key, sealed in rows.values_list("key", "enrolment_number")
        }
    return found


def _quietly(share: float) -> None:
    """Nobody watches."""
