"""手机与个案台账之间: the only place where the phone meets the case room: what goes out to a phone, what a record becomes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bureau.cases import actions, notes, queries, recording
from bureau.cases.actions import Record
from bureau.cases.models import Case
from bureau.cases.queries import Wanted
from bureau.cases.recording import Clash, Recorded
from bureau.cases.sitting import Sitting
from bureau.cases.values import in_words
from bureau.people.kept import Upload
from bureau.people.models import User
from bureau.phone.lines import VisitRecord
from junheng.policy.ledgers import Column, Form, Ledger

__all__ = ["Case", "Clash", "Recorded", "Sitting", "Upload"]
# Nothing to clash with: no field is written, or those that clash were just found, under the same lock.
ANY_REVISION = 2**31 - 1
CHILD = "child"  # the access class of what may leave the building in a teacher's pocket


@dataclass(frozen=True, slots=True)
class Place:
    """在谁的案头: the codes that decide whose desk a record lies on."""

    county_code: str
    township_code: str = ""
    school_code: str = ""


def place_of(case: Case) -> Place:
    """Where a case lies."""
    return Place(case.county_code, case.township_code, case.school_code)


def mine(user: User, today: date) -> list[Case]:
    """我的个案: live cases that the account answers for, the most urgent first; restricted ledgers stay in the building."""
    return list(queries.cases(user, Wanted(mine=True), today=today).filter(access=CHILD))


def find(case: int) -> Case | None:
    """The case, whoever may see it."""
    return Case.objects.filter(pk=case).first()


def held(case: int) -> Case | None:
    """The case, locked until the transaction ends: two phones that wrote the same field come one after the other."""
    return Case.objects.select_for_update(of=("self",)).filter(pk=case).first()


def ledgers(county_code: str) -> dict[str, Ledger]:
    """{code: ledger} in force in a county."""
    return {one.code: one for one in queries.ledgers(county_code)}


def forms(ledger: Ledger) -> list[tuple[Form, list[Column]]]:
    """走访表 of a ledger with the columns a phone may carry; a restricted column is filled in at the desk only."""
    found = []
    for form in ledger.forms:
        columns = [ledger.column(name) for name in form.fields]
        found.append((form, [one for one in columns if one.access == CHILD]))
    return found


def said_by(ledger: Ledger) -> set[str]:
    """Every text of a ledger that a phone may show: states, forms, their columns and what there is to choose from."""
    found = {state.title for state in ledger.states} | {column.title for column in ledger.columns}
    for form, columns in forms(ledger):
        found |= {form.title, form.help}
        for column in columns:
            found |= {column.help, *column.choices}
    return found - {""}


def needs_file(case: Case, form_name: str, sitting: Sitting) -> bool:
    """Whether the move of the form cannot be made without a file: then the record waits for its photos."""
    ledger = sitting.ledger(case.county_code, case.ledger)
    form = next((one for one in ledger.forms if one.name == form_name), None)
    return bool(form and form.move and "file" in ledger.move(form.move).needs)


def take(
    record: VisitRecord,
    *,
    without: frozenset[str] = frozenset(),
    files: tuple[Upload, ...] = (),
    note: str = "",
    by: User,
    at: datetime,
    today: date,
    address: str = "",
    shared: Sitting | None = None,
) -> Recorded:
    """记入个案 through the case room's own door, under the phone's record id; `without` leaves contested fields out."""
    values = {name: value for name, value in record.values.items() if name not in without}
    place = record.position
    return recording.record_form(
        case_id=record.case,
        form=record.form,
        values=values,
        text=record.text,
        files=files,
        record=Record(
            record_id=record.id,
            said_at=record.said_at,
            based_on=record.revision if values and not without else ANY_REVISION,
            latitude=place.latitude if place else None,
            longitude=place.longitude if place else None,
            consent=place is not None,
            note=note,
            form=record.form,
        ),
        by=by,
        at=at,
        today=today,
        address=address,
        shared=shared,
    )


def add_photo(case: int, photo: Upload, *, by: User, at: datetime, today: date, address: str = "") -> int:
    """存照片 in the case's files; answers the file's number. Raises Refused."""
    kept = notes.add_file(
        case_id=case, upload=photo, access=CHILD, by=by, at=at, today=today, address=address
    )
    return kept.pk


def settle(
    case: int,
    fields: Mapping[str, object],
    *,
    revision: int,
    by: User,
    at: datetime,
    today: date,
    address: str = "",
) -> None:
    """按商定的结果改, over what stood there at `revision`. Raises Refused when it has been changed again since."""
    actions.change_fields(
        case_id=case, fields=fields, based_on=revision, by=by, at=at, today=today, address=address
    )


def labels(cases: Sequence[int]) -> dict[int, str]:
    """{case: name shown} of those that exist."""
    return dict(Case.objects.filter(pk__in=cases).values_list("pk", "label"))


def titles(case: Case) -> dict[str, str]:
    """{column: title} of the case's ledger."""
    return {one.name: one.title for one in queries.ledger(case.county_code, case.ledger).columns}


def shown(value: object) -> str:
    """A value of a form in words; a blank says so."""
    return in_words(value) or "空"


def named_in(cases: Collection[int]) -> dict[int, Case]:
    """The cases of these numbers, whoever holds them."""
    return Case.objects.in_bulk(list(cases))


def ledgers_of(cases: Sequence[Case]) -> dict[tuple[str, str], Ledger]:
    """{(county, code): ledger} of the cases."""
    return {
        (county, code): queries.ledger(county, code)
        for county, code in dict.fromkeys((one.county_code, one.ledger) for one in cases)
    }
