"""测算: the county as of a day → snapshot → measures. Reads the registers; writes only the snapshot's files."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from bureau.registry import queries as registered
from bureau.runs.evidence_models import Evidence
from bureau.runs.models import Run
from bureau.runs.queries import overrides, school_year
from junheng.engines import DuckDB, schema_of
from junheng.measures import Assessment, Sensitivity, sensitivity
from junheng.measures import assess as measure
from junheng.policy import Pack, load, parse
from junheng.tables import SHEETS

SNAPSHOTS = "snapshots"


@dataclass(frozen=True)
class Computed:
    """What one run computed, before it is stored."""

    assessment: Assessment
    sensitivity: Sensitivity
    snapshot: str
    snapshot_sha256: str
    townships: dict[str, str]


def county_pack(county_code: str, pack: str) -> Pack:
    """标准包 with the county's own checked values in it. Raises PackError."""
    own = list(overrides(county_code, pack))
    if not own:
        return load(pack)
    names = "、".join(dict.fromkeys(value.by.display_name for value in own))
    text = {
        "kind": "standard",
        "id": f"{pack}@{county_code}",
        "title": load(pack).title,
        "extends": pack,
        "responsible": names,
        "entered_by": names,
        "documents": [{"key": "县级调整", "number": "县级调整", "title": "县级调整"}],
        "standards": {
            value.path: {
                "value": value.value,
                "document": "县级调整",
                "item": value.reason,
                "status": "assumed",
                "entered_by": value.by.display_name,
                "checked_by": value.checked_by.display_name if value.checked_by else "",
            }
            for value in own
        },
    }
    return parse(yaml.safe_dump(text, allow_unicode=True))


def confirmed_conclusions(tables: dict[str, dict[str, list[Any]]], run: Run) -> None:
    """Conclusions that a second person confirmed take the place of those in 县级数据, in place."""
    county = tables["county"]
    places = {item: index for index, item in enumerate(county["item"])}
    found = Evidence.objects.filter(
        county_code=run.county_code, school_year=school_year(run.day), state="confirmed"
    ).exclude(conclusion="")
    for evidence in found:
        if evidence.item not in places:
            places[evidence.item] = len(county["item"])
            for name, values in county.items():
                values.append({"item": evidence.item, "key": f"{run.county_code}|{evidence.item}"}.get(name))
        index = places[evidence.item]
        county["conclusion"][index] = evidence.conclusion
        county["evidence"][index] = evidence.summary or county["evidence"][index]


def assess(run: Run) -> Computed:
    """测算. Raises PackError when the county's pack is not in order."""
    pack = county_pack(run.county_code, run.pack)
    same = _same_registers(run)
    tables = registered.as_tables(run.day, run.county_code, ("county",) if same else tuple(SHEETS))
    confirmed_conclusions(tables, run)
    townships = dict(
        registered.rows_on("schools", run.day, run.county_code).values_list("school_code", "township_code")
    )
    snapshots = Path(settings.DATA) / SNAPSHOTS
    snapshot = f"{run.county_code}-{run.day}-{run.pk}"
    folder = snapshots / snapshot
    with DuckDB() as engine:
        frames: dict[str, Any] = {}
        for name, sheet in SHEETS.items():
            path = folder / f"{name}.parquet"
            if name in tables:
                frames[name] = engine.from_columns(tables[name], {"key": "text", **schema_of(sheet)})
                engine.write_parquet(frames[name], path, order=("key",))
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.unlink(missing_ok=True)
                path.hardlink_to(snapshots / same / path.name)
                frames[name] = engine.read_parquet(path)
        assessment = measure(frames, pack, day=run.day, county=run.county_code, keep=engine.keep)
    return Computed(
        assessment,
        sensitivity(assessment.facts, pack, day=run.day),
        snapshot,
        fingerprint(folder),
        {code: township or "" for code, township in townships.items()},
    )


def _same_registers(run: Run) -> str:
    """The snapshot of an earlier run of the same registers on the same day; "" when there is none."""
    known = Run.objects.filter(
        county_code=run.county_code, day=run.day, state="done", register_versions=run.register_versions
    ).exclude(snapshot="")
    for earlier in known.order_by("-id")[:3]:
        if (Path(settings.DATA) / SNAPSHOTS / earlier.snapshot / "students.parquet").exists():
            return earlier.snapshot
    return ""


def fingerprint(folder: Path) -> str:
    """快照指纹: SHA-256 over the SHA-256 of each Parquet file, in the order of their names."""
    sums = [hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.parquet"))]
    return hashlib.sha256("\n".join(sums).encode()).hexdigest()
