"""读取名册: a register as another office keeps it (.csv, .xlsx, .xls) → columns of texts and every problem found.

The headings may be the office's own words, in any order, below a title, on several worksheets. Nothing is corrected here: a
damaged number is what matching is for.
"""

import codecs
import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import duckdb

from junheng.intake.cells import quoted, shown
from junheng.intake.headings import SEARCHED_ROWS, Layout, find_layout
from junheng.intake.model import Problem
from junheng.intake.raw import Tab, open_tabs
from junheng.intake.safety import MAX_FILE, Refused
from junheng.matching.registers import HEADINGS
from junheng.tables import Column, Sheet

LARGE: Final = 1 << 19  # bytes from which a plain CSV is read by the table engine
MAX_LARGE: Final = 2 << 30
_SYNONYMS = {
    "line": (),
    "name": (
        "学生姓名", "儿童姓名", "孩子姓名", "成员姓名", "家庭成员姓名", "残疾人姓名", "救助对象姓名", "享受人姓名", "本人姓名", "学生", "名字",
        "幼儿姓名", "保障对象姓名", "人员姓名", "受助人姓名", "受助学生姓名",
    ),
    "id": (
        "身份证号码", "公民身份号码", "公民身份证号", "身份证件号", "身份证件号码", "身份证", "证件号码", "证件号", "学生身份证号", "学生身份证号码",
        "居民身份证号", "居民身份证号码", "儿童身份证号", "成员身份证号", "本人身份证号", "残疾证号", "残疾人证号", "残疾证号码", "身份号码",
        "证件编号", "身份证号(残疾证号)",
    ),
    "sex": ("学生性别",),
    "born": ("出生年月", "出生年月日", "生日", "出生时间", "出生", "学生出生日期"),
    "county": (
        "县", "区县", "县市区", "县(市、区)", "县(市区)", "县(区)", "所在县区", "所属县区", "户籍县区", "所在县", "区县名称", "县级", "县名称", "县(区)名称",
    ),
    "township": (
        "乡", "镇", "乡(镇)", "乡镇(街道)", "乡镇街道", "乡(镇、街道)", "街道", "所在乡镇", "乡镇名称", "户籍乡镇", "所属乡镇", "镇(乡)",
        "乡镇(街道)名称", "镇街",
    ),
    "village": (
        "行政村", "村(社区)", "村社区", "村居", "社区", "村委会", "村名", "所在村", "村(居)", "行政村名称", "村(居)委会", "村组", "户籍村",
        "村(社区)名称", "居委会", "村/社区", "村居委会",
    ),
    "guardians": ("监护人", "家长姓名", "家长", "监护人(户主)", "法定监护人", "监护人名字", "主要监护人"),
    "father": ("父亲", "父亲名字", "父姓名"),
    "mother": ("母亲", "母亲名字", "母姓名"),
    "head": ("户主", "户主名字", "申请人姓名", "户主(申请人)姓名"),
    "guardian_ids": ("监护人身份证号码", "监护人证件号码", "监护人身份证件号", "监护人身份证", "家长身份证号", "家长身份证号码"),
    "father_id": ("父亲身份证号码", "父亲身份证", "父亲证件号码"),
    "mother_id": ("母亲身份证号码", "母亲身份证", "母亲证件号码"),
    "head_id": ("户主身份证号码", "户主身份证", "户主证件号码", "申请人身份证号"),
    "phone": ("电话", "手机", "手机号", "手机号码", "电话号码", "联系方式", "联系号码", "监护人电话", "监护人联系电话", "家长电话", "家长联系电话", "户主联系电话"),
}  # fmt: skip
_EXTRA = {
    "father": "父亲姓名", "mother": "母亲姓名", "head": "户主姓名", "father_id": "父亲身份证号", "mother_id": "母亲身份证号", "head_id": "户主身份证号",
}  # fmt: skip
_MERGED = {
    "guardians": ("guardians", "father", "mother", "head"),
    "guardian_ids": ("guardian_ids", "father_id", "mother_id", "head_id"),
}
SHEET: Final = Sheet(
    "matching_register", "名册", "要匹配的名册", ("name",),
    tuple(
        Column(name, HEADINGS.get(name) or _EXTRA[name], "text", "", synonyms=words, sensitive=True)
        for name, words in _SYNONYMS.items()
    ),
)  # fmt: skip
_REPEATED = ("sex", "born", "county", "township", "village")
_TOTALS = frozenset(("合计", "总计", "小计", "共计", "总人数"))
_FOOTNOTES = (
    "注:",
    "注：",
    "说明:",
    "说明：",
    "备注:",
    "备注：",
    "填表人",
    "审核人",
    "制表",
    "填报",
    "单位负责人",
)


