"""每本台账走一遍: one case of each shipped ledger from being found, through its own columns, to its close by a second person.

The ledgers whose cases only the data can close, and those of the audit, are walked where their data is made; `ELSEWHERE` says where.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from cases_help import COUNTY, PDF, START, at, know_holidays, pupil
from django.test import Client

from bureau.cases import actions, change, counting, pack_actions, packs, reports, sweeping, tables
from bureau.cases.models import Case, CaseFile, Event, Stay
from bureau.graduates import actions as graduates
from bureau.graduates.models import Leaver
from bureau.log.models import Entry
from bureau.people import clearances
from bureau.people.models import Organisation, User
from bureau.people.rules import Refused
from bureau.registry.models import Student
from bureau.work import case_tasks
from junheng.policy.ledgers import shipped

Cast = dict[str, User]
BrowserOf = Callable[[str], Client]
LATER = START + timedelta(days=40)


# What a ledger refuses because of its own verdict: (role, step, columns, sentence) before the last step.
REFUSED = {
    "safety_equipment": ("school", "report", {"guards": 1, "guard_rule": "须配未配"}, "“核查结论”是“未达标：缺专职保安”，不能报达标"),
}  # fmt: skip


@dataclass(frozen=True)
class Walk:
    """How a case is found, who does what with which columns, and what the ledger then says by itself."""

    steps: Sequence[tuple[str, str, Mapping[str, object]]]
    detector: str = ""
    item: str = ""
    computed: Mapping[str, str] = field(default_factory=dict)


WALKS = {
    "after_school": Walk(
        item="2026春",
        steps=[
            ("school", "report", {"term": "2026春", "pupils": 210, "poor": 18, "income": "48000", "subsidy": "12000.50", "paid": "60000.5", "published": "是"}),
        ],
    ),
    "digital": Walk(
        detector="每所学校每年一次",
        steps=[
            ("school", "count", {"bandwidth": 100, "wifi": "部分覆盖", "student_terminals": 45, "teacher_terminals": 12, "online_classes": 1, "smart": "未建", "lacking": "演示：宿舍楼没有无线网络"}),
            ("school", "report", {"bandwidth": 1000, "wifi": "全覆盖", "smart": "在建"}),
        ],
    ),
    "disabled": Walk(
        detector="学籍名册或残联名册显示残疾",
        steps=[
            ("school", "register", {"kinds": "听力", "certificate": "有", "degree": "二级", "registered_with": "残联", "registered_on": START}),
            ("office", "assess", {"assessed_on": START, "committee": "演示：五人", "opinion": "演示：可随班就读", "ability": "能到普通学校"}),
            ("office", "place", {"placement": "送教上门", "plan": "演示：每周一次", "planned": 60, "asked": "同意"}),
            ("school", "teach", {"hours_now": 3}),
            ("school", "teach", {"hours_now": 6}),
            ("school", "train", {"rehab": "演示：言语训练"}),
            ("school", "review", {"review": "维持安置", "reviewed_on": START}),
        ],
    ),
    "drills": Walk(
        detector="每所学校每学期应做的演练",
        item="2026春第1次",
        steps=[
            ("school", "hold", {"kind": "消防疏散", "held_on": START, "people": 386, "minutes": "3.5", "lessons": "演示：三楼东侧疏散慢，改走西梯"}),
        ],
    ),
    "drowning": Walk(
        item="演示：红旗水库",
        steps=[
            ("township", "plan", {"place": "演示：红旗水库坝下", "kind": "水库", "guard": "警示牌、救生圈", "patrol": "演示网格员"}),
            ("township", "patrol", {"patrolled_on": START, "guard": "警示牌、救生圈、救生绳、救生杆"}),
            ("township", "report", {}),
        ],
    ),
    "four_checks": Walk(
        item="演示：资助名单漏报",
        steps=[
            ("office", "plan", {"kind": "查漏补缺", "problem": "演示：两名学生漏报", "supporting": "民政局", "measure": "演示：补录补发", "until": START + timedelta(days=9)}),
            ("township", "report", {"result": "演示：已补录"}),
        ],
    ),
    "hazards": Walk(
        item="演示：护栏松动",
        steps=[
            ("school", "plan", {"site": "教学楼三楼", "kind": "校舍", "grade": "较大", "measure": "演示：加固", "person": "演示", "money": "3500", "until": START + timedelta(days=5)}),
            ("school", "report", {"money": "3620.80"}),
            ("office", "inspect", {"inspected_on": START}),
        ],
    ),
    "left_behind": Walk(
        detector="学籍登记留守、孤儿，或外部名册显示困境",
        steps=[
            ("school", "begin", {"by_state": "是", "by_statistics": "否", "categories": "留守、单亲", "carer": "演示奶奶", "relation": "祖父母", "parents": "演示：银川", "calls_planned": 20}),
            ("school", "contact", {"way": "亲情通话", "calls_now": 2}),
            ("office", "warn", {"risk": "演示：奶奶年高"}),
            ("school", "contact", {"way": "家访", "calls_now": 3}),
            ("school", "report", {}),
        ],
        computed={"calls": "5", "calls_share": "25", "contacts": "2"},
    ),
    "mental_health": Walk(
        steps=[
            ("school", "screen", {"campaign": "演示批次", "q_sleep": "不好", "q_mood": "一般", "q_friends": "很少", "q_study": "有时能", "q_body": "经常", "q_help": "否"}),
            ("school", "interview", {"level": "重点关注", "interview": "演示访谈"}),
            ("school", "refer", {"referred": "演示医院", "consent": "是"}),
            ("school", "finish", {"outcome": "已缓解"}),
        ],
        computed={"points": "7", "suggested": "建议重点关注"},
    ),
    "migrants": Walk(
        steps=[
            ("school", "note", {"kind": "易地搬迁", "came_from": "演示县", "arrived_on": START}),
            ("office", "apply", {"applied_on": START}),
            ("office", "refuse", {"decided_on": START, "refused_why": "演示：学位已满"}),
            ("office", "settle", {"school": "演示小学三年级", "equal": "免学杂费、编班不区别"}),
        ],
    ),
    "pairing": Walk(
        item="演示：城乡结对",
        steps=[
            ("school", "plan", {"kind": "城乡结对", "partner": "演示中心小学", "plan": "演示：每月教研一次"}),
            ("school", "hold", {"activities": 1, "teachers": 12, "lessons": 4}),
            ("school", "report", {"activities": 8, "teachers": 96, "lessons": 32}),
        ],
    ),
    "returned": Walk(
        steps=[
            ("school", "visit_first", {"attending": "时有缺勤", "need": "演示：补课"}),
            ("school", "visit_second", {"attending": "正常"}),
        ],
    ),
    "safety_equipment": Walk(
        detector="须配专职保安的学校（百人以上完全小学及以上）",
        steps=[
            ("school", "count", {"guards": 0, "guard_rule": "须配未配", "patrols": "演示：早晚护学", "gear": "头盔、盾牌", "alarm": "是", "video": "是", "aed": 1, "closed_gate": "是", "lacking": "演示：缺保安一名"}),
            ("school", "report", {"guards": 1, "guard_rule": "须配已配", "gear": "头盔、盾牌、钢叉"}),
        ],
        computed={"verdict": "三防齐备"},
    ),
    "safety_review": Walk(
        detector="每所学校每年一次",
        steps=[
            ("school", "score", {"duty": 9, "plans": 9, "building": 14, "fire": "13.5", "food": 14, "guard": 12, "teach": 9, "around": 8, "deaths": "否", "major": "否", "hidden": "否", "lacking": "演示：周边"}),
            ("school", "report", {}),
            ("office", "rescore", {"fire": 11, "checked_on": START}),
        ],
        computed={"total": "86", "grade": "良好"},
    ),
    "screening": Walk(
        item="2026春 演示",
        steps=[
            ("school", "begin", {"campaign": "演示批次", "instrument": "演示量表", "grades": "七年级", "due_pupils": 200, "consented": 198}),
            ("school", "note", {"screened": 120}),
            ("school", "report", {"screened": 196, "concern": 9, "serious": 3, "high": 1, "filed": 4, "done_on": START}),
        ],
        computed={"rate": "98"},
    ),
    "training": Walk(
        item="演示：某艺术培训中心",
        steps=[
            ("office", "register", {"name": "演示艺术培训中心", "kind": "艺术类", "licence": "是", "account": "银行托管", "prepaid": "86000", "platform": "是"}),
            ("township", "visit", {"prepaid": "92000", "found": "演示：跨学期收费"}),
            ("office", "order", {"found": "演示：跨学期收费 6 人"}),
            ("office", "stop", {"prepaid": "0"}),
        ],
    ),
    "vocational": Walk(
        item="演示：某汽修企业",
        steps=[
            ("office", "sign", {"partner": "演示汽修", "kind": "订单培养", "majors": "汽车维修", "places": 40, "until": START + timedelta(days=300)}),
            ("office", "note", {"trained": 12}),
            ("office", "report", {"trained": 38}),
        ],
    ),
}  # fmt: skip
ELSEWHERE = {
    "children": "test_cases_dropout.py",
    "suspected": "test_cases_dropout.py",
    "dropout": "test_cases_dropout.py",
    "gaps": "test_gaps.py",
    "audit_findings": "test_payments_audit.py",
    "audit_findings_staff": "test_payments_audit.py",
    "graduates": "below: its cases end by a destination",
}


@pytest.fixture
def people(cast: Cast) -> Cast:
    """Everybody, with the holidays known and the few cleared for what is restricted."""
    know_holidays()
    for role in ("school", "office", "leader"):
        for kind in ("assessment", "screening"):
            by = cast["administrator"]
            clearances.grant(
                user=cast[role], kind=kind, reason="演示", again=str(cast[role]), by=by, at=at(START)
            )
    return cast


def test_every_shipped_ledger_is_walked() -> None:
    assert set(WALKS) | set(ELSEWHERE) == set(shipped())
    assert not set(WALKS) & set(ELSEWHERE)


def found(code: str, walk: Walk, people: Cast) -> Case:
    """The case as the detector finds it, or as somebody enters it."""
    school, ledger = people["school"], packs.ledger(COUNTY, code)
    if not walk.detector:
        keys = {
            "school": school.school_code,
            "student": pupil(school.school_code).key if ledger.subject == "student" else "",
            "organisation": str(Organisation.objects.get(county_code=COUNTY, name="豫海镇人民政府").pk),
        }
        by = people["office"]
        return actions.open_case(
            county_code=COUNTY, ledger=code, subject_key=keys[ledger.subject], item=walk.item, text="演示：登记", by=by, at=at(START), today=START
        )  # fmt: skip
    if code == "disabled":
        Student.objects.filter(pk=pupil(school.school_code).pk).update(
            disability="听力", inclusion="随班就读"
        )
    if code == "safety_equipment":
        # The school has fewer than a hundred pupils: this county asks for a guard from ten on.
        drafted = pack_actions.set_setting(
            county_code=COUNTY, code=code, name="pupils", value=10, reason="演示", by=people["office"], at=at(START)
        )  # fmt: skip
        pack_actions.check(pk=drafted.pk, by=people["leader"], at=at(START))
    compare(code)
    cases = Case.objects.filter(ledger=code, school_code=school.school_code, item=walk.item).order_by("pk")
    case = cases[0]
    assert case.opened_by is None
    assert [one.title for one in ledger.detectors if one.name in case.detectors] == [walk.detector]
    assert case.evidence
    return case


def compare(code: str, *, day: Any = START) -> None:
    """As the night does for one ledger."""
    read = sweeping.tables_read(COUNTY, today=day, only=code)
    county = tables.gather(COUNTY, today=day, wanted=read)
    sweeping.sweep(
        county_code=COUNTY, county=county, more=case_tasks.beside(COUNTY), at=at(day), today=day, only=code
    )


def step(case: Case, name: str, by: User, *, day: Any = START, fields: Mapping[str, object] = {}) -> Case:
    """One step, with whatever else it asks for."""
    needs = packs.ledger(COUNTY, case.ledger).move(name).needs
    return actions.move(
        case_id=case.pk, move=name, fields=fields, text="演示：已办" if "text" in needs else "",
        files=[PDF] if "file" in needs else [], by=by, at=at(day), today=day,
    )  # fmt: skip


@pytest.mark.parametrize("code", WALKS)
def test_a_case_from_being_found_to_its_close(code: str, people: Cast, browser_of: BrowserOf) -> None:
    walk, ledger = WALKS[code], packs.ledger(COUNTY, code)
    case = found(code, walk, people)
    path = [case.state]
    for role, name, fields in walk.steps:
        if code in REFUSED and REFUSED[code][1] == name:
            who, refused, said, sentence = REFUSED[code]
            with pytest.raises(Refused, match=sentence):
                step(case, refused, people[who], fields=said)
        case = step(case, name, people[role], fields=fields)
        path.append(case.state)
    assert ledger.state(case.state).phase == "claimed"
    assert (case.done_by, case.due is not None) == (people[walk.steps[-1][0]], True)
    # What the ledger asks for before somebody may say “done” is there, and what it works out by itself is right.
    stored: dict[str, object] = dict(case.fields)
    for access in ("staff", "assessment", "screening"):
        stored |= change.restricted(case, access)
    asked = {column.name for column in ledger.columns if set(column.required_in) & set(path)}
    assert asked <= set(stored)
    assert {name: str(stored[name]) for name in walk.computed} == walk.computed
    for name in walk.computed:
        with pytest.raises(Refused):
            actions.change_fields(
                case_id=case.pk, fields={name: "1"}, by=people["office"], at=at(START), today=START
            )

    # Whoever did it last may not close it, nor a school what the bureau closes; another person of the bureau does.
    close = next(
        move
        for move in ledger.moves_from(case.state)
        if move.target and ledger.state(move.target).phase == "closed"
    )
    doer = case.done_by
    assert doer is not None
    with pytest.raises(Refused, match=r"不能自己销号|不能复核个案销号|办理"):
        step(case, close.name, doer)
    by = people["leader"] if doer != people["leader"] else people["office"]
    due_at_close = [column.name for column in ledger.columns if close.target in column.required_in]
    case = step(
        case, close.name, by, day=LATER, fields={name: START for name in due_at_close if name in close.fields}
    )
    assert (case.phase, case.closed_by, case.done_by) == ("closed", by, doer)

    # The file says all of it to whoever may read it, the ledger's report has it among the closed, and the log who closed it.
    client = browser_of("leader")
    text = client.get(f"/cases/{case.pk}/").content.decode()
    for column in ledger.columns:
        assert column.title in text
        if column.access == "child" and column.name in walk.computed:
            assert walk.computed[column.name] in text
    events = Event.objects.filter(of=case)
    assert [one.after for one in events.filter(what="moved").order_by("id")][-1] == close.target
    needed = sum("file" in ledger.move(name).needs for _, name, _ in walk.steps) + ("file" in close.needs)
    assert CaseFile.objects.filter(of=case).count() == needed
    assert Entry.objects.filter(verb="close", kind="case", key=str(case.pk)).count() == 1
    assert list(Stay.objects.filter(of=case, until=None).values_list("phase", flat=True)) == ["closed"]
    moved = counting.movement(people["leader"], code, START - timedelta(days=1), LATER)[""]
    assert (moved.closed, moved.checks) == (1, True)
    for sheet in ledger.reports:
        table = reports.report(
            people["leader"],
            COUNTY,
            code,
            sheet.name,
            since=START - timedelta(days=1),
            until=LATER,
            today=LATER,
        )
        assert table.checks
        assert dict(zip(table.names, table.total.figures, strict=True)).get("closed") in (1, None)


def test_a_graduate_without_a_place_until_the_data_shows_one(people: Cast, browser_of: BrowserOf) -> None:
    """毕业生一人一策: planned and followed by people, closed only when the destination stands in the register of graduates."""
    office, leader, school = people["office"], people["leader"], people["school"]
    child = pupil(school.school_code)
    leaver = Leaver.objects.create(
        county_code=COUNTY, student_key=child.key, kind="graduated", year=START.year, stage="初中", school_code=school.school_code,
        grade="9", person_name=child.person_name, registered=True, taken_on=START,
    )  # fmt: skip
    rich = pupil(school.school_code, skip=1)
    Leaver.objects.create(
        county_code=COUNTY, student_key=rich.key, kind="graduated", year=START.year, stage="初中", school_code=school.school_code,
        grade="9", person_name=rich.person_name, registered=False, taken_on=START,
    )  # fmt: skip
    compare("graduates")
    case = Case.objects.get(ledger="graduates")
    assert (case.subject_key, case.evidence["登记的去向"]) == (child.key, "没有登记")
    with pytest.raises(Refused, match="“本人意愿”、“帮扶措施（一人一策）”、“帮扶人”"):
        step(case, "plan", school)
    step(
        case,
        "plan",
        school,
        fields={"wish": "职业培训", "measure": "演示：推荐电商培训班", "helper": "演示班主任"},
    )
    assert step(case, "report", school, fields={"result": "培训中"}).phase == "claimed"
    # Said, and not shown: it stays, and the night says so in red.
    with pytest.raises(Refused, match=r"时才能复核销号|数据仍显示没有解决"):
        step(case, "close", leader)
    compare("graduates", day=START + timedelta(days=1))
    case.refresh_from_db()
    assert case.phase == "claimed"
    assert case.contradiction
    assert "与数据矛盾" in browser_of("office").get(f"/cases/{case.pk}/").content.decode()

    day = START + timedelta(days=6)
    said = graduates.Said(kind="work", day=START + timedelta(days=2), employer="演示电商公司")
    graduates.place(leaver=leaver, said=said, by=office, at=at(day), today=day)
    compare("graduates", day=day)
    case.refresh_from_db()
    assert (case.phase, case.contradiction, case.evidence_gone_on) == ("solved", "", day)
    step(case, "verify", office, day=day, fields={"result": "已就业"})
    with pytest.raises(Refused, match="不能自己销号"):
        step(case, "close", office, day=day)
    closed = step(case, "close", leader, day=day)
    assert (closed.phase, closed.closed_by, closed.done_by) == ("closed", leader, office)
    assert closed.fields == {
        "wish": "职业培训",
        "measure": "演示：推荐电商培训班",
        "helper": "演示班主任",
        "result": "已就业",
    }
    table = reports.report(
        leader, COUNTY, "graduates", "yearly", since=START - timedelta(days=1), until=day, today=day
    )
    assert dict(zip(table.names, table.total.figures, strict=True)) == {
        "stand": 0,
        "opened": 1,
        "solved": 1,
        "closed": 1,
    }
