"""名册的毛病: what is odd about one line, about lines together, and about the file as a whole; every sentence says what to do.

Nothing is corrected and no line is refused for what it says: damaged numbers are what matching is for. Identifiers in sentences are masked.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date

from bureau.links.raw_lines import RawLine, Reading
from bureau.people.secret import mask_id
from junheng.intake.cells import Flaw, narrow, quoted
from junheng.intake.dates import to_date, to_month
from junheng.intake.identity import birth_inside, to_id_number
from junheng.matching.reading import SHEET as MATCHED
from junheng.tables import Column

_CARD = 20  # characters from which a number may be that of a disability card
_KIN = re.compile("父|母")
_ENDED = re.compile("死亡|去世|病故|迁出|已退出|停发|已注销|不再享受|取消资格")
_WHOLE = 0.5  # of a column from which damage is said once for the file
_FAR = 13  # years between a child's birth date and the one in the number that make it a parent's
_DATE = Column("date", "日期", "date", "")
_HEADINGS = {column.name: column.heading for column in MATCHED.columns} | {"enrolment": "学号"}


def look(source: str, line: RawLine, headings: dict[str, str]) -> None:
    """Puts what is odd about one line on it, and reads its dates."""

    def said(name: str, sentence: str) -> None:
        line.flaws.append((headings.get(name) or _HEADINGS.get(name, name), sentence))

    if not line.text("name") and not line.flaws:
        said("name", "没有姓名，只能凭证件号码和监护人查找，不会自动对上；请向原单位补姓名")
    _look_at_number(source, line, said)
    if written := line.text("born"):
        value = to_date(_DATE, written)
        if isinstance(value, date):
            line.born = value
        elif isinstance(value, Flaw):
            said("born", value.message)
    if line.born and line.inside and abs(line.born.year - line.inside.year) > _FAR:
        said(
            "id",
            f"号码中的出生年份是 {line.inside.year}，出生日期却是 {line.born.year}，像是填了监护人的号码；请改填孩子本人的",
        )
    if (ended := _ENDED.search(line.text("remarks"))) and not _KIN.search(line.text("remarks")):
        said("remarks", f"写着“{ended[0]}”，但人还在名册上；请向原单位核实是否仍然在册")
    for name in ("since", "until"):
        if written := line.text(name):
            value = to_date(_DATE, written)
            value = to_month(_DATE, written) if isinstance(value, Flaw) else value
            if isinstance(value, date):
                setattr(line, name, value)
            elif isinstance(value, Flaw):
                said(name, value.message)
    if line.since and line.until and line.until < line.since:
        said("until", f"终止日期 {line.until} 早于起始日期 {line.since}，请核对")
        line.until = None


def _look_at_number(source: str, line: RawLine, said: Callable[[str, str], None]) -> None:
    written = line.text("id")
    if source == "hardship":
        _look_at_enrolment(line, said)
        if not written:
            return
    if not written:
        said("id", "没有身份证号，只能凭姓名、出生日期、监护人和住址比对；请向原单位补号码")
        return
    bare = "".join(written.split())
    value = to_id_number(MATCHED.by_name["id"], bare)
    if isinstance(value, Flaw) and len(bare) >= _CARD:
        # 残疾证号: the ID number, then kind and grade.
        card = to_id_number(MATCHED.by_name["id"], narrow(bare).lstrip("'‘’`")[:18])
        value = value if isinstance(card, Flaw) else card
    if isinstance(value, Flaw):
        said("id", value.message.replace(quoted(bare), f"“{mask_id(bare)}”"))
        return
    number = str(value)
    line.right, line.number, line.inside = True, number, birth_inside(number)


def _look_at_enrolment(line: RawLine, said: Callable[[str, str], None]) -> None:
    """A school names its pupils by 学号, or by school and class; the ID number may be left blank."""
    written = line.text("enrolment")
    if "E+" in written.upper():
        said("enrolment", f"{quoted(written)}按数字保存，后几位已经丢失；请把这一列设为“文本”后重新填写学号")
    elif not written and not line.text("id") and not (line.text("school") and line.text("class")):
        said("enrolment", "没有学号和身份证号，也没有学校和班级，只能凭姓名查找；请补学号，或补学校和班级")


# --- what is odd about lines together ------------------------------------------------------------------------------


def look_across(reading: Reading) -> None:
    """Puts what is odd about lines together on them, and says once for the file what is wrong with many."""
    _look_at_shared(reading.lines, reading.headings)
    _look_at_doubled(reading.lines, reading.headings)
    _say_once(reading)


def _look_at_shared(lines: Iterable[RawLine], headings: dict[str, str]) -> None:
    """One number for several names: a parent's for all children, or a number typed to fill the cell."""
    bearers: dict[str, list[RawLine]] = defaultdict(list)
    for line in lines:
        if line.right:
            bearers[line.number].append(line)
    heading = headings.get("id", "身份证号")
    for several in bearers.values():
        if len({_name(line) for line in several}) < 2:
            continue
        places = "、".join(line.place for line in several[:5]) + ("……" if len(several) > 5 else "")
        for line in several:
            line.flaws.append((heading, f"第 {places} 行姓名不同，却填了同一个号码；请逐个改填孩子本人的"))