@dataclass(slots=True)
class Roll:
    """一份名册的原样: `columns` are those of HEADINGS that the file has, equally long; `lines` names each row (行号, or Excel's row)."""

    file: str
    columns: dict[str, list[str | None]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.lines)


def read_roll(path: Path) -> Roll:
    """A register → its columns. OSError when the file cannot be read; what is wrong inside it is listed, never raised."""
    name = path.name
    roll = Roll(name)
    try:
        if path.stat().st_size > LARGE and (found := _plain_csv(path)):
            _read_large(path, *found, roll)
        else:
            _read_tabs(name, path, roll)
    except Refused as refused:
        roll.problems.append(Problem("", 0, "", "", str(refused), "error", refused.code, file=name))
        return roll
    if not roll.lines and not roll.problems:
        message = "没有数据行；请核对是否选对了文件和工作表"
        roll.problems.append(Problem("", 0, "", "", message, "error", "no_rows", file=name))
    _check_lines(roll)
    return roll


def _read_tabs(name: str, path: Path, roll: Roll) -> None:
    if path.stat().st_size > MAX_FILE:
        raise Refused(
            "too_large", f"文件超过 {MAX_FILE >> 20} MB；请另存为 CSV（逗号分隔，第一行是标题）后再试"
        )
    tabs = [tab for tab in open_tabs(name, path.read_bytes()) if not tab.hidden]
    found: list[tuple[Tab, Layout, list[list[str]]]] = []
    passed: list[str] = []
    for tab in tabs:
        rows = [[cell if isinstance(cell, str) else shown(cell) for cell in row] for row in tab.rows()]
        layout = find_layout(SHEET, rows[:SEARCHED_ROWS])
        if layout is None or "name" not in layout.columns:
            if any(cell.strip() for row in rows for cell in row):
                passed.append(tab.name)
            continue
        found.append((tab, layout, rows))
    if not found and passed:
        message = "没有找到“姓名”列；请在数据上方写好标题行（行号、姓名、身份证号、性别、出生日期……）"
        roll.problems.append(Problem("", 0, "姓名", "", message, "error", "no_headings", file=name))
        return
    if passed:
        roll.notes.append(f"{name}：工作表{'、'.join(f'“{tab}”' for tab in passed)}没有“姓名”列，没有读取")
    several = len(found) > 1
    present = {column for _, layout, _ in found for column in layout.columns}
    raw: dict[str, list[str | None]] = {column: [] for column in present}
    for tab, layout, rows in found:
        roll.unread += [heading for _, heading in layout.unknown]
        for place, column in layout.repeated:
            del place
            roll.notes.append(f"{name}：标题“{column.heading}”出现了不止一次，只读取了第一列")
        below = rows[layout.first_row :]
        cells = {
            column: [row[place].strip() if place < len(row) else "" for row in below]
            for column, place in layout.columns.items()
        }
        kept = [at for at in range(len(below)) if _is_person(cells, at, below[at])]
        for wanted, values in raw.items():
            values += [cells[wanted][at] or None for at in kept] if wanted in cells else [None] * len(kept)
        for at in kept:
            number = layout.first_row + 1 + at
            line = cells["line"][at] if "line" in cells else ""
            roll.lines.append(line.removesuffix(".0") or (f"{tab.name}!{number}" if several else str(number)))
    roll.columns = _merged(raw, len(roll.lines))
    if "line" not in present and roll.lines:
        roll.notes.append(f"{name}：没有“行号”列，用 Excel 的行号代替")


def _is_person(cells: Mapping[str, Sequence[str | None]], at: int, row: Sequence[str] = ()) -> bool:
    """Not a blank row, a total, a note below the table, or the headings repeated on each page."""
    name, number = cells["name"][at], cells.get("id")
    if name and number and number[at] and name != "姓名":
        return True
    texts = [text for text in row if text] or [text for values in cells.values() if (text := values[at])]
    if not texts or (name and re.sub(r"\s", "", name) == "姓名"):
        return False
    bare = {re.sub(r"\s", "", text) for text in texts[:4]}
    return not (_TOTALS & bare or (len(texts) < 3 and any(text.startswith(_FOOTNOTES) for text in texts)))


def _merged(raw: dict[str, list[str | None]], size: int) -> dict[str, list[str | None]]:
    """Father, mother and head of household are guardians all the same."""
    columns = {name: raw[name] for name in HEADINGS if name in raw and name not in _MERGED}
    for name, parts in _MERGED.items():
        there = [raw[part] for part in parts if part in raw]
        if len(there) == 1:
            columns[name] = there[0]
        elif there:
            columns[name] = [
                "；".join(cell for cell in cells if cell) or None for cells in zip(*there, strict=True)
            ]
    columns.pop("line", None)
    return columns if all(len(values) == size for values in columns.values()) else {}


