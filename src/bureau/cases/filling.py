"""填栏目: what was typed goes into the case, or sealed beside it, by the access class of its column. Inside an action's transaction."""

from collections.abc import Mapping, Sequence

from bureau.cases import change, rules, values
from bureau.cases.models import Case
from bureau.cases.sitting import Sitting
from bureau.people.rules import Refused
from junheng.policy.ledgers import Ledger

Sealed = dict[str, dict[str, values.Value]]


def names_of(of: Ledger, fields: Mapping[str, object]) -> list[str]:
    """The columns' names of what was given by name or by title."""
    titles = {column.title: column.name for column in of.columns}
    return [titles.get(name, name) for name in fields]


def fill(
    case: Case,
    of: Ledger,
    fields: Mapping[str, object],
    sitting: Sitting,
    *,
    allowed: Sequence[str] | None = None,
) -> Sealed:
    """Puts the readable values into the case; answers those to be sealed by access class. Raises Refused with all problems."""
    if not fields:
        return {}
    given, wrong = values.read_all(of, fields)
    sealed: Sealed = {}
    for name, value in given.items():
        column = of.column(name)
        if allowed is not None and name not in allowed:
            wrong.append(f"这项办理不填写“{column.title}”")
        elif value != case.fields.get(name) and (why_not := rules.why_not_fill(column, by=sitting.by)):
            wrong.append(why_not)
        elif column.access == "child":
            case.fields[name] = value
        else:
            refusal = rules.why_not_write_restricted(column.access, by=sitting.by, cleared=sitting.cleared)
            if refusal:
                wrong.append(f"“{column.title}”：{refusal}")
            sealed.setdefault(column.access, {})[name] = value
    if wrong:
        raise Refused("；".join(wrong))
    case.fields = {name: value for name, value in case.fields.items() if value is not None}
    return sealed


def put_sealed(case: Case, sealed: Sealed) -> None:
    for access, part in sealed.items():
        change.put_restricted(case, access, part)


def sealed_words(of: Ledger, sealed: Sealed) -> str:
    """Which restricted columns were filled in, without what: a history may be read by those who may not see them."""
    titles = [of.column(name).title for part in sealed.values() for name in part]
    return f"受限栏目：{'、'.join(titles)}"[:60] if titles else ""


def filled_in(case: Case, sealed: Sealed) -> set[str]:
    have = {name for name, value in case.fields.items() if value not in (None, "")}
    for row in case.restricted.all() if case.pk else ():
        have |= {name for name, value in change.restricted(case, row.access).items() if value is not None}
    return have | {name for part in sealed.values() for name, value in part.items() if value is not None}
