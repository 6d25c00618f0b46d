"""Plan compiler: annotated documents scored by the annotators' own scorer, how sure it is, and how long reading takes.

    python benchmarks/plans.py

A row gives `case`, then `score` (F1), `share` or `seconds` with its `goal`. Skipped, with the reason, where the annotations are
not beside the repository. "Other places" are the invented documents of tests/core/test_plandocs_places, all of them known to the
rules by now: they show what must not get worse, not what an unseen document would give.
"""

import importlib.util
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from junheng.plandocs import compile_plan, items

PLACES = Path(__file__).resolve().parents[1] / "tests" / "core" / "test_plandocs_places.py"
SHARED = Path(__file__).resolve().parents[1].parent / "shared"
GOLD = SHARED / "plan-gold"
GOALS = {
    "header": 0.98,
    "outline": 1.0,
    "targets": 0.99,
    "targets full": 0.93,
    "money": 1.0,
    "deadlines": 0.99,
    "units (责任/牵头/配合/职责)": 1.0,
    "agents (正文主语)": 0.85,
    "persons": 0.98,
    "references": 0.98,
}


# On documents of other places.
ELSEWHERE = {
    "header": 0.92,
    "outline": 0.97,
    "targets": 0.97,
    "targets full": 0.80,
    "money": 0.97,
    "deadlines": 0.93,
    "units (责任/牵头/配合/职责)": 0.97,
}


def _places() -> Any:
    spec = importlib.util.spec_from_file_location("places", PLACES)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(PLACES)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _scores(out: Path, golds: list[Path]) -> dict[str, dict[str, float]]:
    scores = out / "scores.json"
    command = [sys.executable, str(GOLD / "score.py"), str(out), *map(str, golds), f"--json={scores}"]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    found: dict[str, dict[str, float]] = json.loads(scores.read_text(encoding="utf-8"))
    return found


def run() -> list[dict[str, Any]]:
    """Scores of the five annotated documents, seconds for the five (best of three), and for a document of 300 pages."""
    if not (GOLD / "score.py").exists():
        return [{"case": "plan compiler", "skipped": "the annotated documents are not beside the repository"}]
    sources = {}
    for gold in sorted(GOLD.glob("*.yaml")):
        path = next((SHARED / "seeds").glob(f"{gold.stem}_*.txt"))
        sources[gold.stem] = (path.read_bytes(), path.name)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        seconds = float("inf")
        for _ in range(3):
            started = time.perf_counter()
            results = {stem: compile_plan(data, name) for stem, (data, name) in sources.items()}
            seconds = min(seconds, time.perf_counter() - started)
        for stem, result in results.items():
            (out / f"{stem}.json").write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")
        scores = _scores(out, sorted(GOLD.glob("*.yaml")))
        elsewhere = Path(folder, "elsewhere")
        elsewhere.mkdir()
        places = _places()
        others = _scores(elsewhere, places.write(elsewhere))
    rows: list[dict[str, Any]] = [
        {"case": f"plan compiler: {field}", "score": round(scores[field]["f1"], 3), "goal": goal}
        for field, goal in GOALS.items()
    ]
    rows += [
        {
            "case": f"plan compiler, other places: {field}",
            "score": round(others[field]["f1"], 3),
            "goal": goal,
        }
        for field, goal in ELSEWHERE.items()
    ]
    for stem, result in results.items():
        listed = items(result)
        doubtful = sum(item.doubtful for item in listed)
        open_numbers = sum(entry["kind"] == "residual" for entry in result["residual"])
        rows.append(
            {
                "case": f"plan {stem}: to look at first",
                "items": len(listed),
                "doubtful": doubtful,
                "numbers": open_numbers,
            }
        )
    rows.append({"case": "plan compiler: five documents", "seconds": round(seconds, 2), "goal": 1.0})
    longest = max((data for data, _ in sources.values()), key=len).decode()
    pages = longest * (180_000 // len(longest) + 1)
    started = time.perf_counter()
    compile_plan(pages.encode(), "300 pages.txt")
    seconds = time.perf_counter() - started
    rows.append({"case": "plan compiler: 300 pages", "seconds": round(seconds, 2), "goal": 20.0})
    return rows


if __name__ == "__main__":
    for row in run():
        print(row)
