"""读标准包: YAML text → Pack, or every problem found as Chinese sentences. Nothing is guessed and nothing is dropped."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, get_args

import yaml

from junheng.policy.english import problems_of
from junheng.policy.model import CountyLine, Document, Entry, Pack, PackError, Resource, Standard, Status
from junheng.policy.pack_files import shipped, text_of
from junheng.policy.version import version_of

KIND = "standard"
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TOP = {
    "kind", "id", "title", "title_en", "extends", "responsible", "since", "next_review", "entered_by", "checked_by",
    "documents", "resources", "lines", "standards", "notes",
}  # fmt: skip
_ENTRY = {
    "since", "value", "document", "item", "quote", "status", "entered_by", "checked_by", "note",
}  # fmt: skip
_LINE_KINDS = ("numeric", "evidence", "entered", "mixed")


def load(name: str, folders: tuple[Path, ...] = ()) -> Pack:
    """标准包: by id among `folders` and the shipped packs, or by the path of a YAML file. Raises PackError."""
    if not folders and name in shipped():
        return _shipped(name)
    return parse(text_of(name, folders), lambda parent: load(parent, folders))


@cache
def _shipped(name: str) -> Pack:
    """A shipped pack: read once, because it cannot change while the program runs."""
    return parse(text_of(name, ()))


def parse(text: str, parent: Callable[[str], Pack] = load) -> Pack:
    """YAML text → Pack. `parent` finds the pack that this one extends. Raises PackError with all problems at once."""
    try:
        raw = yaml.load(text, Loader=_LOADER)  # noqa: S506 - the safe loader, in C where it was built
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"第{mark.line + 1}行" if mark else "文件"
        raise PackError([f"{place}不是有效的 YAML，请检查缩进、冒号和引号"]) from error
    if not isinstance(raw, dict):
        raise PackError(["标准包应为“名称: 内容”的列表，请对照随附的标准包修改"])
    return _Reader(raw, parent).read()


class _Reader:
    """Walks one pack once and collects problems on the way."""

    def __init__(self, raw: dict[str, Any], parent: Callable[[str], Pack]) -> None:
        self.raw = raw
        self.find_parent = parent
        self.problems: list[str] = []

    def read(self) -> Pack:
        raw = self.raw
        for name in sorted(set(map(str, raw)) - _TOP):
            self.problems.append(f"不认识的项目“{name}”，请删除或改正")
        if raw.get("kind") != KIND:
            self.problems.append(f"kind 应为 {KIND}，发现“{raw.get('kind')}”")
        for name, title in (("id", "编号"), ("title", "名称")):
            if not isinstance(raw.get(name), str) or not raw[name].strip():
                self.problems.append(f"缺少 {name}（{title}），请填写")
        self.problems += problems_of(raw)
        base = self._base()
        documents = dict(base.documents) if base else {}
        documents |= self._documents()
        resources = self._resources() or (base.resources if base else ())
        lines = self._lines() or (base.lines if base else ())
        standards = self._standards(documents, base)
        if base is None:
            self._completeness(resources, lines, standards)
        if self.problems:
            raise PackError(self.problems)
        pack = Pack(
            id=raw["id"],
            title=raw["title"],
            extends=base.id if base else "",
            responsible=str(raw.get("responsible") or ""),
            version="",
            documents=documents,
            standards=standards,
            resources=resources,
            lines=lines,
            next_review=self._day(raw.get("next_review"), "next_review"),
            notes=tuple(str(note) for note in raw.get("notes") or ()),
        )
        return replace(pack, version=version_of(pack))

    def _base(self) -> Pack | None:
        name = self.raw.get("extends")
        if not name:
            return None
        if not str(self.raw.get("responsible") or "").strip():
            self.problems.append("县级改定包须写明 responsible（批准改定的责任人姓名）")
        try:
            return self.find_parent(str(name))
        except PackError as error:
            self.problems.extend(f"所改定的标准包“{name}”：{problem}" for problem in error.problems)
            return None

    def _documents(self) -> dict[str, Document]:
        found = {}
        for place, item in self._rows("documents"):
            if not item.get("key") or not (item.get("number") or item.get("title")):
                self.problems.append(f"{place}：文件须有 key，并至少有文号 number 或题名 title")
                continue
            found[str(item["key"])] = Document(
                str(item["key"]), str(item.get("number") or ""), str(item.get("title") or "")
            )
        return found

    def _rows(self, name: str) -> list[tuple[str, dict[str, Any]]]:
        rows = self.raw.get(name) or []
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.problems.append(f"{name} 应为列表，每项一行")
            return []
        return [(f"{name} 第{number}项", row) for number, row in enumerate(rows, 1)]

    def _resources(self) -> tuple[Resource, ...]:
        found = []
        for place, row in self._rows("resources"):
            texts = [row.get(key) for key in ("code", "title", "unit", "numerator", "numerator_unit")]
            per, scale = row.get("per", 1), row.get("scale", 1)
            if not all(isinstance(text, str) and text for text in texts):
                self.problems.append(f"{place}：code、title、unit、numerator、numerator_unit 都须填写")
            elif not all(isinstance(number, int | float) and number > 0 for number in (per, scale)):
                self.problems.append(f"{place}：per 和 scale 应为正数，发现“{per}”“{scale}”")
            elif not all(isinstance(row.get(key), bool) for key in ("whole", "split")):
                self.problems.append(f"{place}：whole、split 应为 true 或 false")
            else:
                code, title, unit, numerator, numerator_unit = map(str, texts)
                whole, split = row["whole"], row["split"]
                found.append(
                    Resource(
                        code, title, unit, numerator, numerator_unit, float(per), float(scale), whole, split
                    )
                )
        return tuple(found)

    def _lines(self) -> tuple[CountyLine, ...]:
        found = []
        for place, row in self._rows("lines"):
            texts = [row.get(key) for key in ("code", "title", "group")]
            kind = row.get("kind")
            if not all(isinstance(text, str) and text for text in texts):
                self.problems.append(f"{place}：code、title、group 都须填写")
            elif kind not in _LINE_KINDS:
                self.problems.append(f"{place}：kind 应为 {'、'.join(_LINE_KINDS)} 之一，发现“{kind}”")
            else:
                items = tuple(str(item) for item in row.get("items") or ())
                found.append(CountyLine(str(texts[0]), str(texts[1]), str(texts[2]), kind, items))
        return tuple(found)

    def _standards(self, documents: Mapping[str, Document], base: Pack | None) -> dict[str, Standard]:
        found = dict(base.standards) if base else {}
        rows = self.raw.get("standards") or {}
        if not isinstance(rows, dict):
            self.problems.append("standards 应为“名称: 取值”的形式")
            return found
        for name, row in rows.items():
            place = f"“{name}”"
            if not isinstance(row, dict):
                self.problems.append(f"{place}：应写明 value、document、item、status")
                continue
            old = found.get(str(name))
            if (
                base is not None
                and old is None
                and "." not in str(name)
                and not self._is_resource(name, base)
            ):
                self.problems.append(f"{place}：所改定的标准包没有这一项，请核对名称")
            entries = self._entries(place, row, documents)
            if base is not None:
                for entry in entries:
                    self._same_shape(place, entry, old)
            if entries:
                found[str(name)] = Standard(
                    str(name),
                    str(row.get("title") or (old.title if old else name)),
                    str(row.get("unit") or (old.unit if old else "")),
                    entries,
                    str(self.raw.get("responsible") or "") if base is not None else "",
                )
        return found

    @staticmethod
    def _is_resource(name: object, base: Pack) -> bool:
        return any(resource.code == name for resource in base.resources)

    def _entries(
        self, place: str, row: dict[str, Any], documents: Mapping[str, Document]
    ) -> tuple[Entry, ...]:
        common = {key: row[key] for key in _ENTRY if key in row}
        rows = row.get("values")
        unknown = sorted(set(row) - _ENTRY - {"values", "title", "title_en", "unit"})
        if unknown:
            self.problems.append(f"{place}：不认识的“{'、'.join(unknown)}”，请删除或改正")
        if rows is None:
            rows = [{}]
        if not isinstance(rows, list) or not rows or not all(isinstance(item, dict) for item in rows):
            self.problems.append(f"{place}：values 应为列表，每个取值一项")
            return ()
        entries = [self._entry(place, {**common, **item}, documents) for item in rows]
        good = [entry for entry in entries if entry is not None]
        days = [entry.since or date.min for entry in good]
        if days != sorted(set(days)):
            self.problems.append(f"{place}：各取值的 since 应由早到晚且不重复")
        return tuple(good)

    def _entry(self, place: str, row: dict[str, Any], documents: Mapping[str, Document]) -> Entry | None:
        before = len(self.problems)
        value = row.get("value")
        if not _usable(value):
            self.problems.append(f"{place}：value 应为数、文字、列表或“学段: 数”，发现“{value}”")
        document = str(row.get("document") or "")
        if document not in documents:
            known = "、".join(documents) or "（无）"
            self.problems.append(f"{place}：document“{document}”不在文件列表中，可用：{known}")
        if not str(row.get("item") or "").strip():
            self.problems.append(f"{place}：缺少 item（条款或项次）")
        status: Any = row.get("status")
        if status not in get_args(Status):
            self.problems.append(f"{place}：status 应为 {'、'.join(get_args(Status))} 之一，发现“{status}”")
        entered_by = str(row.get("entered_by") or self.raw.get("entered_by") or "").strip()
        if not entered_by:
            self.problems.append(f"{place}：缺少 entered_by（录入人）")
        since = self._day(row.get("since", self.raw.get("since")), f"{place}的 since")
        if len(self.problems) > before or value is None:
            return None
        checked = str(row.get("checked_by", self.raw.get("checked_by")) or "")
        quote, note = str(row.get("quote") or ""), str(row.get("note") or "")
        return Entry(since, value, document, str(row["item"]), quote, status, entered_by, checked, note)

    def _same_shape(self, place: str, entry: Entry, old: Standard | None) -> None:
        """An override keeps the form of what it overrides: a county cannot drop a stage by accident."""
        if old is None:
            return
        before = old.entries[-1].value
        if _shape(before) != _shape(entry.value):
            self.problems.append(f"{place}：改定值的形式与原值不同（原值 {before}，改为 {entry.value}）")
        elif isinstance(before, dict) and isinstance(entry.value, dict) and set(before) != set(entry.value):
            lost = "、".join(map(str, set(before) ^ set(entry.value)))
            self.problems.append(f"{place}：改定值须与原值的类别一致，请核对“{lost}”")

    def _day(self, value: object, place: str) -> date | None:
        if value is None or isinstance(value, date):
            return value
        self.problems.append(f"{place}应为日期，如 2024-09-01，发现“{value}”")
        return None

    def _completeness(
        self,
        resources: tuple[Resource, ...],
        lines: tuple[CountyLine, ...],
        standards: Mapping[str, Standard],
    ) -> None:
        if not resources:
            self.problems.append("没有资源配置指标，请在 resources 中列出")
        for name in REQUIRED:
            if name not in standards:
                self.problems.append(f"缺少标准“{name}”，请补充")
        for line in lines:
            if line.code not in standards:
                self.problems.append(f"县级指标 {line.code} 没有对应的标准取值，请补充")
        codes = [resource.code for resource in resources] + [line.code for line in lines]
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            self.problems.append(f"指标编号 {code} 重复，请改正")


REQUIRED = (
    "scope.stages", "scope.excluded_kinds", "scope.excluded_organizers", "scope.teaching_point_kinds",
    "scope.teaching_point_minimum", "scope.enrolled", "split.weights", "qualified.education", "teacher.post",
    "borderline.margin", "rounding.test", "rounding.decimals",
)  # fmt: skip


def _usable(value: object) -> bool:
    if isinstance(value, dict):
        return bool(value) and all(isinstance(v, int | float | str | list) for v in value.values())
    return isinstance(value, int | float | str | bool | list) and value != ""


def _shape(value: object) -> str:
    if isinstance(value, bool):
        return "flag"
    return "number" if isinstance(value, int | float) else type(value).__name__
