"""Asks OpenFisca-Core for the same children and rules: an answer by people who share no line of code with us.

OpenFisca-Core is AGPL. It never becomes a dependency of the product: it stands in no dependency group and is never imported
here, but run as a program of its own in `.venv-openfisca`, which hands its answers back as a file.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from junheng.policy.clauses import (
    STAGES,
    TOP_GRADE,
    AllOf,
    AnyOf,
    Book,
    Clause,
    Condition,
    FactIs,
    Named,
    Not,
    Rate,
)

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / ".venv-openfisca"
LOCK = ROOT / "benchmarks" / "aid_openfisca.txt"
PYTHON = HOME / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


class Missing(Exception):
    """Why there is no OpenFisca here, in one sentence."""


def environment(*, make: bool) -> Path:
    """The Python that has OpenFisca-Core, made on demand with the locked versions. Raises Missing."""
    ready, wanted = HOME / "ready", hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if ready.is_file() and ready.read_text() == wanted and PYTHON.exists():
        return PYTHON
    if not make:
        raise Missing("OpenFisca-Core has no environment here; `make bench-openfisca` makes it")
    try:
        venv.create(HOME, clear=True, with_pip=True)
        install = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "-r",
            str(LOCK),
        ]
        subprocess.run([PYTHON, *install], check=True, capture_output=True, text=True, timeout=600)
    except (OSError, subprocess.SubprocessError) as error:
        said = (getattr(error, "stderr", "") or str(error)).strip().splitlines()[-1:]
        raise Missing(f"OpenFisca-Core could not be installed, left out: {''.join(said)}") from error
    ready.write_text(wanted)
    return PYTHON


def rules_on(book: Book, on: date) -> dict[str, Any]:
    """The book of one day as plain data: what can be paid, where, to whom, how much, and what excludes what."""
    live = [(clause, rate) for clause in book.clauses if (rate := clause.on(on)) and rate.payable]
    if any(group.cap is not None for group in book.groups.values()):
        raise ValueError("a cap of a group is not written for OpenFisca")
    return {
        "year": on.year,
        "top_grade": TOP_GRADE,
        "facts": list(book.facts),
        "area_facts": [
            {"fact": one.fact, "areas": one.areas, "value": one.value}
            for one in book.area_facts
            if any(one.holds(area.ljust(6, "9"), on) for area in one.areas)
        ],
        "groups": {
            group.id: group.rule if group.settled and group.rule != "stack" else "stack" if group.settled else "highest"
            for group in book.groups.values()
        },
        "clauses": [
            {
                "id": clause.id,
                "sum": f"{clause.kind} {'once' if rate.per == 'once' else 'year'}",
                "areas": clause.areas,
                "confirmed_in": rate.confirmed_in if rate.assumption else [""],
                "condition": _plain(clause.condition),
                "amounts": _amounts(clause, rate),
                "group": clause.group,
                "cap": clause.cap,
            }
            for clause, rate in live
        ],
    }  # fmt: skip


def asked(
    python: Path,
    rules: Mapping[str, Any],
    rows: Mapping[str, Any],
    *,
    only: str = "",
    raised: tuple[str, int] | None = None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """({sum: fen of every student, "counties": fen by county code under the raise}, figures: seconds and mb).

    `rows` as columns: county (integer codes, 0: not known), stage (place in STAGES), grade, facts {name: 0, 1 not known, 2}.
    """
    clause = {one["id"]: number for number, one in enumerate(rules["clauses"])}
    whole = {
        **rules,
        "wanted": [only] if only else [],
        "raise": {"clause": clause[raised[0]], "fen": raised[1]} if raised else None,
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "rules.json").write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
        facts = {f"fact {fact}": column for fact, column in rows["facts"].items()}
        np.savez(
            folder / "rows.npz", county=rows["county"], stage=rows["stage"], grade=rows["grade"], **facts
        )
        script = Path(__file__).with_name("openfisca_rules.py")
        done = subprocess.run([python, "-I", script, folder], capture_output=True, text=True, timeout=1800)
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        with np.load(folder / "sums.npz") as found:
            answers = {key.removeprefix("students "): found[key] for key in found.files}
        return answers, json.loads((folder / "figures.json").read_text(encoding="utf-8"))


def _plain(condition: Condition) -> list[Any]:
    match condition:
        case FactIs(fact):
            return ["fact", fact]
        case Not(part):
            return ["not", _plain(part)]
        case Named(name, part):
            return ["named", name, _plain(part)]
        case AllOf(parts):
            return ["all", *map(_plain, parts)]
        case AnyOf(parts):
            return ["any", *map(_plain, parts)]


def _amounts(clause: Clause, rate: Rate) -> list[dict[str, Any]]:
    """Runs of grades with one amount; grade 0 (not known) stands where every grade has the same."""
    found = []
    for stage in clause.stages:
        fen = {
            grade: rate.fen_for(stage, grade) for grade in range(TOP_GRADE + 1) if rate.takes(stage, grade)
        }
        for amount, run in groupby(fen, key=fen.__getitem__):
            grades = list(run)
            found.append({"stage": STAGES.index(stage), "grades": [grades[0], grades[-1]], "fen": amount})
    return found
