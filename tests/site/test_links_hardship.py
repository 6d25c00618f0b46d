"""困难认定名册: found by 学号 or by class and name, held until the aid office accepts what a school uploads, true for its term only."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bureau.links import actions, facts, findings, queries
from bureau.links.classes import class_of
from bureau.links.models import OutsideRegister
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.people.secret import unseal
from bureau.registry.models import Student
from junheng.tables import codes
from links_rows import DAY, link, pupils, upload
from site_rows import COUNTY, NOW, TODAY, csv_of

pytestmark = pytest.mark.django_db
TERM_END = date(2026, 8, 31)
BrowserOf = Callable[[str], Client]


def line(student: Student, **changes: str) -> dict[str, str]:
    """The pupil as the school writes it."""
    row = {
        "学校名称": next(name for code, name in queries.school_names(COUNTY).items() if code == student.school_code),
        "年级": codes("grade")[student.grade or ""],
        "班级": f"{student.class_number}班",
        "学籍号": unseal(student.enrolment_number or b""),
        "学生姓名": student.person_name or "",
        "认定依据": "父亲死亡，家庭突发变故",
    }  # fmt: skip
    return row | changes


def recognised(rows: list[dict[str, str]], by: User, day: date = DAY) -> OutsideRegister:
    return upload(rows, by, source="hardship", day=day, until=TERM_END)


def test_a_pupil_is_found_by_number_and_by_class(cast: dict[str, User], county: str) -> None:
    one, two, three, four, five = pupils(5)
    register = recognised(
        [
            line(one),
            line(two, 学籍号=""),
            line(three, 学生姓名=four.person_name or ""),
            line(four, 学籍号="", 班级="99班"),
            line(five, 学籍号="", 学校名称="没有这所学校"),
        ],
        cast["office"],
    )
    assert [(link(register, n).state, link(register, n).student_key) for n in (1, 2, 3, 4)] == [
        ("automatic", one.key),
        ("automatic", two.key),
        ("to_check", three.key),
        ("to_check", four.key),
    ]
    assert "学号相同" in link(register, 1).reason
    assert "这个班只有一人叫这个名字" in link(register, 2).reason
    assert "可能填错了学号" in link(register, 3).reason
    assert any("没有“没有这所学校”这所学校" in sentence for _h, sentence in link(register, 5).line.flaws)
    assert not any("身份证号" in sentence for _h, sentence in link(register, 1).line.flaws)
    known = facts.facts_of(COUNTY, TODAY)
    assert known[one.key]["困难"].value is True  # a parent's death in the reason ends nothing
    assert known[one.key]["困难"].detail == "父亲死亡，家庭突发变故"
    assert "困难" not in known[three.key]
    assert known[pupils(6)[5].key]["困难"].value is False
    # A name the school wrote wrongly is no child who is out of school.
    assert findings.not_enrolled(COUNTY, TODAY, of_age=False) == []
    assert "困难" not in facts.fact_of(COUNTY, date(2026, 9, 1), one.key)


def test_a_right_id_number_of_another_child_beside_the_number_is_doubtful(
    cast: dict[str, User], county: str
) -> None:
    one, two = pupils(2)
    register = recognised([line(one, 身份证号=unseal(two.id_number or b""))], cast["office"])
    assert link(register, 1).state == "to_check"
    assert "身份证号不同" in link(register, 1).reason


def test_not_recognised_is_no(cast: dict[str, User], county: str) -> None:
    (one,) = pupils(1)
    recognised([line(one, 认定等级="不予认定")], cast["office"])
    assert facts.fact_of(COUNTY, TODAY, one.key)["困难"].value is False


def test_a_school_uploads_its_own_and_the_aid_office_accepts(cast: dict[str, User], county: str) -> None:
    own = [one for one in pupils(300) if one.school_code == cast["school"].school_code]
    other = next(one for one in pupils(300, stage="初中") if one.school_code != cast["school"].school_code)
    with pytest.raises(Refused, match="不能上传外部名册"):
        upload([line(own[0])], cast["school"], source="minimum")
    register = recognised([line(own[0], 学校名称="")], cast["school"])
    assert (register.coverage, register.places, register.state) == (
        "schools",
        [cast["school"].school_code],
        "held",
    )
    assert "请资助中心核对后确认采用" in register.note
    assert "困难" not in facts.fact_of(COUNTY, TODAY, own[0].key)
    with pytest.raises(Refused, match="不能"):
        actions.accept(register=register, reason="是本校的", by=cast["school"], at=NOW)
    actions.accept(register=register, reason="与认定表核对过", by=cast["office"], at=NOW)
    known = facts.facts_of(COUNTY, TODAY)
    assert (known[own[0].key]["困难"].value, known[own[1].key]["困难"].value) == (True, False)
    assert "困难" not in known[other.key]


def test_a_school_does_it_by_the_pages(browser_of: BrowserOf, cast: dict[str, User], county: str) -> None:
    client = browser_of("school")
    page = client.get("/registers/new/").content.decode()
    assert "家庭经济困难学生认定名册" in page
    assert "最低生活保障名册" not in page
    own = [one for one in pupils(300) if one.school_code == cast["school"].school_code]
    file = SimpleUploadedFile("认定.csv", csv_of([line(own[0])]))
    form = {"source": "hardship", "day": "2025-10-08", "files": file}
    assert "请填写“有效至”" in client.post("/registers/new/", form).content.decode()
    file.seek(0)
    # Whatever coverage is sent along, a school's list covers the school.
    answer = client.post("/registers/new/", form | {"until": "2026-08-31", "coverage": "county"})
    register = OutsideRegister.objects.get()
    assert answer.headers["Location"] == f"/registers/{register.pk}/"
    assert register.places == [cast["school"].school_code]
    assert client.get(f"/registers/{register.pk}/").status_code == 200
    assert f"/registers/{register.pk}/" in client.get("/registers/").content.decode()
    another = upload([], cast["office"], content=csv_of([line(own[1])]), until=TERM_END, source="hardship")
    assert client.get(f"/registers/{another.pk}/").status_code == 404
    assert browser_of("teacher" if "teacher" in cast else "unit").get("/registers/new/").status_code == 403
    assert client.get("/registers/template/?source=hardship").content[:2] == b"PK"


@pytest.mark.parametrize(
    ("grade", "room", "meant"),
    [
        ("三年级", "2班", ("3", 2)),
        ("", "三（2）班", ("3", 2)),
        ("初一", "七年级3班", ("7", 3)),
        ("七年级", "（3）班", ("7", 3)),
        ("", "大一班", ("K3", 1)),
        ("一年级", "十一班", ("1", 11)),
        ("2023级", "2023级2班", ("", 2)),
        ("高一", "12", ("10", 12)),
        ("", "", ("", None)),
        ("学前", "向日葵班", ("", None)),
    ],
)
def test_classes_as_people_write_them(grade: str, room: str, meant: tuple[str, int | None]) -> None:
    assert class_of(grade, room) == meant
