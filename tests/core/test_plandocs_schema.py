"""结果格式: what the compiler writes keeps to the agreed schema: names, kinds, dates, codes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from junheng.plandocs import compile_plan

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
pytestmark = pytest.mark.skipif(
    not (SHARED / "plan-gold" / "schema.json").exists(), reason="标注数据不在仓库旁边（../shared/plan-gold）"
)


def results() -> list[dict[str, Any]]:
    return [compile_plan(path.read_bytes(), path.name) for path in sorted((SHARED / "seeds").glob("0*.txt"))]


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((SHARED / "plan-gold" / "schema.json").read_text(encoding="utf-8"))
    return loaded


def test_names_kinds_dates_and_codes(schema: dict[str, Any]) -> None:
    properties = schema["properties"]
    fields = set(properties["header"]["propertyNames"]["enum"])
    partial = re.compile(schema["$defs"]["partial"]["pattern"])
    codes = set(properties["warnings"]["items"]["properties"]["code"]["enum"])
    per = set(properties["money"]["items"]["properties"]["per"]["enum"])
    freq = re.compile(properties["deadlines"]["items"]["properties"]["freq"]["pattern"])
    for result in results():
        assert set(schema["required"]) <= set(result)
        assert result["schema"] == properties["schema"]["const"]
        assert result["kind"] in properties["kind"]["enum"]
        assert set(result["header"]) <= fields
        for key in ("deadlines", "units", "money", "implicit", "references"):
            kinds = set(properties[key]["items"]["properties"]["kind"]["enum"])
            assert {item["kind"] for item in result[key]} <= kinds
        for target in result["targets"]:
            assert target["kind"] in ("target", "count", "norm", "context")
            assert target["cmp"] in ("ge", "gt", "le", "lt", "eq", "approx", "between")
            assert target.get("by") is None or partial.search(target["by"])
        for deadline in result["deadlines"]:
            assert all(partial.search(deadline[k]) for k in ("t_start", "t_end") if deadline.get(k))
            assert "freq" not in deadline or freq.search(deadline["freq"])
        assert {item.get("per") for item in result["money"]} <= per
        assert {item["code"] for item in result["warnings"]} <= codes


def test_every_item_names_its_rule_its_confidence_and_its_state() -> None:
    for result in results():
        for key in ("targets", "money", "implicit", "deadlines", "units", "references", "persons"):
            for item in result[key]:
                assert item["rule"]
                assert 0 < item["conf"] <= 1
                assert item["status"] == "auto"
                assert result["source"][item["start"] : item["end"]] == item["text"]


def test_the_same_text_gives_the_same_result() -> None:
    assert json.dumps(results()) == json.dumps(results())
