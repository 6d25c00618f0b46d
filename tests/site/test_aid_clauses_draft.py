"""A county's own clauses: drafted on a form, checked and proved, confirmed by another person, and then in force everywhere."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.timezone import now

from bureau.entitlements import clause_actions, clause_versions, queries
from bureau.entitlements.models import CountyPack
from bureau.log.models import Entry
from bureau.people.models import Area, User
from bureau.people.rules import Refused
from bureau.plans.models import Plan
from junheng.aid import Child, outcomes
from site_rows import NOW

pytestmark = pytest.mark.django_db
BrowserOf = Callable[[str], Client]
COUNTY = "640324"
QUOTE = "对家庭经济困难的普通高中学生，每生每年补助2000元"
NEW = {
    "name": "普高生活补助〔演示〕",
    "kind": "cash",
    "stage": "普高",
    "when-1": ["家庭经济困难"],
    "form": "fixed",
    "per": "year",
    "amount-普高": "2000",
    "since": "2026-09-01",
    "item": "二（一）",
    "quote": QUOTE,
    "status": "V",
    "reason": "局务会纪要〔演示〕",
    "example-day-1": "2026-10-01",
    "example-stage-1": "普高",
    "example-grade-1": "2",
    "example-has-1": "低保",
    "example-pays-1": "2000",
}


@pytest.fixture
def plan(cast: dict[str, User]) -> Plan:
    """A published plan of the county whose words the system holds."""
    return Plan.objects.create(
        county_code=COUNTY, title="学生资助办法〔演示〕", document_number="同教发〔2026〕9号", file_name="x", file_sha256="x",
        source=f"二、资助\n（一）{QUOTE[:12]}\n{QUOTE[12:]}。", state="published", uploaded_by=cast["office"], uploaded_at=NOW,
        published_by=cast["leader"], published_at=NOW,
    )  # fmt: skip


def write(client: Client, address: str = "/aid/clauses/new/", **changes: Any) -> str:
    typed = {**NEW, **{name.replace("__", "-"): value for name, value in changes.items()}}
    return str(client.post(address, typed, follow=True).content.decode())


def put_in_force(office: Client, leader: Client) -> CountyPack:
    made = CountyPack.objects.get(state="draft")
    office.post(f"/aid/clauses/versions/{made.number}/submit/", {"reason": "纪要〔演示〕"})
    leader.post(f"/aid/clauses/versions/{made.number}/confirm/")
    made.refresh_from_db()
    assert made.state == "in_force", made.checked
    return made


def paid(stage: str, grade: int, day: date, clause: str, *has: str) -> int:
    child = Child(stage, grade, COUNTY, dict.fromkeys(has, True))
    return next(one.fen for one in outcomes(queries.county_book(COUNTY), child, day) if one.clause == clause)


def test_from_the_form_to_the_parents_page(browser_of: BrowserOf, plan: Plan) -> None:
    office, leader = browser_of("office"), browser_of("leader")
    html = write(office, document=f"plan-{plan.pk}")
    assert "检查通过" in html
    assert "引文未核对" not in html
    assert "普高生活补助〔演示〕" in html
    assert queries.county_book(COUNTY).version == queries.shipped_book().version
    office.post("/aid/clauses/versions/1/submit/", {"reason": "纪要〔演示〕"})
    own = office.post("/aid/clauses/versions/1/confirm/", follow=True).content.decode()
    assert "不能自己确认" in own
    assert CountyPack.objects.get().state == "waiting"
    waiting = write(office, document=f"plan-{plan.pk}")
    assert "正在待复核" in waiting
    done = leader.post("/aid/clauses/versions/1/confirm/", follow=True).content.decode()
    assert "从现在起执行" in done
    assert queries.county_book(COUNTY).version != queries.shipped_book().version
    assert queries.county_book("640106").version == queries.shipped_book().version
    assert paid("普高", 2, date(2026, 10, 1), "c640324.1", "低保") == 200_000
    assert queries.why_not_pay(COUNTY, "c640324.1", date(2026, 10, 1)) is None
    assert "不在有效期" in str(queries.why_not_pay(COUNTY, "c640324.1", date(2026, 8, 1)))
    typed = {"pupil": "普高:2", "county": COUNTY, "answered": "1", "fact-低保": "yes", "day": "2026-10-01"}
    public = Client().post("/public/aid/", typed).content.decode()
    assert "普高生活补助〔演示〕" in public.split("可以享受", 1)[1].split("<h3", 1)[0]
    elsewhere = Client().post("/public/aid/", {**typed, "county": "640106"}).content.decode()
    assert "普高生活补助〔演示〕" not in elsewhere
    verbs = list(Entry.objects.filter(kind="county_pack").values_list("verb", flat=True))
    assert verbs == ["change", "submit", "check_pack"]
    assert browser_of("school").get("/aid/clauses/c640324.1/").status_code == 200


def test_a_new_standard_keeps_the_old_one_by_date_and_by_version(browser_of: BrowserOf, plan: Plan) -> None:
    office, leader = browser_of("office"), browser_of("leader")
    write(office, document=f"plan-{plan.pk}")
    first = put_in_force(office, leader)
    before = now()
    write(
        office, "/aid/clauses/edit/c640324.1/", document=f"plan-{plan.pk}", since="2027-09-01", **{"amount-普高": "3000", "quote": "x"}
    )  # fmt: skip
    draft = CountyPack.objects.get(state="draft")
    assert any("不在" in one and "正文中" in one for one in draft.checked["problems"])
    clause_versions.drop(draft=draft, by=User.objects.get(username="office"), at=NOW)
    write(office, "/aid/clauses/edit/c640324.1/", since="2027-09-01", number="同教发〔2027〕1号", **{"amount-普高": "3000", "quote": "3000元"})  # fmt: skip
    second = put_in_force(office, leader)
    assert (first.number, second.number) == (1, 3)
    assert "c640324.1" in second.checked["unquoted"]
    assert paid("普高", 2, date(2026, 10, 1), "c640324.1", "低保") == 200_000
    assert paid("普高", 2, date(2027, 10, 1), "c640324.1", "低保") == 300_000
    assert len(queries.county_book(COUNTY, version=1).clause("c640324.1").rates) == 1
    assert queries.county_book(COUNTY, version=0).version == queries.shipped_book().version
    assert queries.book_on(COUNTY, before).version == queries.county_book(COUNTY, version=1).version
    assert queries.book_on(COUNTY, before - timedelta(days=400)).version == queries.shipped_book().version
    html = office.get("/aid/clauses/versions/").content.decode()
    assert "已被新版代替" in html
    assert "执行中" in html
    page = office.get("/aid/clauses/versions/3/?day=2027-10-01").content.decode()
    assert "与第 1 版相比" in page
    assert "每年2000元" in page
    assert "每年3000元" in page
    assert "与随系统发布的条款相比" in office.get("/aid/clauses/versions/3/?with=0").content.decode()
    assert office.get("/aid/clauses/versions/3/?with=x&day=x").status_code == 200


def test_tiers_are_written_for_a_range_that_nobody_may_confirm(browser_of: BrowserOf) -> None:
    office, leader = browser_of("office"), browser_of("leader")
    html = write(
        office, "/aid/clauses/edit/cn.senior_grant/", form="tiers", number="同教发〔2026〕8号",
        **{"tier-name-1": "一档", "tier-when-1": ["特困", "孤儿"], "tier-amount-1": "3000", "tier-name-2": "二档", "tier-amount-2": "0.2万",
           "responsible": "演示·局长", "example-pays-1": ""},
    )  # fmt: skip
    assert "检查通过" in html, CountyPack.objects.get().checked
    put_in_force(office, leader)
    book = queries.county_book(COUNTY)
    day = date(2026, 10, 1)
    assert book.clause("cn.senior_grant").on(day) is None
    assert book.clause("cn.senior_grant").on(date(2026, 8, 31)) is not None
    has = ("困难", "特困")
    assert paid("普高", 2, day, "c640324.1/1", *has) == 300_000
    assert paid("普高", 2, day, "c640324.1/2", *has) == 0
    assert paid("普高", 2, day, "c640324.1/2", "困难", "低保") == 200_000
    assert queries.why_not_pay(COUNTY, "c640324.1/2", day) is None
    assert office.get("/aid/clauses/c640324.1~2/").status_code == 200


def test_what_is_wrong_is_all_said_and_nothing_can_be_sent(browser_of: BrowserOf, plan: Plan) -> None:
    office = browser_of("office")
    html = write(
        office,
        document=f"plan-{plan.pk}",
        quote="每生每年补助9999元",
        **{"amount-普高": "0.2", "example-pays-1": "5"},
    )
    assert "不在同教发〔2026〕9号的正文中" in html
    assert "算例1：应为5元" in html
    assert "误写成万元" in html
    assert "引文中的金额是9999元，填写的是0.2元" in html
    sent = office.post("/aid/clauses/versions/1/submit/", {"reason": "x"}, follow=True).content.decode()
    assert "处问题，改正后才能送复核" in sent
    # The same clause once more, written the other way round, contradicts the first.
    html = write(
        office,
        document=f"plan-{plan.pk}",
        name="又一条",
        **{"amount-普高": "1500", "when-1": ["困难", "建档立卡", "低保", "特困"]},
    )
    assert "可能重复或矛盾" in html


def test_a_helping_fact_must_not_lower_and_every_clause_must_be_reached(browser_of: BrowserOf) -> None:
    office = browser_of("office")
    html = write(
        office,
        number="演示1号",
        **{
            "when-1": ["困难"],
            "when-2": ["低保"],
            "mode-2": "none",
            "example-day-1": "",
            "example-has-1": "",
            "example-pays-1": "",
        },
    )
    assert "合计反而少" in html
    html = write(
        office,
        number="演示1号",
        name="没有人",
        **{
            "when-1": ["孤儿"],
            "when-2": ["孤儿"],
            "mode-2": "none",
            "example-day-1": "",
            "example-has-1": "",
            "example-pays-1": "",
        },
    )
    assert "在任何日期、任何情形下都不会享受" in html


def test_a_date_before_its_predecessor_ends_is_refused(browser_of: BrowserOf) -> None:
    html = write(
        browser_of("office"),
        "/aid/clauses/edit/tx.tuition/",
        stage="普高",
        since="2020-09-01",
        number="演示1号",
    )
    assert "早于前一标准的截止日 2020-12-31" in html
    assert not CountyPack.objects.exists()


def test_problems_of_the_form_keep_what_was_typed(browser_of: BrowserOf) -> None:
    answer = browser_of("office").post("/aid/clauses/new/", {**NEW, "amount-普高": "<b>两千", "since": ""})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "不是大于0的数" in html
    assert "请填写起用日期" in html
    assert "普高生活补助〔演示〕" in html
    assert "<b>两千" not in html
    assert not CountyPack.objects.exists()


def test_a_clause_ends_and_is_taken_back(browser_of: BrowserOf) -> None:
    office = browser_of("office")
    office.post("/aid/clauses/end/pl.three_waivers/", {"until": "", "reason": "x"})
    office.post("/aid/clauses/end/cn.boarder/", {"until": "2027-08-31", "reason": "文件〔演示〕"})
    draft = CountyPack.objects.get()
    assert queries.book_with(draft.text).clause("cn.boarder").rates[-1].until == date(2027, 8, 31)
    office.post(f"/aid/clauses/versions/{draft.number}/take-back/", {"clause": "cn.boarder"})
    draft.refresh_from_db()
    assert queries.book_with(draft.text).clause("cn.boarder").rates[-1].until is None
    back = office.post(f"/aid/clauses/versions/{draft.number}/drop/", follow=True).content.decode()
    assert "已作废" in back
    assert "没有这个操作" in office.post(f"/aid/clauses/versions/{draft.number}/x/").content.decode()


def test_a_file_goes_up_and_down(browser_of: BrowserOf) -> None:
    office = browser_of("office")
    template = office.get("/aid/clauses/template/").content.decode()
    bad = (
        template.replace("c640324.1", "cn.boarder")
        .replace("家庭经济困难", "没有的情形")
        .replace("scope:\n- '640324'", "scope: ['64']")
    )
    answer = office.post("/aid/clauses/upload/", {"file": BytesIO(bad.encode()), "reason": "x"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "没有的情形" in html
    assert "scope 应为" in html
    assert not CountyPack.objects.exists()
    for content in (b"\xff\xfe\x00", b"[", b""):
        assert (
            office.post("/aid/clauses/upload/", {"file": BytesIO(content), "reason": "x"}).status_code == 422
        )
    done = office.post(
        "/aid/clauses/upload/", {"file": BytesIO(template.encode()), "reason": "整份上传"}, follow=True
    )
    assert "检查通过" in done.content.decode()
    down = office.get("/aid/clauses/versions/1/file/").content.decode()
    assert queries.book_with(down).version == queries.book_with(template).version


def test_the_database_keeps_the_second_person_apart(cast: dict[str, User]) -> None:
    row = {"county_code": COUNTY, "number": 1, "text": "x", "by": cast["office"], "at": NOW, "submitted_by": cast["inspector"], "submitted_at": NOW}  # fmt: skip
    for person in (row["by"], row["submitted_by"], None):
        with pytest.raises(IntegrityError), transaction.atomic():
            CountyPack.objects.create(**row, state="in_force", confirmed_by=person, confirmed_at=NOW)
    assert CountyPack.objects.create(
        **row, state="in_force", confirmed_by=cast["leader"], confirmed_at=NOW
    ).pk
    with pytest.raises(IntegrityError), transaction.atomic():
        CountyPack.objects.create(
            **{**row, "number": 2}, state="in_force", confirmed_by=cast["leader"], confirmed_at=NOW
        )


def test_another_county_is_out_of_reach(cast: dict[str, User], areas: Area) -> None:
    cast["office"].area = areas
    with pytest.raises(Refused, match="不在您的辖区内"):
        clause_actions.put_clause(
            county_code="640106", row={}, document=("x", "x"), reason="x", texts={}, by=cast["office"], at=NOW
        )


def test_a_pack_the_program_no_longer_reads_is_shown_and_does_not_count(
    browser_of: BrowserOf, cast: dict[str, User]
) -> None:
    CountyPack.objects.create(
        county_code=COUNTY, number=1, text="kind: aid\nid: c640324\n", by=cast["office"], at=NOW, submitted_by=cast["office"],
        submitted_at=NOW, state="in_force", confirmed_by=cast["leader"], confirmed_at=NOW,
    )  # fmt: skip
    assert queries.county_book(COUNTY).version == queries.shipped_book().version
    assert "读不出来" in browser_of("office").get("/aid/clauses/").content.decode()
    assert browser_of("office").get("/aid/clauses/versions/1/").status_code == 200
