"""读取条目的表单: what a person typed, as the compiler would write it, or everything that is wrong with it. Pure."""

from collections.abc import Mapping
from typing import Any

from bureau.plans.confirming_fields import FACTORS, FIELDS, FieldOf
from bureau.plans.document_rules import why_not_partial


def cleaned(
    kind: str, posted: Mapping[str, str], before: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """读取表单: the fields as the compiler would write them, on top of those that no form shows, and all that is wrong."""
    fields = dict(before)
    problems: list[str] = []
    for one in FIELDS[kind]:
        text = posted.get(one.name, "").replace("\x00", "").strip()
        fields.pop(one.name, None)
        if not text:
            if one.needed:
                problems.append(f"请填写“{one.label}”")
            continue
        value, problem = _read(one, text)
        if problem:
            problems.append(f"“{one.label}”：{problem}")
        else:
            fields[one.name] = value
    return (fields, problems) if problems else (fields, _together(kind, fields, before))


def _read(one: FieldOf, text: str) -> tuple[Any, str | None]:
    if one.kind == "number":
        return _number(text)
    if one.kind == "choice" and one.choices is not None and text not in one.choices:
        return None, f"“{text}”不在可选的范围内，请重新选择"
    if one.kind == "partial":
        return text, why_not_partial(text)
    if one.kind == "list":
        parts = [part.strip() for part in text.replace("、", "\n").replace("，", "\n").splitlines()]
        names = list(dict.fromkeys(part for part in parts if part))
        too_long = next((name for name in names if len(name) > 120), None)
        return names, f"“{too_long[:20]}…”太长，请一行写一个单位" if too_long else None
    return (None, "文字太长，请控制在 300 字以内") if len(text) > 300 else (text, None)


def _number(text: str) -> tuple[float | int | None, str | None]:
    bare = text.replace(",", "").replace("，", "").removesuffix("%").removesuffix("％")
    try:
        value = float(bare)
    except ValueError:
        return None, f"“{text}”不是数，请改成数字，例如 96 或 0.5"
    if value != value or abs(value) > 1e15:
        return None, f"“{text}”超出范围，请改成普通的数字"
    return (int(value) if value.is_integer() else value), None


def _together(kind: str, fields: dict[str, Any], before: Mapping[str, Any]) -> list[str]:
    """What only shows between fields; completes those that follow from others."""
    problems = []
    if kind in ("target", "money"):
        if fields["cmp"] == "between":
            if "val2" not in fields:
                problems.append("比较是“区间”，请填写“上限”")
            elif fields["val2"] < fields["val"]:
                problems.append(f"上限 {fields['val2']} 小于下限 {fields['val']}，请更正")
        else:
            fields.pop("val2", None)
    if kind == "target" and "by" in fields and fields["by"] != before.get("by"):
        fields["by_source"] = "sentence"
    if kind == "target" and "by" not in fields:
        fields.pop("by_source", None)
    if kind == "money" and not problems:
        factor = FACTORS[fields["unit"]]
        fields["yuan"] = round(fields["val"] * factor, 2)
        fields.pop("yuan2", None)
        if "val2" in fields:
            fields["yuan2"] = round(fields["val2"] * factor, 2)
    if kind == "deadline":
        if fields.get("t_start") and fields.get("t_end") and fields["t_start"][:4] > fields["t_end"][:4]:
            problems.append(f"截止 {fields['t_end']} 早于开始 {fields['t_start']}，请更正")
        if fields["kind"] == "recur" and not fields.get("freq"):
            problems.append("性质是“定期”，请选择周期")
        if fields["kind"] in ("by", "in") and not fields.get("t_end"):
            problems.append("请填写“截止”")
    return problems
