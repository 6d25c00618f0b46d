"""名册比对的页面: upload by form, the queue by script and by form, masked numbers, logged looks, lists with exports, who sees what."""

import json
import re
from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bureau.links import actions, decisions, receiving, sampling
from bureau.links.models import Link, OutsideRegister
from bureau.log.models import Entry
from bureau.people.kept import Upload
from bureau.people.models import User
from bureau.people.secret import unseal
from bureau.registry.models import Student
from junheng.tables import OUTSIDE
from site_rows import COUNTY, NOW, TODAY, csv_of

BrowserOf = Callable[[str], Client]
pytestmark = pytest.mark.django_db
DAY = date(2025, 10, 8)


def children(count: int) -> list[Student]:
    rows = list(Student._default_manager.filter(stage="小学", enrolment_status="在读").order_by("pk"))
    names = [student.person_name for student in Student._default_manager.all()]
    return [one for one in rows if one.id_number and names.count(one.person_name) == 1][:count]


def line(student: Student, **changes: str) -> dict[str, str]:
    return {
        "姓名": student.person_name or "", "身份证号": unseal(student.id_number or b""), "性别": "男" if student.sex == "1" else "女",
        "出生日期": str(student.birth_date), "乡镇": student.home_township or "", "监护人姓名": student.guardian_name or "", "低保类别": "农村低保",
    } | changes  # fmt: skip


@pytest.fixture
def register(cast: dict[str, User], county: str) -> OutsideRegister:
    """Fourteen sure lines, two to check (one with a wrong digit), one child in no school."""
    pupils = children(16)
    number = unseal(pupils[14].id_number or b"")
    wrong = number[:12] + str((int(number[12]) + 1) % 10) + number[13:]
    rows = [line(one) for one in pupils[:14]]
    rows += [line(pupils[14], 身份证号=wrong), line(pupils[15], 身份证号="", 监护人姓名="")]
    rows.append({"姓名": "穆生人", "性别": "男", "出生日期": "2015-03-08", "乡镇": "豫海镇"})
    made = receiving.receive(
        county_code=COUNTY, source="minimum", day=DAY, uploads=[Upload("低保.csv", csv_of(rows))], by=cast["office"], at=NOW, today=TODAY
    )  # fmt: skip
    made = actions.run(register=made, at=NOW)
    for number_, student in ((15, pupils[14]), (16, pupils[15])):
        Link.objects.filter(of=made, line__number=number_).update(
            state="to_check",
            machine="to_check",
            student_key=student.key,
            near_key="",
            machine_key=student.key,
            urgency=number_,
            sampled=False,
        )
    return made


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined, no-any-return]


def card(register: OutsideRegister, number: int) -> Link:
    return Link.objects.select_related("line", "of", "decision").get(of=register, line__number=number)


def test_a_file_goes_in_by_the_form_and_is_queued(browser_of: BrowserOf, county: str) -> None:
    client = browser_of("office")
    assert "还没有上传过名册" in text(client.get("/registers/"))
    assert "下载" in text(client.get("/registers/new/")) or "模板" in text(client.get("/registers/new/"))
    file = SimpleUploadedFile("低保.csv", csv_of([line(one) for one in children(3)]))
    answer = client.post("/registers/new/", {"source": "minimum", "day": "2025-10-08", "files": file})
    made = OutsideRegister.objects.get()
    assert answer.headers["Location"] == f"/registers/{made.pk}/"
    page = text(client.get(f"/registers/{made.pk}/"))
    assert "排队等待读取" in page or "已比对" in page
    answer = client.post("/registers/new/", {"source": "", "day": "2099-01-01"})
    assert answer.status_code == 422
    assert all(word in text(answer) for word in ("请选择名册的来源", "不能晚于今天", "请选择要上传的文件"))
    assert client.get("/registers/template/?source=disabled").content[:2] == b"PK"


def test_the_overview_says_what_is_settled_and_what_waits(
    browser_of: BrowserOf, register: OutsideRegister
) -> None:
    page = text(browser_of("office").get("/registers/"))
    assert "未上传：这一类情形对所有学生都是“不知道”" in page
    assert "还没有抽查" in page
    assert f"/registers/{register.pk}/" in page
    page = text(browser_of("office").get(f"/registers/{register.pk}/"))
    assert "自动对上" in page
    assert "不能说差错率" in page


