"""带走的数据: my children, my class and my tasks only, as one JSON document that replaces what the phone had before.

What is no longer in it leaves the phone at the next contact: re-assigned children, closed cases, a right withdrawn.
"""

import hashlib
import json
from datetime import date
from typing import Any

from bureau.cases.models import Case
from bureau.people.models import User
from bureau.people.rules import Permission, may
from bureau.phone import casework, rollcalls
from bureau.phone.minimum import of_students
from bureau.phone.queries import codes as codes_of_cards
from bureau.phone.queries import told
from junheng.policy.ledgers import Column, Form, Ledger, each_time
from junheng.tables import STUDENTS, codes

MOST_CASES = 500


def tasks(user: User, today: date) -> dict[str, Any]:
    """我的任务: {cases, ledgers, told, left_out, classes, choices}; no case for an account that may not work cases."""
    rolls = {"classes": rollcalls.classes(user, today), "choices": rollcalls.choices()}
    if not may(user.role, Permission.WORK_CASES):
        return {"cases": [], "ledgers": {}, "told": told(user), "left_out": 0, **rolls}
    every = casework.mine(user, today)
    cases = every[:MOST_CASES]
    ledgers: dict[str, Ledger] = {}
    for county in {case.county_code for case in cases}:
        ledgers |= {f"{county}/{code}": one for code, one in casework.ledgers(county).items()}
    used = {f"{case.county_code}/{case.ledger}" for case in cases}
    contacts = of_students(cases, today)
    cards = codes_of_cards(cases)
    return {
        "cases": [_case(one, ledgers[f"{one.county_code}/{one.ledger}"], contacts, cards) for one in cases],
        "ledgers": {key: _ledger(one) for key, one in ledgers.items() if key in used},
        "told": told(user),
        "left_out": len(every) - len(cases),
        **rolls,
    }


def version(document: dict[str, Any]) -> str:
    """Equal when the phone would be told the same again."""
    return hashlib.sha256(json.dumps(document, sort_keys=True, default=str).encode()).hexdigest()[:32]


def _case(
    case: Case,
    ledger: Ledger,
    contacts: dict[tuple[str, str], dict[str, str]],
    cards: dict[tuple[str, str, str], str],
) -> dict[str, Any]:
    contact = contacts.get((case.county_code, case.subject_key), {}) if case.subject == "student" else {}
    # What is counted up record by record begins blank each time.
    allowed = {column.name for column in ledger.columns if column.access == casework.CHILD} - each_time(
        ledger
    )
    return {
        "id": case.pk,
        "ledger": f"{case.county_code}/{case.ledger}",
        "revision": case.revision,
        "name": case.label,
        "item": case.item,
        "state": ledger.state(case.state).title,
        "due": case.due.isoformat() if case.due else "",
        "opened": case.opened_on.isoformat(),
        "school": case.school,
        "class": case.class_name,
        "village": contact.get("home_village") or case.village,
        "contact": {_WORDS[name]: _coded(name, value) for name, value in contact.items() if name in _WORDS},
        "why": {title: str(words) for title, words in case.evidence.items()},
        "fields": {name: value for name, value in case.fields.items() if name in allowed},
        "red": case.contradiction,
        "card": cards[case.county_code, case.subject, case.subject_key],
    }


_WORDS = {
    "sex": "性别", "grade": "年级", "home_township": "乡镇", "home_village": "村", "home_address": "住址",
    "guardian_name": "监护人", "guardian_relation": "关系", "guardian_phone": "电话",
}  # fmt: skip
TITLES = tuple(_WORDS.values())


_LISTS = {column.name: column.codes for column in STUDENTS.columns if column.codes}


def _coded(name: str, value: str) -> str:
    """A code of the register in words."""
    return codes(_LISTS[name]).get(value, value) if name in _LISTS else value


def _ledger(ledger: Ledger) -> dict[str, Any]:
    return {
        "title": ledger.title,
        "group": ledger.group,
        "forms": [_form(ledger, form, columns) for form, columns in casework.forms(ledger)],
    }


def _form(ledger: Ledger, form: Form, columns: list[Column]) -> dict[str, Any]:
    needs = ledger.move(form.move).needs if form.move else ()
    return {
        "name": form.name,
        "title": form.title,
        "help": form.help,
        "photos": form.photos,
        "position": form.position,
        "text": "text" in needs,
        "file": "file" in needs,
        "states": [ledger.state(name).title for name in ledger.move(form.move).sources] if form.move else [],
        "fields": [
            {
                "name": one.name,
                "title": one.title,
                "kind": one.kind,
                "choices": list(one.choices),
                "help": one.help,
            }
            for one in columns
        ],
    }
