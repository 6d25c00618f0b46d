"""外部名册 for site tests: lines of the small county's own pupils as another office would have them, uploaded and compared."""

from collections.abc import Sequence
from datetime import date

from bureau.links import actions, receiving
from bureau.links.models import Link, OutsideRegister
from bureau.people.kept import Upload
from bureau.people.models import User
from bureau.people.secret import unseal
from bureau.registry.models import Student
from site_rows import COUNTY, NOW, TODAY, csv_of

DAY = date(2025, 10, 8)
Rows = list[dict[str, str]]


def pupils(count: int, *, stage: str = "小学") -> list[Student]:
    """Pupils of the small county whose names nobody else there has."""
    rows = list(Student._default_manager.filter(stage=stage, enrolment_status="在读").order_by("pk"))
    names = [student.person_name for student in Student._default_manager.all()]
    return [one for one in rows if one.id_number and names.count(one.person_name) == 1][:count]


def row(student: Student, **changes: str) -> dict[str, str]:
    """The pupil's line as another office would have it."""
    line = {
        "家庭成员姓名": student.person_name or "",
        "公民身份号码": unseal(student.id_number or b""),
        "性别": "男" if student.sex == "1" else "女",
        "出生年月日": str(student.birth_date),
        "乡镇": student.home_township or "",
        "村（居）": student.home_village or "",
        "申请人姓名": student.guardian_name or "",
        "低保类别": "农村低保",
        "档次": "B类",
        "享受起始年月": "2024-07",
    }
    return line | changes


def upload(
    rows: Rows,
    by: User,
    *,
    source: str = "minimum",
    day: date = DAY,
    content: bytes | None = None,
    coverage: str = "county",
    places: Sequence[str] = (),
    until: date | None = None,
) -> OutsideRegister:
    """Received, read and compared."""
    name = f"{source}-{day}-{len(rows)}.csv" if content is None else "名册.xlsx"
    register = receiving.receive(
        county_code=COUNTY,
        source=source,
        day=day,
        uploads=[Upload(name, content or csv_of(rows))],
        by=by,
        at=NOW,
        today=TODAY,
        coverage=coverage,
        places=places,
        until=until,
    )
    return actions.run(register=register, at=NOW)


def link(register: OutsideRegister, number: int) -> Link:
    """The result of one line."""
    return Link.objects.select_related("line", "of", "decision").get(of=register, line__number=number)


def stranger(name: str = "穆生人", born: str = "2015-03-08") -> dict[str, str]:
    """The line of a child who is in no school of the county."""
    return {
        "家庭成员姓名": name,
        "性别": "男",
        "出生年月日": born,
        "乡镇": "豫海镇",
        "申请人姓名": "穆某某",
        "低保类别": "农村低保",
    }