def _name(line: RawLine) -> str:
    return "".join(line.text("name").split())


def _look_at_doubled(lines: Iterable[RawLine], headings: dict[str, str]) -> None:
    """One child on two lines; when the lines say different things of it, both say so."""
    same: dict[tuple[str, str], list[RawLine]] = defaultdict(list)
    for line in lines:
        if line.right:
            same[line.number, _name(line)].append(line)
    for several in same.values():
        if len(several) < 2:
            continue
        first, *others = several
        for line in others:
            said = [
                f"{headings.get(name, name)}“{first.text(name)}”和“{line.text(name)}”"
                for name in ("category", "level")
                if first.text(name) != line.text(name)
            ]
            what = f"，但{'、'.join(said)}不一致，请原单位确认以哪一条为准" if said else "，请删去一条"
            line.flaws.append((headings.get("name", "姓名"), f"与第 {first.place} 行是同一个孩子{what}"))


_PEOPLE = re.compile(r"(家庭|保障|户|供养|救助|享受)?(总?人口|人数|人口数)")
_HOUSES = ("minimum", "registered", "monitored")
_FEWEST, _GROWN_SHARE, _GROWN = 5, 0.8, 22


def look_at_household(source: str, reading: Reading, day: date | None) -> None:
    """只列户主的名单: one line a household with the number of its people. Of the children in them it says nothing, neither 是 nor 否."""
    if source not in _HOUSES or day is None or not any(_PEOPLE.search(heading) for heading in reading.unread):
        return
    if any(line.text("relation").strip() not in ("", "户主", "本人") for line in reading.lines):
        return
    years = [day.year - born.year for line in reading.lines if (born := line.born or line.inside)]
    grown = sum(age >= _GROWN for age in years)
    if len(years) >= _FEWEST and grown >= _GROWN_SHARE * len(years):
        reading.heads_only = True
        reading.notes.insert(
            0,
            f"像是只列户主的名单：{len(years)} 行中 {grown} 行是大人，又有人数一列，家里的孩子不在上面；请向原单位要家庭成员花名册（每人一行）",
        )


_KINDS = {
    "丢失": "按数字保存，后几位已经丢失",
    "监护人的号码": "像是填了监护人的号码",
    "同一个号码": "不同姓名填了同一个号码",
    "校验码不对": "校验码不对，可能有一位写错",
    "没有身份证号": "没有身份证号",
    "不是日期": "出生日期认不出",
    "位，身份证号应为18位": "身份证号位数不对",
}


def _say_once(reading: Reading) -> None:
    """What is wrong with many lines, said for the file; and a whole column lost in Excel by its own sentence."""
    size = len(reading.lines)
    counts = Counter(
        words
        for line in reading.lines
        for words in {w for _h, s in line.flaws for k, w in _KINDS.items() if k in s}
    )
    lost = counts.pop(_KINDS["丢失"], 0)
    heading = reading.headings.get("id", "身份证号")
    if lost > _WHOLE * size:
        reading.notes.append(
            f"“{heading}”几乎整列（{lost} 行，共 {size} 行）变成了 6.4E+17 这样的数字，后几位找不回来；已按姓名、出生日期、监护人和剩下的前几位比对，"
            "请原单位把这一列设为“文本”后重新导出，再上传一次会准得多"
        )
    elif lost:
        reading.notes.append(f"{lost} 行的“{heading}”按数字保存，后几位已经丢失")
    reading.notes += [f"{count} 行{words}" for words, count in counts.most_common()]
