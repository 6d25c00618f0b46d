"""条目的一句话: an item, its amount and its time as the table, the preview and the task list show them. Pure."""

from collections.abc import Mapping
from typing import Any

from bureau.plans.confirming_fields import FREQUENCIES, HEADER_FIELDS, SIGNS, UNIT_KINDS


def shown_number(value: Any) -> str:
    """1234.5 → 1,234.5; words stay."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:,.4f}".rstrip("0").rstrip(".")


def amount(fields: Mapping[str, Any]) -> str:
    """比较和数值: ≥96%, 3—5堂, ≤45人／班."""
    if fields.get("cmp") == "between" and fields.get("val2") is not None:
        words = f"{shown_number(fields.get('val'))}—{shown_number(fields['val2'])}"
    else:
        words = f"{SIGNS.get(str(fields.get('cmp')), '')}{shown_number(fields.get('val', ''))}"
    per = f"／{fields['per']}" if fields.get("per") else ""
    return f"{words}{fields.get('unit') or ''}{per}"


def describe(kind: str, fields: Mapping[str, Any], text: str = "") -> str:
    """条目的一句话, as the table, the preview and the task list show it."""
    get = fields.get
    until = f"（{get('by')}）" if get("by") else ""
    match kind:
        case "target":
            scope = get("scope") if get("scope") and str(get("scope")) not in str(get("ind")) else ""
            return f"{scope}{get('ind', '')} {amount(fields)}{until}"
        case "money":
            payer = f"，{get('payer')}出资" if get("payer") else ""
            return f"{get('ind', '')} {amount(fields)}{payer}"
        case "implicit":
            return f"{get('ind', '')} {_implied(fields)}{until}"
        case "deadline":
            return _when(fields) or text
        case "unit":
            return f"{UNIT_KINDS.get(str(get('kind')), '')}：{'、'.join(get('units') or ())}"
        case "reference":
            number = get("no_fixed") or get("no")
            return f"《{get('title', '')}》{f'（{number}）' if number else ''}"
        case "person":
            return " ".join(str(part) for part in (get("role"), get("name"), get("post")) if part)
        case "header":
            return f"{HEADER_FIELDS.get(str(get('field')), '')}：{get('norm', '')}"
        case "repair" | "warning":
            return str(get("msg", text))
        case _:
            return f"数字“{text}”{get('reason') or '没有归入任何条目'}"


def _implied(fields: Mapping[str, Any]) -> str:
    match fields.get("kind"):
        case "cover":
            return "全覆盖（100%）"
        case "zero":
            return "清零（0）"
        case "ratio":
            return f"比例 {fields.get('val', '')}"
        case "rel":
            return f"不低于{fields.get('ref', '')}"
        case "mono":
            return "只增不减"
        case _:
            return str(fields.get("val", ""))


def _when(fields: Mapping[str, Any]) -> str:
    kind, start, end = fields.get("kind"), fields.get("t_start"), fields.get("t_end")
    if kind == "recur":
        every = FREQUENCIES.get(str(fields.get("freq") or ""), str(fields.get("freq") or ""))
        return f"{every}{shown_number(fields['n'])}次" if fields.get("n") else every
    if kind == "duration":
        ends = f"，到{end}" if end else ""
        return f"历时{shown_number(fields.get('n') or '')}{fields.get('unit') or ''}{ends}"
    if kind == "vague":
        return "没有确切时间"
    if start and end:
        return f"{start} 至 {end}"
    if start:
        return f"{start} 起"
    return f"{end} 前完成" if end else ""
