"""各地计划: invented documents of many genres, annotated in the text itself, scored as unseen ones would be.

`⟦code text|fields⟧` marks one item in tests/core/test_plandocs_places/*.ann; what is left without the marks is the document.
Codes: h header field, #n heading of level n (~ parts label and title), t c n x target, count, norm, context, m money, d deadline,
u bodies, a o subject and office, i implicit, r reference, p person. `||` parts two items on one stretch.
"""

from __future__ import annotations

import difflib
import json
import re
import subprocess
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from junheng.plandocs import compile_plan

FOLDER = Path(__file__).with_suffix("")
SCORER = Path(__file__).resolve().parents[2].parent / "shared" / "plan-gold" / "score.py"
KINDS = {"t": "target", "c": "count", "n": "norm", "x": "context"}
Gold = dict[str, Any]


def _number(word: str) -> float | int:
    return float(word) if "." in word else int(word)


def _target(letter: str, fields: list[str]) -> Gold:
    words = (fields[1] if len(fields) > 1 else "eq 0 个").split()
    values = [_number(w) for w in words[1:-1]]
    return {
        "kind": KINDS[letter],
        "ind": fields[0],
        "cmp": words[0],
        "val": values[0],
        "val2": values[1] if len(values) > 1 else None,
        "unit": words[-1],
        "by": (fields[2] or None) if len(fields) > 2 else None,
    }


def _deadline(fields: list[str]) -> Gold:
    kind, *rest = fields[0].split()
    out: Gold = {"kind": "duration" if kind == "dur" else kind}
    if kind == "dur":
        digits = re.match(r"(\d+)(.*)", rest[0])
        assert digits
        out["n"] = int(digits[1])
    elif kind == "range":
        out["t_start"], out["t_end"] = rest[0].split("..")
    elif kind == "recur":
        out["freq"] = rest[0]
        out["n"] = int(rest[1]) if len(rest) > 1 else None
    elif rest:
        out["t_start" if kind == "from" else "t_end"] = rest[0]
    return out


class _Reader:
    """Reads the marks with one stack, left to right."""

    def __init__(self, source: str) -> None:
        self.text = ""
        self.gold: dict[str, list[Gold]] = defaultdict(list)
        place = 0
        open_marks: list[tuple[int, str]] = []
        fields: dict[int, str] = {}
        while place < len(source):
            c = source[place]
            if c == "⟦":
                head = re.compile(r"(#\d|\w) ").match(source, place + 1)
                assert head, source[place : place + 30]
                open_marks.append((len(self.text), head[1]))
                place = head.end()
                continue
            if c == "|" and open_marks:
                end = source.index("⟧", place)
                fields[len(open_marks)] = source[place + 1 : end]
                place = end
                continue
            if c == "⟧":
                start, code = open_marks.pop()
                self._close(code, start, fields.pop(len(open_marks) + 1, ""))
                place += 1
                continue
            self.text += "\x00" if c == "~" and open_marks and open_marks[-1][1][0] == "#" else c
            place += 1
        self._without_tildes()

    def _close(self, code: str, start: int, fields: str) -> None:
        for number, part in enumerate(fields.split("||")):
            words = part.split("|")
            if number:
                code, words = words[0], words[1:]
            self.gold[code[0]].append(
                {"code": code, "start": start, "end": len(self.text), "fields": words if fields else []}
            )

    def _without_tildes(self) -> None:
        tildes = [m.start() for m in re.finditer("\x00", self.text)]
        raw = self.text
        for items in self.gold.values():
            for item in items:
                verbatim = raw[item["start"] : item["end"]]
                if item["code"][0] == "#":
                    item["label"], _, item["title"] = verbatim.partition("\x00")
                for key in ("start", "end"):
                    item[key] -= sum(t < item[key] for t in tildes)
        self.text = raw.replace("\x00", "")


