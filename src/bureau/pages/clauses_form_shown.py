"""条款的填写表 (as shown): a row of a pack in the fields of the form."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.datastructures import MultiValueDict

from bureau.entitlements.clause_yaml import Groups, as_list, groups_of, normal
from bureau.pages.clauses_form_fields import CONDITIONS, TIERS, Typed
from junheng.policy.clauses import Book


def shown(row: Mapping[str, Any] | None, book: Book, documents: Mapping[str, tuple[str, str]]) -> Typed:
    """A row of a pack as the form shows it; a new clause when there is none."""
    made: Typed = MultiValueDict()
    if row is None:
        made["kind"], made["form"], made["per"], made["status"] = "cash", "fixed", "year", "V"
        return made
    full = {**row, **normal(dict(row))["rates"][-1]}
    for name in ("name", "item", "quote"):
        made[name] = str(full.get(name) or "")
    made["kind"], made["per"] = str(full.get("kind") or "cash"), str(full.get("per") or "year")
    made["units"] = str(full.get("units") or "")
    made.setlist("stage", as_list(full.get("stage")))
    made["grades"] = _grades_text(full.get("grades"))
    made["status"] = "V3" if full.get("status") == "V3" else "V"
    made["group"] = str(full.get("group") or "")
    made["cap"] = str(full.get("cap") or "")
    for name in ("since", "until"):
        made[name] = full[name].isoformat() if isinstance(full.get(name), date) else ""
    for name, share in (full.get("shares") or {}).items():
        made[f"share-{name}"] = str(share)
    made["evidence"] = "\n".join(as_list(full.get("evidence")))
    document = book.documents.get(str(full.get("document")))
    if document:
        of = (document.number, document.title)
        made["document"] = next((key for key, value in documents.items() if value == of), "")
        made["number"], made["title"] = of
    _show_groups(made, groups_of(full.get("when")))
    _show_amount(made, full)
    return made


def _show_groups(made: Typed, groups: Groups | None) -> None:
    if groups is None or len(groups) > CONDITIONS:
        made["keep"] = "1"
        return
    for number, (mode, names) in enumerate(groups, 1):
        made[f"mode-{number}"] = mode
        made.setlist(f"when-{number}", list(names))


def _show_amount(made: Typed, full: Mapping[str, Any]) -> None:
    amount = full.get("amount")
    made["form"] = "fixed"
    if full.get("tiers"):
        made["form"] = "tiers"
        for number, tier in enumerate(full["tiers"][:TIERS], 1):
            made[f"tier-name-{number}"] = str(tier.get("name") or "")
            made[f"tier-amount-{number}"] = _sum_text(tier.get("amount"))
            groups = groups_of(tier.get("when")) or ()
            made.setlist(f"tier-when-{number}", [name for _mode, names in groups for name in names])
    elif amount == "actual":
        made["form"] = "actual"
    elif isinstance(amount, Mapping) and set(amount) <= {"average", "range", "up_to"}:
        made["form"] = next(name for name in ("average", "up_to", "range") if name in amount)
        made["most"] = _sum_text(amount.get("up_to"))
        made["average"] = _sum_text(amount.get("average"))
        made["low"], made["high"] = (_sum_text(one) for one in amount.get("range") or (None, None))
        made["assumption"] = str(full.get("assumption") or "")
    else:
        table = amount if isinstance(amount, Mapping) else dict.fromkeys(as_list(full.get("stage")), amount)
        for stage, value in table.items():
            made[f"amount-{stage}"] = (
                "，".join(f"{grades}:{_sum_text(one)}" for grades, one in value.items())
                if isinstance(value, Mapping)
                else _sum_text(value)
            )


def _sum_text(value: object) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _grades_text(raw: object) -> str:
    if raw is None:
        return ""
    if isinstance(raw, Mapping):
        spans = {str(span) for span in raw.values()}
        return spans.pop() if len(spans) == 1 else "，".join(f"{stage}:{span}" for stage, span in raw.items())
    return str(raw)
