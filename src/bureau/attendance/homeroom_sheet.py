"""班主任表: who is in charge of which class, as a workbook, and back; rows left as they are change nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook

from bureau.attendance.models import Homeroom
from bureau.attendance.shapes import ClassRef
from bureau.people.models import User
from junheng.documents.sheets import book
from junheng.intake.cells import cell_text
from junheng.intake.dates import cell_day
from junheng.intake.safety import Refused as NotOpened
from junheng.intake.safety import inspect
from junheng.tables import codes
from junheng.tables.codes import code_names

TITLE = "班主任"
HEADINGS = ("学校标识码", "学校", "年级", "班号", "班主任账号", "班主任姓名", "起始日期")
LARGEST = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class HomeroomRow:
    """一行班主任, as Excel numbers it."""

    number: int
    ref: ClassRef
    username: str
    name: str
    since: date


def workbook(
    classes: Sequence[ClassRef], schools: Mapping[str, str], known: Mapping[ClassRef, Homeroom]
) -> bytes:
    """The classes with whoever is in charge; empty rows are to be filled."""
    grades = codes("grade")
    rows = []
    for ref in classes:
        one = known.get(ref)
        rows.append(
            [
                ref.school_code, schools.get(ref.school_code, ""), grades.get(ref.grade, ref.grade), ref.class_number,
                one.user.username if one and one.user else "", one.teacher_name if one else "", one.since if one else None,
            ]
        )  # fmt: skip
    with book() as made:
        sheet = made.table(TITLE, HEADINGS, rows, (13, 28, 8, 7, 16, 14, 13))
        sheet.freeze_panes(1, 4)
        sheet.write_comment(
            0,
            4,
            "填本校“教师”账号的用户名；没有账号只填姓名也可以。换人时改账号、姓名和起始日期，前任会保留在记录里。",
        )
    return made.content


def read(content: bytes, county_code: str) -> tuple[list[HomeroomRow], list[str]]:
    """读班主任表: every filled row, and every problem as a sentence, all at once."""
    if len(content) > LARGEST:
        return [], [f"文件有 {len(content) / 1024 / 1024:.0f} MB，班主任表不该这么大，请检查是否选错文件"]
    try:
        inspect(content)
        opened = CalamineWorkbook.from_filelike(BytesIO(content))
        tab = TITLE if TITLE in opened.sheet_names else opened.sheet_names[0]
        cells = opened.get_sheet_by_name(tab).to_python(skip_empty_area=False)
    except NotOpened as refused:
        return [], [str(refused)]
    except (CalamineError, IndexError):
        return [], ["文件打不开，请用从本页下载的班主任表（.xlsx）填写后上传"]
    head = next((at for at, row in enumerate(cells[:10]) if "班号" in [cell_text(one) for one in row]), None)
    places = {cell_text(one): at for at, one in enumerate(cells[head])} if head is not None else {}
    missing = [heading for heading in HEADINGS if heading != "学校" and heading not in places]
    if head is None or missing:
        return [], [f"没有找到标题“{'”“'.join(missing or ['班号'])}”，请用从本页下载的班主任表填写后上传"]
    rows, problems, seen = [], [], dict[ClassRef, int]()
    grades = code_names("grade")
    for number, line in enumerate(cells[head + 1 :], head + 2):
        values = {heading: line[at] if at < len(line) else "" for heading, at in places.items()}
        username, name = cell_text(values["班主任账号"]), cell_text(values["班主任姓名"])
        if not username and not name:
            continue
        grade, room = grades.get(cell_text(values["年级"])), cell_text(values["班号"])
        since = cell_day(values["起始日期"])
        if grade is None:
            problems.append(
                f"第{number}行“年级”：“{cell_text(values['年级'])}”不在列表里，请恢复下载时的年级"
            )
        if not room.isdigit():
            problems.append(f"第{number}行“班号”：“{room}”不是整数，请恢复下载时的班号")
        if since is None:
            problems.append(
                f"第{number}行“起始日期”：“{cell_text(values['起始日期'])}”不是日期，请写成 2026-09-01"
            )
        if grade is None or not room.isdigit() or since is None:
            continue
        ref = ClassRef(county_code, cell_text(values["学校标识码"]), grade, int(room))
        if ref in seen:
            problems.append(f"第{number}行：与第{seen[ref]}行是同一个班，请删去一行")
            continue
        seen[ref] = number
        rows.append(HomeroomRow(number, ref, username, name, since))
    return rows, problems


def settle(
    rows: Sequence[HomeroomRow], classes: Sequence[ClassRef]
) -> tuple[list[tuple[ClassRef, User | None, str, date]], list[str]]:
    """The rows with their accounts, and those that name a class or an account there is not."""
    accounts = {one.username: one for one in User.objects.filter(username__in=[row.username for row in rows])}
    known, found, problems = set(classes), [], []
    for row in rows:
        if row.ref not in known:
            problems.append(f"第{row.number}行：学籍里没有这个班，或它不在您的辖区内，请删去这一行")
        elif row.username and row.username not in accounts:
            problems.append(
                f"第{row.number}行“班主任账号”：没有账号“{row.username}”，请核对用户名，或只填姓名"
            )
        else:
            found.append((row.ref, accounts.get(row.username), row.name, row.since))
    return found, problems