def gold_of(path: Path) -> tuple[str, Gold]:
    """One annotated document: its text, and its gold in the form of the annotators' files."""
    reader = _Reader(path.read_text(encoding="utf-8"))
    marks, text = reader.gold, reader.text
    nodes: list[Gold] = []
    stack: list[tuple[int, str]] = []
    for count, item in enumerate(sorted(marks["#"], key=lambda i: i["start"]), 1):
        level = int(item["code"][1])
        while stack and stack[-1][0] >= level:
            stack.pop()
        parent = stack[-1][1] if stack else None
        title = re.sub(r"[。：，；、.]+$", "", item["title"])
        nodes.append({"id": f"g{count}", "parent": parent, "start": item["start"], "title": title})
        stack.append((level, f"g{count}"))

    def base(item: Gold) -> Gold:
        at = [n["id"] for n in nodes if n["start"] <= item["start"]]
        span = {"start": item["start"], "end": item["end"], "text": text[item["start"] : item["end"]]}
        return {**span, "node": at[-1] if at else None, "opt": 0}

    gold: Gold = {"file": path.name, "nodes": nodes, "agents": 1}
    gold["header"] = [
        {
            **base(i),
            "field": i["fields"][0],
            "norm": i["fields"][1] if len(i["fields"]) > 1 else base(i)["text"],
        }
        for i in marks["h"]
    ]
    gold["targets"] = []
    for letter in "tcnx":
        for i in marks[letter]:
            spans = {"value_start": i["start"], "value_end": i["end"]}
            gold["targets"].append({**base(i), **spans, **_target(letter, i["fields"])})
    gold["targets"].sort(key=lambda t: t["start"])
    gold["money"] = []
    for i in marks["m"]:
        low, _, high = i["fields"][1].partition("~")
        money = {"ind": i["fields"][0], "yuan": int(low), "yuan2": int(high) if high else None}
        money |= {"per": i["fields"][2].strip("-") or None, "cmp": i["fields"][3]}
        gold["money"].append({**base(i), "value_start": i["start"], "value_end": i["end"], **money})
    gold["deadlines"] = [{**base(i), **_deadline(i["fields"])} for i in marks["d"]]
    gold["implicit"] = [{**base(i), "kind": i["fields"][0]} for i in marks["i"]]
    gold["units"] = [
        {**base(i), "kind": i["fields"][0], "units": i["fields"][1].split(";")} for i in marks["u"]
    ]
    gold["units"] += [
        {**base(i), "kind": k, "units": []} for c, k in (("a", "agent"), ("o", "office")) for i in marks[c]
    ]
    gold["references"] = []
    for i in marks["r"]:
        word = i["fields"][0] if i["fields"] else ""
        kind = word if word in ("self", "abbr") else "ref"
        named = re.search("《(.+)》", base(i)["text"])
        assert named
        gold["references"].append(
            {**base(i), "kind": kind, "title": word if word and kind == "ref" else named[1]}
        )
    gold["persons"] = []
    for i in marks["p"]:
        role, name, *post = i["fields"]
        gold["persons"].append(
            {**base(i), "role": role, "name": name.strip("-"), "post": post[0] if post else ""}
        )
    return text, gold


def write(out: Path) -> list[Path]:
    """Results and gold files of all annotated documents, for the annotators' scorer."""
    golds = []
    for path in sorted(FOLDER.glob("*.ann")):
        text, gold = gold_of(path)
        result = compile_plan(text.encode(), path.stem + ".txt")
        (out / f"{path.stem}.json").write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")
        golds.append(out / f"{path.stem}.yaml")
        golds[-1].write_text(yaml.safe_dump(gold, allow_unicode=True), encoding="utf-8")
    return golds


def close(a: str, b: str) -> bool:
    """Names of one indicator: one holds the other, or six tenths of their letters agree."""
    a, b = (re.sub(r"\s", "", unicodedata.normalize("NFKC", word)) for word in (a, b))
    return bool(a and b) and (a in b or b in a or difflib.SequenceMatcher(None, a, b).ratio() >= 0.6)


