"""指标目录: the measures that a target of a plan can be bound to, read from `policy/packs_measures` and the standard pack.

A measure is named by its formula, not by its wording: 巩固率 with and without adjustment are two measures. What no
register holds is in the catalogue too, as a reported series (source "reported") with what has to be handed in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

import yaml

from junheng.policy import STATUS_TITLES, Document, Pack, PackError, load
from junheng.policy.english import problems_of

Direction = Literal["ge", "le"]
Source = Literal["registers", "results", "ledgers", "reported"]

STAGE_GROUPS: dict[str, tuple[str, ...]] = {
    "义务教育": ("小学", "初中"),
    "高中阶段": ("高中", "中职"),
    "中小学": ("小学", "初中", "高中"),
}
"""学段的合称: a group of stages, and the stages in it. "" stands for all stages."""

_FIELDS = {
    "code", "title", "title_en", "group", "unit", "direction", "stages", "formula", "document", "item", "status", "over_100",
    "needs", "by", "areas", "words", "without", "note", "source", "setting", "column", "pack", "values", "kinds",
    "factor", "line", "figure", "result",
}  # fmt: skip
_HOW = ("by", "setting", "column", "pack", "values", "kinds", "factor", "line", "figure", "result")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_REPORTED = "reported"
_STANDARD_PACK = "balanced-2017"


@dataclass(frozen=True)
class Measure:
    """指标: what is counted, in which unit, by which formula, and from what.

    `direction` says which way is better. `stages` are those it can be asked for, the first being the usual one ("" is
    all stages together). `words` are wordings of plan documents, each a tuple of parts that must all occur; `without`
    are wordings that exclude it. `needs` names the tables, `areas` whether it can be given by township and school.
    `how` tells the computation which columns and settings to use. `note` of a reported series says what to hand in.
    """

    code: str
    title: str
    group: str
    unit: str
    direction: Direction
    stages: tuple[str, ...]
    formula: str
    clause: str
    source: Source
    over_100: bool = False
    needs: tuple[str, ...] = ()
    areas: tuple[str, ...] = ("county",)
    words: tuple[tuple[str, ...], ...] = ()
    without: tuple[tuple[str, ...], ...] = ()
    note: str = ""
    how: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def whole(self) -> bool:
        """Whether it counts things, so that only whole numbers occur."""
        return self.unit in ("人", "所", "个", "项")


@dataclass(frozen=True, slots=True)
class Setting:
    """口径: a list of codes that a formula refers to, and its citation."""

    title: str
    values: tuple[str, ...]
    clause: str


@dataclass(frozen=True)
class Catalogue:
    """指标目录: iterable in its order; `catalogue["retention.adjusted"]` or KeyError."""

    measures: Mapping[str, Measure]
    settings: Mapping[str, Setting]

    def __getitem__(self, code: str) -> Measure:
        return self.measures[code]

    def __contains__(self, code: str) -> bool:
        return code in self.measures

    def __iter__(self) -> Iterator[Measure]:
        return iter(self.measures.values())

    def groups(self) -> dict[str, list[Measure]]:
        """{group: its measures}, in order: what a list to choose from shows."""
        found: dict[str, list[Measure]] = {}
        for measure in self:
            found.setdefault(measure.group, []).append(measure)
        return found


@cache
def catalogue() -> Catalogue:
    """The catalogue that comes with the program; the 31 indicators are those of the national standard pack."""
    text = (
        files("junheng.policy").joinpath("packs_measures", "plan-measures.yaml").read_text(encoding="utf-8")
    )
    return parse_catalogue(text, load(_STANDARD_PACK))


def expand(stage: str) -> tuple[str, ...]:
    """学段 → the single stages meant; () for all stages."""
    return STAGE_GROUPS.get(stage, (stage,)) if stage else ()


def parse_catalogue(text: str, pack: Pack) -> Catalogue:
    """YAML → Catalogue. Raises PackError with every problem as a Chinese sentence."""
    try:
        raw = yaml.load(text, Loader=_LOADER)  # noqa: S506 - the safe loader, in C where it was built
    except yaml.YAMLError as error:
        raise PackError(["指标目录不是有效的 YAML，请检查缩进、冒号和引号"]) from error
    if not isinstance(raw, dict) or raw.get("kind") != "measures":
        raise PackError(["指标目录的 kind 应为 measures，请对照随附的目录修改"])
    return _Reader(raw, pack).read()


class _Reader:
    def __init__(self, raw: dict[str, Any], pack: Pack) -> None:
        self.raw, self.pack = raw, pack
        self.problems: list[str] = []
        self.documents = {
            str(row["key"]): Document(
                str(row["key"]), str(row.get("number") or ""), str(row.get("title") or "")
            )
            for row in raw.get("documents") or ()
        }

    def read(self) -> Catalogue:
        self.problems.extend(problems_of(self.raw))
        settings = {
            str(name): Setting(
                str(row.get("title") or name),
                tuple(map(str, row.get("value") or ())),
                self._clause(f"settings“{name}”", row),
            )
            for name, row in (self.raw.get("settings") or {}).items()
        }
        measures: dict[str, Measure] = {}
        found = [
            self._measure(place, row, settings) for place, row in enumerate(self.raw.get("measures") or (), 1)
        ]
        for row in self.raw.get("resources") or ():
            found.extend(self._resource(row))
        for measure in found:
            if measure is not None and measure.code in measures:
                self.problems.append(f"指标编号“{measure.code}”重复，请改正")
            elif measure is not None:
                measures[measure.code] = measure
        if self.problems:
            raise PackError(self.problems)
        return Catalogue(measures, settings)

    def _clause(self, place: str, row: Mapping[str, Any]) -> str:
        document, status = self.documents.get(str(row.get("document"))), str(row.get("status"))
        if document is None or status not in STATUS_TITLES or not row.get("item"):
            self.problems.append(f"{place}：须写明已列出的文件 document、条款 item 和核对状态 status")
            return ""
        mark = "" if status == "V" else f"［{STATUS_TITLES[status]}］"
        return f"{document.name}{row['item']}{mark}"

    def _measure(
        self, number: int, row: Mapping[str, Any], settings: Mapping[str, Setting]
    ) -> Measure | None:
        place = f"measures 第{number}项“{row.get('code')}”"
        before = len(self.problems)
        for name in sorted(set(map(str, row)) - _FIELDS):
            self.problems.append(f"{place}：不认识的项目“{name}”，请删除或改正")
        for name in ("code", "title", "title_en", "group", "formula"):
            if not row.get(name):
                self.problems.append(f"{place}：缺少 {name}，请填写")
        source: Any = row.get("source") or (_REPORTED if row.get("by") == _REPORTED else "registers")
        if source not in get_args(Source) or row.get("direction") not in get_args(Direction):
            self.problems.append(f"{place}：source 或 direction 不在可用的词中，请改正")
        if source == _REPORTED and not row.get("note"):
            self.problems.append(f"{place}：登记表中没有的指标须写明 note（需要填报什么）")
        if (
            row.get("setting")
            and row["setting"] not in settings
            and not str(row.get("by")).startswith("class_")
        ):
            self.problems.append(f"{place}：口径“{row['setting']}”没有列在 settings 中，请补充")
        clause = self._clause(place, row)
        if len(self.problems) > before:
            return None
        return Measure(
            code=row["code"],
            title=row["title"],
            group=row["group"],
            unit=str(row.get("unit") or ""),
            direction=row["direction"],
            stages=tuple(row.get("stages") or ("",)),
            formula=row["formula"],
            clause=clause,
            source=source,
            over_100=bool(row.get("over_100")),
            needs=tuple(row.get("needs") or ()),
            areas=tuple(row.get("areas") or ("county",)),
            words=_words(row.get("words")),
            without=_words(row.get("without")),
            note=str(row.get("note") or ""),
            how={name: row[name] for name in _HOW if name in row},
        )

    def _resource(self, row: Mapping[str, Any]) -> list[Measure]:
        """县均值、达标学校占比、差异系数 of one resource indicator, as the standard pack defines it."""
        code = str(row.get("code"))
        if code not in self.pack.standards or not any(r.code == code for r in self.pack.resources):
            self.problems.append(f"resources“{code}”：标准包中没有这项资源配置指标，请核对编号")
            return []
        resource = self.pack.resource(code)
        words, title = _words(row.get("words")), resource.title
        clause = self._standard_clause(code)
        amount, unit = resource.numerator_unit, resource.unit

        def one(
            part: str,
            name: str,
            unit: str,
            direction: Direction,
            formula: str,
            areas: tuple[str, ...],
            extra: str,
        ) -> Measure:
            stages = ("义务教育", "小学", "初中") if part != "cv" else ("小学", "初中")
            also = tuple((*parts, extra) for parts in words) if extra else words
            return Measure(
                code=f"{code}.{part}",
                title=name,
                group="优质均衡",
                unit=unit,
                direction=direction,
                stages=stages,
                formula=formula,
                clause=clause,
                source="results",
                over_100=unit != "%",
                areas=areas,
                words=also,
                how={"result": f"resource_{part}", "resource": code},
            )

        everywhere = ("county", "township", "school")
        return [
            one("mean", f"{title}（全县平均）", unit, "ge", f"全县{title}：分子之和（{amount}）÷在校生之和", everywhere, ""),
            one("share", f"{title}达标学校占比", "%", "ge", f"{title}达标的学校（学段）÷已报的学校（学段）×100%", everywhere, "达标"),
            one("cv", f"{title}校际差异系数", "", "le", "按学生数加权的标准差÷全县平均值", ("county",), "差异系数"),
        ]  # fmt: skip

    def _standard_clause(self, code: str) -> str:
        entry = self.pack.standards[code].entries[-1]
        mark = "" if entry.status == "V" else f"［{STATUS_TITLES[entry.status]}］"
        return f"{self.pack.documents[entry.document].name}{entry.item}{mark}"


def _words(raw: Any) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(str(words).split()) for words in raw or ())
