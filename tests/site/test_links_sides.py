"""残联和民政的名册走一遍: as such offices send them, through matching and a doubtful pair, to the clause, the child's reason and the payment."""

from collections.abc import Callable
from io import BytesIO

import pytest
import xlsxwriter
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bureau.entitlements import evaluation_actions, terms
from bureau.entitlements.evaluation_models import Claim, Evaluation
from bureau.entitlements.paid_models import PaidList
from bureau.links import actions, facts
from bureau.links.models import Link, OutsideRegister
from bureau.people import actions as people
from bureau.people.models import User
from bureau.people.secret import unseal
from bureau.registry.models import Student
from bureau.work import aid_tasks
from links_rows import pupils
from site_rows import COUNTY, NOW, TODAY, csv_of

pytestmark = pytest.mark.django_db
BrowserOf = Callable[[str], Client]
TERM = terms.Term(2025, "秋")
JINFENG = "640106"


def book(title: str, headings: tuple[str, ...], rows: list[list[object]]) -> SimpleUploadedFile:
    """A workbook as offices make them: a title, an empty row, headings, rows, a total and who made it."""
    held = BytesIO()
    with xlsxwriter.Workbook(held) as made:
        sheet = made.add_worksheet("名册")
        sheet.write(0, 0, title)
        for at, cells in enumerate([list(headings), *rows, ["合计", len(rows)], ["填表人：演示"]], start=2):
            sheet.write_row(at, 0, cells)
    return SimpleUploadedFile(f"{title}.xlsx", held.getvalue())


def sent(client: Client, source: str, file: SimpleUploadedFile, county: str = COUNTY) -> OutsideRegister:
    """Uploaded by the form, read and compared as the worker does."""
    answer = client.post(reverse("register-new"), {"source": source, "day": "2025-10-08", "files": file})
    assert answer.status_code == 302, answer.content.decode()
    made = OutsideRegister.objects.get(county_code=county, source=source)
    return actions.run(register=made, at=NOW)


def state(register: OutsideRegister, number: int) -> Link:
    return Link.objects.select_related("line").get(of=register, line__number=number)


def settled(client: Client, link: Link) -> None:
    """The card is opened and answered with the first of its keys."""
    assert f'id="pair-{link.pk}"' in client.get(reverse("pairs")).content.decode()
    answer = client.post(reverse("pair-change", args=[link.pk, "same"]))
    assert answer.status_code in (200, 302)
    link.refresh_from_db()
    assert link.state == "same"


def judged(county: str) -> Evaluation:
    asked = evaluation_actions.ask(county_code=county, term=TERM, by=None, at=NOW, today=TODAY)
    made = aid_tasks.carry_out(asked.pk)
    assert made is not None
    return made


def plain(children: list[Student], **more: object) -> list[Student]:
    """The school entered with no whatever could entitle them."""
    entered = {
        "attendance_way": "走读", "registered_household": False, "minimum_living": False, "destitute": False,
        "disability": "无", "orphan": False, **more,
    }  # fmt: skip
    Student.objects.filter(pk__in=[one.pk for one in children]).update(**entered)
    return children