def matched(golds: list[Gold], found: list[Gold], start: str, end: str) -> list[tuple[Gold, Gold | None]]:
    """Each annotated item with the item found on the same stretch, closest name first, each used once."""
    free = list(found)
    pairs: list[tuple[Gold, Gold | None]] = []
    for gold in golds:
        here = [f for f in free if f[start] < gold[end] and gold[start] < f[end]]
        here.sort(key=lambda f: not close(gold.get("ind", ""), f.get("ind", "")))
        if here:
            free.remove(here[0])
        pairs.append((gold, here[0] if here else None))
    return pairs


PATHS = sorted(FOLDER.glob("*.ann"))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_quantities_of_a_document(path: Path) -> None:
    text, gold = gold_of(path)
    result = compile_plan(text.encode(), path.stem + ".txt")
    pairs = matched(gold["targets"], result["targets"], "value_start", "value_end")
    missed = [g["text"] for g, f in pairs if f is None and g["kind"] != "context"]
    wrong = [
        (g["text"], g["ind"], f["ind"], f["cmp"], f["val"], f["unit"], f.get("by"))
        for g, f in pairs
        if f is not None
        and g["kind"] != "context"
        and (
            (g["cmp"], g["val"], g["val2"], g["unit"], (g["by"] or "")[:4])
            != (f["cmp"], f["val"], f.get("val2"), f["unit"], (f.get("by") or "")[:4])
            or not close(g["ind"], f["ind"])
        )
    ]
    assert missed == []
    assert len(wrong) <= 1 + len(pairs) // 20, wrong


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_outline_header_money_dates_and_bodies_of_a_document(path: Path) -> None:
    text, gold = gold_of(path)
    result = compile_plan(text.encode(), path.stem + ".txt")
    assert [n["start"] for n in gold["nodes"]] == [n["start"] for n in result["nodes"]]
    header = {(f["field"], re.sub(r"\s", "", f["norm"])) for f in gold["header"]}
    found = {(k, re.sub(r"\s", "", f["norm"])) for k, fields in result["header"].items() for f in fields}
    assert header - found == set()
    money = matched(gold["money"], result["money"], "value_start", "value_end")
    assert [(g["yuan"], g["yuan2"], g["per"], g["cmp"]) for g, _ in money] == [
        (f and f["yuan"], f and f.get("yuan2"), f and f.get("per"), f and f["cmp"]) for _, f in money
    ]
    due = [g for g in gold["deadlines"] if g["kind"] != "context"]
    for g, f in matched(due, result["deadlines"], "start", "end"):
        assert f is not None, g["text"]
        assert (f.get("t_start"), f.get("t_end") if g["kind"] != "duration" else None, f.get("freq")) == (
            g.get("t_start"),
            g.get("t_end"),
            g.get("freq"),
        )
    named = {
        (u["kind"], name)
        for u in gold["units"]
        if u["kind"] not in ("agent", "office")
        for name in u["units"]
    }
    assert named - {(u["kind"], name) for u in result["units"] for name in u["units"]} == set()
    people = {(p["role"], p["name"], p["post"]) for p in gold["persons"]}
    assert people - {(p["role"], p["name"], p["post"]) for p in result["persons"]} == set()


@pytest.mark.skipif(not SCORER.exists(), reason="标注数据不在仓库旁边（../shared/plan-gold）")
def test_the_annotators_scorer_agrees(tmp_path: Path) -> None:
    golds = write(tmp_path)
    command = [sys.executable, str(SCORER), str(tmp_path), *map(str, golds), f"--json={tmp_path / 'scores'}"]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    scores = json.loads((tmp_path / "scores").read_text(encoding="utf-8"))
    floors = {
        "header": 0.97,
        "outline": 0.99,
        "targets": 0.99,
        "targets full": 0.96,
        "money full": 0.96,
        "deadlines": 0.98,
    }
    assert {
        field: scores[field]["f1"] for field, floor in floors.items() if scores[field]["f1"] < floor
    } == {}
