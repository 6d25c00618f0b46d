"""一校一案: drawn from the school's ledgers, made by the worker, and of one's own schools only."""

import io
import zipfile
from collections.abc import Callable

import pytest
from cases_help import COUNTY, at, know_holidays, move, pupil
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate
from docx import Document

from bureau.cases import actions, duty_lines, school_plans
from bureau.log.models import Entry
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.registry.models import School
from bureau.work import downloads
from bureau.work.making import answer
from bureau.work.models import Download

pytestmark = pytest.mark.django_db
BrowserOf = Callable[[str], Client]


def made(client: Client, address: str) -> bytes:
    """Ask for a file and let the worker make it."""
    page = client.get(address)
    assert page.status_code == 302
    row = Download.objects.latest("id")
    downloads.make(download_id=row.pk, answer=answer, at=timezone.now)
    row.refresh_from_db()
    assert row.state == "ready", row.note
    return downloads.take(row=row)


def words(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(part.text for part in document.paragraphs), *cells])


def test_a_schools_plan_says_who_answers_for_which_child(
    cast: dict[str, User], browser_of: BrowserOf
) -> None:
    know_holidays()
    today, school = localdate(), cast["school"].school_code
    child = pupil(school)
    case = actions.open_case(county_code=COUNTY, ledger="dropout", subject_key=child.key, text="演示", by=cast["office"], at=at(today), today=today)  # fmt: skip
    move(
        case,
        "report",
        cast["school"],
        today,
        return_on=today,
        placement="原班就读",
        plan="演示：每周谈心一次",
    )
    duty_lines.fill(county_code=COUNTY, today=today)
    text = words(made(browser_of("school"), f"/school-plans/{school}.docx"))
    for part in (case.label, "已报返校", "每周谈心一次", str(cast["school"]), "包管理、保巩固率", "近一年新增", "假定，待确认"):  # fmt: skip
        assert part in text, part
    assert "司法移送说明" not in text
    assert Entry.objects.filter(kind="school_plan").exists()
    plan = school_plans.plan(cast["office"], COUNTY, school, today=today)
    stand = next(one for one in plan.ledgers if one.title == "辍学学生台账")
    assert (stand.live, stand.opened, stand.closed) == (1, 1, 0)
    assert (
        browser_of("school").get("/ledgers/dropout/").content.decode().count(f"/school-plans/{school}.docx")
        == 1
    )


def test_all_schools_together_and_those_of_others_not_at_all(
    cast: dict[str, User], browser_of: BrowserOf
) -> None:
    office = browser_of("office")
    assert "做成 Word" in office.get("/school-plans/").content.decode()
    with zipfile.ZipFile(io.BytesIO(made(office, "/school-plans/all.docx"))) as bundle:
        names = bundle.namelist()
        assert len(names) == len(set(names)) > 1
        assert "零报告" in words(bundle.read(names[0]))
    own = browser_of("school")
    other = next(code for code in school_codes() if code != cast["school"].school_code)
    assert own.get(f"/school-plans/{other}.docx").status_code == 404
    with pytest.raises(Refused, match="没有这所学校"):
        school_plans.plan(cast["office"], COUNTY, "0000000000", today=localdate())


def school_codes() -> list[str]:
    """Schools of compulsory education on the register."""
    found = School._default_manager.filter(county_code=COUNTY, school_kind__in=["211", "311", "312"])
    return list(found.values_list("school_code", flat=True))