def test_disabled_children_come_from_the_federation(
    browser_of: BrowserOf, cast: dict[str, User], county: str
) -> None:
    sure, doubtful, gone = plain(pupils(3))
    keys = [sure.key, doubtful.key, gone.key]
    number = unseal(sure.id_number or b"")
    headings = ("序号", "姓名", "性别", "民族", "残疾人证号", "残疾类别", "残疾等级", "监护人姓名", "首次发证日期", "有效期至", "证件状态")  # fmt: skip
    office = browser_of("office")
    register = sent(
        office,
        "disabled",
        book(
            "同心县持证残疾人（0—17岁）名册〔演示〕",
            headings,
            [
                [1, sure.person_name, "", "回族", f"{number}43B1", "肢体残疾", "三级", sure.guardian_name, "2021-06-01", "2031-05-31", "正常"],
                [2, doubtful.person_name, "", "回族", "", "听力残疾", "二级", "", "2022-03-05", "", "正常"],
                [3, gone.person_name, "", "汉族", f"{unseal(gone.id_number or b'')}52", "智力残疾", "二级", gone.guardian_name, "2019-01-01", "2025-09-30", "注销"],
            ],
        ),
    )  # fmt: skip
    assert (register.state, register.counts["lines"]) == ("matched", 3)
    first = state(register, 1)
    assert (first.state, first.student_key) == ("automatic", sure.key)
    assert (first.line.category, first.line.level, first.line.place) == ("肢体残疾", "三级", "4")
    assert (state(register, 2).state, state(register, 2).student_key) == ("to_check", doubtful.key)
    # Until somebody looks, the register says neither yes nor no of the child.
    assert "残疾" not in facts.fact_of(county, TODAY, doubtful.key)
    assert facts.fact_of(county, TODAY, sure.key)["残疾"].value is True
    settled(office, state(register, 2))

    after = judged(county)
    paid = Claim.objects.filter(evaluation=after, student_key__in=keys, state="paid")
    assert set(paid.values_list("student_key", "clause")) == {(sure.key, "cn.day"), (doubtful.key, "cn.day")}
    page = office.get(reverse("aid-child", args=[doubtful.key])).content.decode()
    for words in ("残疾名册（2025-10-08）", "第5行", "听力残疾·二级", "四类非寄宿生生活补助"):
        assert words in page, words
    # What the federation has paid itself comes as its own list, and takes the child off those who were missed.
    rows = [
        {"儿童姓名": one.person_name or "", "身份证号码": unseal(one.id_number or b""), "补贴名称": "四类非寄宿生生活补助",
         "实际发放金额（元）": paid_yuan, "打卡日期": "2025.12.20"}
        for one, paid_yuan in ((sure, "312.50"), (gone, "312.50"))
    ]  # fmt: skip
    file = SimpleUploadedFile("残联打卡.csv", csv_of(rows))
    told = {"term": TERM.text, "source": "演示·残联", "clause": "", "files": file}
    assert office.post(reverse("aid-paid-new"), told).status_code == 302
    taken = PaidList.objects.get()
    aid_tasks.read_paid_list.func(taken.pk)
    taken.refresh_from_db()
    assert (taken.errors, taken.rows) == (0, 2), taken.problems
    office.post(reverse("aid-paid-change", args=[taken.pk, "enter"]))
    standing = dict(Claim.objects.filter(evaluation=after).values_list("student_key", "standing"))
    assert [standing[one.key] for one in (sure, doubtful, gone)] == ["paid", "missed", "undue"]

    # Whose certificate had ended before the term did is no longer a disabled child of the register.
    assert "第6行" in office.get(reverse("aid-child", args=[gone.key])).content.decode()


def test_orphans_come_from_civil_affairs_and_what_it_paid_itself_is_compared(
    browser_of: BrowserOf, cast: dict[str, User], county: str
) -> None:
    """The small county as if it were Jinfeng, which has clauses for orphans."""
    people.load_areas(counties=[JINFENG], at=NOW)
    for model in apps.get_models():
        if any(field.name == "county_code" for field in model._meta.local_fields):
            model._default_manager.filter(county_code=COUNTY).update(county_code=JINFENG)
    sure, doubtful, other = plain(pupils(3))
    office = browser_of("office")
    headings = (
        "序号",
        "儿童姓名",
        "身份证号码",
        "性别",
        "儿童类别",
        "安置方式",
        "抚养人姓名",
        "与儿童关系",
        "保障起始日期",
        "备注",
    )
    register = sent(
        office,
        "orphan",
        book(
            "孤儿和事实无人抚养儿童基本生活保障名册〔演示〕",
            headings,
            [
                [1, sure.person_name, unseal(sure.id_number or b""), "", "孤儿", "社会散居", "演示祖父", "祖孙", "2023-01", "父母双方死亡"],
                [2, doubtful.person_name, "", "", "事实无人抚养儿童", "社会散居", "", "", "2024-05", "父亲死亡，母亲失联"],
            ],
        ),
        JINFENG,
    )  # fmt: skip
    assert state(register, 1).state == "automatic"
    settled(office, state(register, 2))
    one = judged(JINFENG)
    lines = Claim.objects.filter(evaluation=one, clause="jf.primary_orphan")
    assert set(lines.values_list("student_key", flat=True)) >= {sure.key, doubtful.key}
    assert not lines.filter(student_key=other.key).exists()
    page = office.get(reverse("aid-child", args=[doubtful.key])).content.decode()
    for words in ("孤儿名册（2025-10-08）", "第5行", "事实无人抚养儿童·社会散居", "小学孤儿资助金"):
        assert words in page, words