def _plain_csv(path: Path) -> tuple[str, str, dict[str, str]] | None:
    """(encoding, delimiter, {heading: column}) when the first line holds the agreed headings themselves; None otherwise."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head[:4] == b"PK\x03\x04" or b"\0" in head:
        return None
    line = head.split(b"\n")[0]
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = line.decode(encoding).strip("\r\n ")
        except UnicodeDecodeError:
            continue
        delimiter = max(",\t;", key=text.count)
        headings = [cell.strip() for cell in next(csv.reader(StringIO(text), delimiter=delimiter), [])]
        agreed = {heading: name for name, heading in chain(HEADINGS.items(), _EXTRA.items())}
        if {"行号", "姓名"} <= set(headings) and len(set(headings)) == len(headings):
            return (
                encoding,
                delimiter,
                {heading: agreed[heading] for heading in headings if heading in agreed},
            )
    return None


def _read_large(path: Path, encoding: str, delimiter: str, headings: dict[str, str], roll: Roll) -> None:
    """A CSV of a region: read by the table engine, column by column, so that it never stands in memory twice."""
    if path.stat().st_size > MAX_LARGE:
        raise Refused("too_large", f"文件超过 {MAX_LARGE >> 30} GB；请按县区拆成几个文件")
    with TemporaryDirectory() as folder:
        source = path
        if encoding == "gb18030" or not _is_utf8(path):
            source = Path(folder) / "converted.csv"
            _convert(path, source)
        try:
            engine = duckdb.connect()
            engine.execute(
                "CREATE TABLE roll AS SELECT * FROM read_csv(?, header = true, all_varchar = true, delim = ?, quote = '\"', "
                "escape = '\"', null_padding = true, strict_mode = true, max_line_size = 4000000)",
                [str(source), delimiter],
            )
        except duckdb.Error:
            # Quotation marks that do not close, lines too long: the patient reader says what is wrong with it.
            _read_tabs(path.name, path, roll)
            return
        raw: dict[str, list[str | None]] = {}
        for heading, name in headings.items():
            if name == "line":
                query = "SELECT coalesce(trim(\"行号\"), '') FROM roll"
            else:
                query = f"SELECT nullif(trim(\"{heading}\"), '') FROM roll"  # noqa: S608
            values = next(iter(engine.execute(query).fetchnumpy().values())).tolist()
            if name in _REPEATED:
                # The same few words stand in all rows: one text for each saves half a gigabyte at the size of a region.
                one: dict[str | None, str | None] = {}
                values = list(map(one.setdefault, values, values))
            raw[name] = values
        engine.close()
    numbers = raw.get("id") or [None] * len(raw["name"])
    kept = [
        at
        for at, (name, number) in enumerate(zip(raw["name"], numbers, strict=True))
        if (name and number and name != "姓名") or _is_person(raw, at)
    ]
    if len(kept) < len(raw["name"]):
        raw = {name: [values[at] for at in kept] for name, values in raw.items()}
    roll.lines = [line or "" for line in raw.pop("line")]
    roll.columns = _merged(raw, len(roll.lines))


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(1 << 22):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _convert(path: Path, target: Path) -> None:
    try:
        with (
            path.open("r", encoding="gb18030", newline="") as source,
            target.open("w", encoding="utf-8", newline="") as file,
        ):
            while chunk := source.read(1 << 22):
                file.write(chunk)
    except UnicodeDecodeError as error:
        raise Refused(
            "encoding", "文字编码无法识别（既不是 UTF-8 也不是 GB18030）；请另存为“CSV UTF-8”后再试"
        ) from error


def _check_lines(roll: Roll) -> None:
    """行号 must tell the rows apart; a row without a name can only be found by its number."""
    if len(set(roll.lines)) != len(roll.lines):
        seen: dict[str, int] = {}
        repeated = []
        for row, line in enumerate(roll.lines):
            if line in seen:
                repeated.append((line, row))
            seen.setdefault(line, row)
        for line, row in repeated[:20]:
            what = (
                f"行号{quoted(line)}与前面第{seen[line] + 1}条重复，结果分不清是哪一行，请改成各不相同"
                if line
                else "没有行号，请填写"
            )
            roll.problems.append(
                Problem("", row + 2, "行号", line, what, "error", "repeated_line", file=roll.file)
            )
        if len(repeated) > 20:
            message = f"另有 {len(repeated) - 20} 行的行号重复或空缺，请一并改正"
            roll.problems.append(
                Problem("", 0, "行号", "", message, "error", "repeated_line", file=roll.file)
            )
    empty = sum(1 for name in roll.columns.get("name", ()) if not name)
    if empty:
        roll.notes.append(f"{roll.file}：{empty} 行没有姓名，只能凭证件号码和监护人查找，不会自动匹配")
