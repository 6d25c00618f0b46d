"""考勤表: roll calls in Excel. 点名 says which class called the roll on which day, 缺勤 names the pupils, 名单 is there to copy from."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from io import BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from bureau.attendance.rules import KINDS, LONGEST_REASON, PARTS
from bureau.attendance.shapes import ClassRef, Named, RollCall
from junheng.documents.sheets import book
from junheng.intake.cells import cell_text
from junheng.intake.dates import cell_day
from junheng.intake.safety import Refused as NotOpened
from junheng.intake.safety import inspect
from junheng.tables import codes
from junheng.tables.codes import code_names

CALLS, AWAY, NAMES = "点名", "缺勤", "名单"
CALL_HEADINGS = ("日期", "年级", "班号", "应到", "已点名")
AWAY_HEADINGS = ("日期", "年级", "班号", "姓名", "学籍号后四位", "类别", "时段", "事由")
LARGEST = 10 * 1024 * 1024
MOST_ROWS = 60_000


@dataclass(frozen=True, slots=True)
class Roll:
    """一个班的名单, as a sheet needs it: (student key, name, last four characters of the enrolment number)."""

    ref: ClassRef
    pupils: Sequence[tuple[str, str, str]]


@dataclass(slots=True)
class Reading:
    """读到的点名 and every problem."""

    calls: list[RollCall] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def workbook(
    rolls: Sequence[Roll], days: Sequence[date], standing: Mapping[tuple[ClassRef, date], RollCall]
) -> bytes:
    """考勤表 of one school for some school days, with what is registered already."""
    grades = codes("grade")
    calls = [
        [day, grades.get(one.ref.grade, one.ref.grade), one.ref.class_number, len(one.pupils), "是" if (one.ref, day) in standing else None]
        for day in days
        for one in rolls
    ]  # fmt: skip
    people = {key: (name, tail) for one in rolls for key, name, tail in one.pupils}
    away = [
        [
            call.day, grades.get(call.ref.grade, call.ref.grade), call.ref.class_number, *people.get(one.student_key, ("", "")),
            KINDS[one.kind], PARTS[one.part], one.reason,
        ]
        for call in standing.values()
        for one in call.absences
    ]  # fmt: skip
    with book() as made:
        sheet = made.table(CALLS, CALL_HEADINGS, calls, (12, 8, 7, 7, 9))
        sheet.write_comment(0, 4, "点过名的班填“是”，没有人缺勤也要填；空着表示未登记。")
        sheet.data_validation(1, 4, max(len(calls), 1), 4, {"validate": "list", "source": ["是"]})
        sheet = made.table(AWAY, AWAY_HEADINGS, away, (12, 8, 7, 12, 13, 8, 8, 30))
        sheet.write_comment(0, 3, "只写没有全天在校的学生；姓名须与“名单”一致，同班重名时再填学籍号后四位。")
        last = len(away) + 2_000
        sheet.data_validation(1, 5, last, 5, {"validate": "list", "source": list(KINDS.values())})
        sheet.data_validation(1, 6, last, 6, {"validate": "list", "source": list(PARTS.values())})
        names = [
            [grades.get(one.ref.grade, one.ref.grade), one.ref.class_number, name, tail]
            for one in rolls
            for _key, name, tail in one.pupils
        ]
        made.table(NAMES, ("年级", "班号", "姓名", "学籍号后四位"), names, (8, 7, 12, 13))
    return made.content


def read(content: bytes, rolls: Sequence[Roll]) -> Reading:
    """读考勤表 of one school: the roll calls it holds, and every problem as a sentence, all at once."""
    found = Reading()
    if len(content) > LARGEST:
        found.problems = [f"文件有 {len(content) / 1024 / 1024:.0f} MB，考勤表不该这么大，请检查是否选错文件"]
        return found
    try:
        inspect(content)
        opened = CalamineWorkbook.from_filelike(BytesIO(content))
        tabs = {
            name: opened.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in (CALLS, AWAY)
            if name in opened.sheet_names
        }
    except NotOpened as refused:
        found.problems = [str(refused)]
        return found
    except (CalamineError, IndexError):
        found.problems = ["文件打不开，请用从本页下载的考勤表（.xlsx）填写后上传"]
        return found
    if not tabs:
        found.problems = [f"没有找到工作表“{CALLS}”或“{AWAY}”，请用从本页下载的考勤表填写后上传"]
        return found
    if any(len(cells) > MOST_ROWS for cells in tabs.values()):
        found.problems = [f"表里超过 {MOST_ROWS:,} 行，请按月分开上传"]
        return found
    _Reader(rolls, found).read(tabs)
    return found


class _Reader:
    """One file against the rolls of one school."""

    def __init__(self, rolls: Sequence[Roll], found: Reading) -> None:
        self.found = found
        self.rolls = {(one.ref.grade, one.ref.class_number): one for one in rolls}
        self.grades = code_names("grade")
        self.called: dict[tuple[ClassRef, date], list[Named]] = defaultdict(list)
        self.seen: dict[tuple[date, str], int] = {}

    def read(self, tabs: Mapping[str, list[list[Any]]]) -> None:
        for line in self._lines(tabs, CALLS, ("日期", "年级", "班号", "已点名")):
            self._call(*line)
        for line in self._lines(tabs, AWAY, ("日期", "年级", "班号", "姓名", "类别")):
            self._away(*line)
        if not self.called and not self.found.problems:
            self.found.problems.append("表里没有填任何一次点名：请在“点名”填“是”，或在“缺勤”写学生")
        self.found.calls = [
            RollCall(ref, day, tuple(named)) for (ref, day), named in sorted(self.called.items())
        ]

    def _say(self, tab: str, row: int, heading: str, found: str, do: str) -> None:
        self.found.problems.append(f"工作表“{tab}”第{row}行“{heading}”：{found}，{do}")

    def _lines(
        self, tabs: Mapping[str, list[list[Any]]], tab: str, needed: Sequence[str]
    ) -> list[tuple[int, dict[str, Any]]]:
        cells = tabs.get(tab)
        if not cells:
            return []
        head = next(
            (at for at, row in enumerate(cells[:10]) if "日期" in [cell_text(one) for one in row]), None
        )
        if head is None:
            self.found.problems.append(f"工作表“{tab}”没有标题“日期”，请用下载的考勤表填写")
            return []
        places = {cell_text(one): at for at, one in enumerate(cells[head]) if cell_text(one)}
        missing = [heading for heading in needed if heading not in places]
        if missing:
            self.found.problems.append(f"工作表“{tab}”缺少标题“{'”“'.join(missing)}”，请用下载的考勤表填写")
            return []
        return [
            (number, {heading: row[at] for heading, at in places.items() if at < len(row)})
            for number, row in enumerate(cells[head + 1 :], head + 2)
            if any(cell_text(one) for one in row)
        ]

    def _place(self, tab: str, row: int, line: Mapping[str, Any]) -> tuple[Roll, date] | None:
        day = cell_day(line.get("日期"))
        if day is None:
            self._say(tab, row, "日期", f"“{cell_text(line.get('日期'))}”不是日期", "请写成 2026-09-01")
        grade = self.grades.get(cell_text(line.get("年级")))
        number = cell_text(line.get("班号")).removesuffix("班")
        if grade is None:
            self._say(
                tab,
                row,
                "年级",
                f"“{cell_text(line.get('年级'))}”不在列表里",
                "请写成 三年级、初一 这样的名称",
            )
        if not number.isdigit():
            self._say(tab, row, "班号", f"“{number}”不是整数", "请写成 1、2、3")
        if day is None or grade is None or not number.isdigit():
            return None
        roll = self.rolls.get((grade, int(number)))
        if roll is None:
            self._say(
                tab,
                row,
                "班号",
                f"学籍里没有{cell_text(line.get('年级'))}{number}班",
                "请对照工作表“名单”改正",
            )
            return None
        return roll, day

    def _call(self, row: int, line: Mapping[str, Any]) -> None:
        said = cell_text(line.get("已点名"))
        if not said:
            return
        if said not in ("是", "√", "✓"):
            self._say(CALLS, row, "已点名", f"“{said}”看不懂", "点过名填“是”，没有就空着")
            return
        place = self._place(CALLS, row, line)
        if place:
            self.called.setdefault((place[0].ref, place[1]), [])

    def _away(self, row: int, line: Mapping[str, Any]) -> None:
        place = self._place(AWAY, row, line)
        kinds = {words: kind for kind, words in KINDS.items()}
        parts = {words: part for part, words in PARTS.items()}
        kind, part, reason = (cell_text(line.get(name)) for name in ("类别", "时段", "事由"))
        if kind not in kinds:
            found = f"“{kind}”不在列表里" if kind else "没有填写"
            self._say(AWAY, row, "类别", found, f"应为：{'、'.join(kinds)}")
        if part and part not in parts:
            self._say(AWAY, row, "时段", f"“{part}”不在列表里", f"应为：{'、'.join(parts)}，空着就是全天")
        if len(reason) > LONGEST_REASON:
            self._say(AWAY, row, "事由", f"有 {len(reason)} 个字", f"最多 {LONGEST_REASON} 个，请缩短")
        if place is None:
            return
        key = self._pupil(row, line, place[0])
        if key is None:
            return
        if (place[1], key) in self.seen:
            self._say(
                AWAY, row, "姓名", f"与第{self.seen[place[1], key]}行是同一天的同一名学生", "请删去一行"
            )
            return
        self.seen[place[1], key] = row
        if kind in kinds and (not part or part in parts) and len(reason) <= LONGEST_REASON:
            self.called[place[0].ref, place[1]].append(
                Named(key, kinds[kind], parts.get(part, "day"), reason)
            )

    def _pupil(self, row: int, line: Mapping[str, Any], roll: Roll) -> str | None:
        name, tail = cell_text(line.get("姓名")), cell_text(line.get("学籍号后四位")).upper().zfill(4)
        same = [one for one in roll.pupils if one[1] == name]
        if len(same) > 1 and cell_text(line.get("学籍号后四位")):
            same = [one for one in same if one[2] == tail]
        if len(same) == 1:
            return same[0][0]
        if not name:
            self._say(AWAY, row, "姓名", "没有填写", "请照工作表“名单”填写")
        elif same:
            self._say(AWAY, row, "姓名", f"这个班有 {len(same)} 名“{name}”", "请在“学籍号后四位”填写是哪一名")
        else:
            near = get_close_matches(name, [one[1] for one in roll.pupils], 1, 0.5)
            hint = f"是否“{near[0]}”？" if near else ""
            self._say(AWAY, row, "姓名", f"“{name}”不在这个班的学籍名单上", f"{hint}请照工作表“名单”改正")
        return None