def test_a_card_shows_what_differs_and_no_whole_number(
    browser_of: BrowserOf, register: OutsideRegister
) -> None:
    page = text(browser_of("office").get("/pairs/"))
    student = children(15)[14]
    own = unseal(student.id_number or b"")
    assert own not in page
    assert own[6:14] not in page
    first, second = (page.index(f'id="pair-{card(register, n).pk}"') for n in (16, 15))
    assert first < second
    marked = re.findall(r'<em class="differs">(.)</em>', page[second:])
    assert marked[:2] == [str((int(own[12]) + 1) % 10), own[12]]
    assert "≠" in page[second:]
    look = Entry.objects.filter(kind="pairs").order_by("-seq")[0]
    assert card(register, 15).pk in look.detail["lines"]


def test_a_key_decides_and_the_next_card_is_there(
    browser_of: BrowserOf, register: OutsideRegister, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = browser_of("office")
    one, two = card(register, 15), card(register, 16)
    with django_assert_max_num_queries(26):  # type: ignore[attr-defined]
        answer = client.post(
            f"/pairs/{one.pk}/do/same/", {"reason": ""}, headers={"accept": "application/json"}
        )
    assert answer.status_code == 200
    assert json.loads(answer.content)["state"] == "same"
    rest = text(client.get(f"/pairs/cards/?desk=check&seen={one.pk}"))
    assert f'id="pair-{two.pk}"' in rest
    assert text(client.get(f"/pairs/cards/?desk=check&seen={one.pk},{two.pk}")).strip() == ""
    answer = client.post(f"/pairs/{one.pk}/do/same/", headers={"accept": "application/json"})
    assert answer.status_code == 422
    assert "已经认定过" in json.loads(answer.content)["said"]
    answer = client.post(f"/pairs/{one.pk}/do/undo/", headers={"accept": "application/json"})
    assert json.loads(answer.content)["state"] == "to_check"


def test_without_a_script_the_buttons_lead_back_to_the_queue(
    browser_of: BrowserOf, register: OutsideRegister
) -> None:
    answer = browser_of("office").post(
        f"/pairs/{card(register, 15).pk}/do/different/", {"next": "/pairs/?desk=check"}
    )
    assert answer.headers["Location"] == "/pairs/?desk=check"
    answer = browser_of("office").post(
        f"/pairs/{card(register, 16).pk}/do/visit/", {"next": "https://example.com/"}
    )
    assert answer.headers["Location"] == f"/pairs/{card(register, 16).pk}/"


def test_the_second_person_is_asked_on_a_desk_of_their_own(
    browser_of: BrowserOf, register: OutsideRegister
) -> None:
    pupil = children(20)[19]
    Link.objects.filter(pk=card(register, 17).pk).update(near_key=pupil.key, machine_key=pupil.key)
    office = browser_of("office")
    pk = card(register, 17).pk
    assert f'id="pair-{pk}"' in text(office.get("/pairs/?desk=missing"))
    office.post(f"/pairs/{pk}/do/same/")
    assert f'id="pair-{pk}"' not in text(office.get("/pairs/?desk=second"))
    inspector = browser_of("inspector")
    assert f'id="pair-{pk}"' in text(inspector.get("/pairs/?desk=second"))
    answer = office.post(f"/pairs/{pk}/do/agree/", headers={"accept": "application/json"})
    assert "两个人" in json.loads(answer.content)["said"]
    answer = inspector.post(f"/pairs/{pk}/do/agree/", headers={"accept": "application/json"})
    assert json.loads(answer.content)["state"] == "same"


def test_the_sample_gives_an_error_rate_with_its_interval(
    browser_of: BrowserOf, register: OutsideRegister
) -> None:
    client = browser_of("office")
    drawn = list(Link.objects.filter(of=register, sampled=True))
    assert 8 <= len(drawn) <= 10
    for number, link in enumerate(drawn):
        client.post(f"/pairs/{link.pk}/do/{'different' if number == 0 else 'same'}/")
    page = text(client.get(f"/registers/{register.pk}/"))
    _rate, low, high = sampling.error_rate(1, len(drawn)) or (0, 0, 0)
    said = re.search(r"差错率 ([\d.]+)%，95% 区间 ([\d.]+)%–([\d.]+)%", page)
    assert said is not None
    assert [float(part) for part in said.groups()] == pytest.approx(
        [100 / len(drawn), low * 100, high * 100], abs=0.06
    )
    assert card(register, drawn[0].line.number).state == "different"
    assert "抽查完了" in text(client.get("/pairs/?desk=sample"))


def test_numbers_in_clear_need_a_reason_and_are_logged(
    browser_of: BrowserOf, register: OutsideRegister
) -> None:
    client = browser_of("office")
    link = card(register, 1)
    number = unseal(link.line.id_number)
    assert number not in text(client.get(f"/pairs/{link.pk}/"))
    assert client.post(f"/pairs/{link.pk}/reveal/").status_code == 422
    page = text(client.post(f"/pairs/{link.pk}/reveal/", {"reason": "核对身份信息"}))
    assert number in page
    entry = Entry.objects.filter(verb="reveal").order_by("-seq")[0]
    assert (entry.reason, entry.kind) == ("核对身份信息", "link")
    assert number not in str(entry.detail)


def test_an_automatic_link_is_overturned_with_a_reason(
    browser_of: BrowserOf, register: OutsideRegister
) -> None:
    client = browser_of("office")
    link = Link.objects.filter(of=register, state="automatic", sampled=False).first()
    if link is None:
        link = card(register, 1)
        Link.objects.filter(pk=link.pk).update(sampled=False)
    client.post(f"/pairs/{link.pk}/do/overturn/", {"reason": ""})
    assert Link.objects.get(pk=link.pk).state == "automatic"
    client.post(f"/pairs/{link.pk}/do/overturn/", {"reason": "同名同日的另一个孩子"})
    assert Link.objects.get(pk=link.pk).state == "different"
    assert "同名同日" in text(client.get(f"/pairs/{link.pk}/"))


def test_lists_are_there_with_filters_and_exports(browser_of: BrowserOf, register: OutsideRegister) -> None:
    client = browser_of("office")
    page = text(client.get(f"/registers/{register.pk}/lines/?state=automatic"))
    assert "共 14 行" in page
    page = text(client.get("/registers/missing/"))
    assert "穆生人" in page
    assert "学龄口径是假定的" in page
    page = text(client.get("/registers/repairs/"))
    student = children(15)[14]
    decisions.decide(link=card(register, 15), verdict="same", by=User.objects.get(username="office"), at=NOW)
    page = text(client.get("/registers/repairs/"))
    assert student.person_name is not None
    assert student.person_name in page
    assert "第13位名册是" in page
    assert "原单位改名册" in page
    page = text(client.get(f"/registers/{register.pk}/problems/"))
    assert "校验码不对" in page
    for address in (
        f"/registers/{register.pk}/lines/",
        f"/registers/{register.pk}/problems/",
        "/registers/missing/",
        "/registers/repairs/",
    ):
        answer = client.get(f"{address}?format=xlsx")
        assert answer.content[:2] == b"PK", address
        assert Entry.objects.order_by("-seq")[0].verb == "export"


def test_a_school_and_a_township_see_their_own(browser_of: BrowserOf, register: OutsideRegister) -> None:
    own = set(Student._default_manager.filter(school_code="2164990001").values_list("key", flat=True))
    for link in Link.objects.filter(of=register, state="automatic"):
        status = browser_of("school").get(f"/pairs/{link.pk}/").status_code
        assert status == (200 if link.student_key in own else 404)
    assert browser_of("school").get(f"/registers/{register.pk}/").status_code == 404
    assert browser_of("school").get("/pairs/").status_code == 403
    assert "穆生人" in text(browser_of("township").get("/registers/missing/"))
    assert "穆生人" not in text(browser_of("school").get("/registers/missing/"))
    Link.objects.filter(of=register, line__number=17).update(school_code="")
    assert browser_of("township").post(f"/pairs/{card(register, 17).pk}/do/visit/").status_code == 403


def test_the_county_sets_its_school_age(browser_of: BrowserOf, register: OutsideRegister) -> None:
    client = browser_of("leader")
    client.post("/registers/missing/age/", {"youngest": "12", "oldest": "11", "basis": "会议纪要"})
    assert "学龄口径是假定的" in text(client.get("/registers/missing/"))
    client.post("/registers/missing/age/", {"youngest": "12", "oldest": "14", "basis": "县教育局会议纪要"})
    page = text(client.get("/registers/missing/"))
    assert "穆生人" not in page
    assert "12—14" in page


def test_withdrawing_asks_why(browser_of: BrowserOf, register: OutsideRegister) -> None:
    client = browser_of("office")
    client.post(f"/registers/{register.pk}/do/withdraw/", {"reason": ""})
    assert OutsideRegister.objects.get().state == "matched"
    client.post(f"/registers/{register.pk}/do/withdraw/", {"reason": "民政局发错了文件"})
    assert OutsideRegister.objects.get().state == "withdrawn"
    assert "民政局发错了文件" in text(client.get(f"/registers/{register.pk}/"))
    assert text(client.get("/registers/")).count("未上传") == len(OUTSIDE)
