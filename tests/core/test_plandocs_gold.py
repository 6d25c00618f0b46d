"""金标准: the five annotated documents, scored by the annotators' own scorer; nothing here may get worse."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from junheng.plandocs import compile_plan

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
GOLD = SHARED / "plan-gold"
pytestmark = pytest.mark.skipif(
    not (GOLD / "score.py").exists(), reason="标注数据不在仓库旁边（../shared/plan-gold）"
)

FLOORS = {
    "header": 0.98,
    "outline": 1.0,
    "targets": 0.99,
    "targets full": 0.93,
    "money": 1.0,
    "deadlines": 0.99,
    "units (责任/牵头/配合/职责)": 1.0,
    "agents (正文主语)": 0.85,
    "references": 1.0,
    "persons": 0.98,
}


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, float]]:
    out = tmp_path_factory.mktemp("plans")
    golds = sorted(GOLD.glob("*.yaml"))
    for gold in golds:
        source = next((SHARED / "seeds").glob(f"{gold.stem}_*.txt"))
        result = compile_plan(source.read_bytes(), source.name)
        (out / f"{gold.stem}.json").write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")
    command = [sys.executable, str(GOLD / "score.py"), str(out), *map(str, golds), f"--json={out / 'scores'}"]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    scored: dict[str, dict[str, float]] = json.loads((out / "scores").read_text(encoding="utf-8"))
    return scored


@pytest.mark.parametrize(("field", "floor"), FLOORS.items())
def test_no_score_falls_below_its_goal(scores: dict[str, dict[str, float]], field: str, floor: float) -> None:
    assert scores[field]["f1"] >= floor
