"""应助尽助: who is due, paid, missed, paid wrongly; each figure opens to its lines, each line to its reason; scope and log."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bureau.entitlements import evaluation_actions, lists, paid_actions, terms
from bureau.entitlements.evaluation_models import Claim, EvaluatedChild, Evaluation
from bureau.links.facts import Known
from bureau.log.models import Entry
from bureau.pages.people_columns import opened
from bureau.people.models import User
from bureau.registry.models import School, Student
from bureau.work import aid_tasks
from site_rows import COUNTY, NOW, TODAY

pytestmark = pytest.mark.django_db
BrowserOf = Callable[[str], Client]
TERM = terms.Term(2025, "秋")


@pytest.fixture
def term(county: str, cast: dict[str, User]) -> Evaluation:
    """2025秋 is paid to all but three children, one of them too little; 2026春 waits."""
    for each in (TERM, TERM.next):
        made = evaluation_actions.ask(county_code=county, term=each, by=None, at=NOW, today=TODAY)
        aid_tasks.carry_out(made.pk)
    due = lists.payable(county, TERM.text)
    entries = [
        paid_actions.PaidEntry(
            one.student_key, one.clause, one.fen // 2 if place == 3 else one.fen, date(2026, 1, 5)
        )
        for place, one in enumerate(due)
        if place > 2
    ]
    paid_actions.record_paid(
        county_code=county, term=TERM.text, entries=entries, source="演示批次", reference="batch:1", by=cast["office"], at=NOW, today=TODAY
    )  # fmt: skip
    found = lists.current(county, TERM.text)
    assert found is not None
    return found


def test_the_page_counts_what_the_lines_say(term: Evaluation, browser_of: BrowserOf) -> None:
    html = browser_of("office").get(f"/aid/?term={TERM.text}").content.decode()
    everybody = (
        Claim.objects.filter(evaluation=term, due_fen__gt=0, state="paid")
        .values("student_key")
        .distinct()
        .count()
    )
    assert f"已助 {everybody - 4} ／ 应助 {everybody} 人" in html
    assert "漏发和少发 <b>4</b>" in html
    assert "共 4 条（一人一项）" in html
    missed = Claim.objects.filter(evaluation=term, standing="missed")
    assert missed.count() == 3
    for line in missed:
        assert f"/aid/children/{line.student_key}/" in html
    entry = Entry.objects.order_by("-seq")[0]
    assert (entry.verb, entry.kind, entry.detail["list"], entry.detail["found"]) == (
        "view",
        "aid_list",
        "missed",
        4,
    )


def test_before_anything_is_judged_the_page_says_what_to_do(county: str, browser_of: BrowserOf) -> None:
    html = browser_of("office").get("/aid/").content.decode()
    assert "判断 2026春 学期" in html or "还没有判断过" in html
    assert "还没有判断过" in browser_of("school").get("/aid/").content.decode()
    client = browser_of("office")
    client.post("/aid/evaluations/ask/", {"term": "2025秋"})
    assert "正在判断" in client.get("/aid/").content.decode()
    aid_tasks.carry_out(Evaluation.objects.get().pk)
    assert client.get("/aid/evaluations/progress/").headers["HX-Refresh"] == "true"
    assert "应助尽助：已助" in client.get("/aid/").content.decode()
    client.post("/aid/evaluations/ask/", {"term": "明年"})
    assert "不是学期" in client.get("/aid/evaluations/").content.decode()


@pytest.mark.parametrize(
    "which", ["missed", "waiting", "undue", "refused", "paid", "unconfirmed", "unknown", "all", "nonsense"]
)
def test_every_list_opens_is_exported_and_logged(term: Evaluation, browser_of: BrowserOf, which: str) -> None:
    client = browser_of("office")
    assert client.get(f"/aid/?term={TERM.text}&list={which}").status_code == 200
    answer = client.get(f"/aid/?term={TERM.text}&list={which}&format=xlsx")
    assert answer.status_code == 200
    assert answer.content[:2] == b"PK"
    assert Entry.objects.order_by("-seq")[0].verb == "export"


def test_a_line_opens_its_reason_with_the_citation(term: Evaluation, browser_of: BrowserOf) -> None:
    line = Claim.objects.filter(evaluation=term, clause="cn.day", standing="paid")[0]
    html = browser_of("office").get(f"/aid/why/{line.pk}/").content.decode()
    assert "享受补助，每年625元" in html or "享受补助，每年750元" in html
    assert "依据《财政部下达2024年城乡义务教育补助经费" in html
    assert "已发" in html
    assert browser_of("office").get("/aid/why/999999/").status_code == 404


def test_coverage_opens_to_numerator_and_denominator(term: Evaluation, browser_of: BrowserOf) -> None:
    covered = lists.coverage(COUNTY, term=TERM.text)
    assert covered is not None
    html = browser_of("leader").get(f"/aid/coverage/{TERM.text}/").content.decode()
    assert f"{covered.children_covered:,}" in html
    assert f"{covered.children_due:,}" in html
    assert "待确认的条款和情况不明的学生不在分母里" in html
    assert browser_of("leader").get("/aid/coverage/2019秋/").status_code == 404


def test_a_school_and_a_township_see_their_own(term: Evaluation, browser_of: BrowserOf) -> None:
    own = Claim.objects.filter(evaluation=term, school_code="2164990001")
    html = browser_of("school").get(f"/aid/?term={TERM.text}&list=all").content.decode()
    assert f"共 {own.count()} 条（一人一项）" in html
    other = Claim.objects.filter(evaluation=term).exclude(school_code="2164990001")[0]
    assert browser_of("school").get(f"/aid/why/{other.pk}/").status_code == 404
    area = browser_of("township").get(f"/aid/?term={TERM.text}&list=all").content.decode()
    schools = School.objects.filter(township_code="640324100").values("school_code")
    count = Claim.objects.filter(evaluation=term, school_code__in=schools).count()
    assert f"共 {count} 条（一人一项）" in area
    for role in ("unit", "administrator", "teacher"):
        if role in ("unit", "administrator"):
            assert browser_of(role).get("/aid/").status_code == 403
    # So is the number of children whose school says otherwise than a register.
    EvaluatedChild.objects.filter(evaluation=term, conflicts__gt=0).update(conflicts=0)
    elsewhere = EvaluatedChild.objects.filter(evaluation=term).exclude(school_code="2164990001")[0]
    EvaluatedChild.objects.filter(pk=elsewhere.pk).update(conflicts=2)
    Evaluation.objects.filter(pk=term.pk).update(conflicts=1)
    for role, count in (("school", 0), ("office", 1)):
        html = browser_of(role).get(f"/aid/?term={TERM.text}").content.decode()
        assert f"填报与名册不一致 {count} 人" in html


def test_sums_by_school_are_those_of_the_whole(term: Evaluation, browser_of: BrowserOf) -> None:
    client = browser_of("office")
    for by in ("school", "township", "stage", "clause", "other"):
        html = client.get(f"/aid/summary/?term={TERM.text}&by={by}").content.decode()
        assert "应助尽助汇总" in html
    covered = lists.coverage(COUNTY, term=TERM.text)
    assert covered is not None
    assert f"{covered.due_fen / 100:,.2f}" in client.get(f"/aid/summary/?term={TERM.text}").content.decode()
    assert client.get(f"/aid/summary/?term={TERM.text}&by=stage&format=xlsx").content[:2] == b"PK"


def test_a_child_is_found_by_name_pinyin_and_number(term: Evaluation, browser_of: BrowserOf) -> None:
    line = Claim.objects.filter(evaluation=term, standing="paid")[0]
    child = Student.objects.get(key=line.student_key)
    client = browser_of("office")
    for text in (
        child.person_name,
        line.pinyin.split()[0],
        opened(child.id_number),
        opened(child.enrolment_number),
    ):
        html = client.get(f"/aid/?term={TERM.text}&list=paid&q={text}").content.decode()
        assert f"/aid/children/{line.student_key}/" in html, text
    assert opened(child.id_number) not in str(Entry.objects.order_by("-seq")[0].detail)


def test_what_is_not_known_says_of_how_many_and_whose_register(
    term: Evaluation, browser_of: BrowserOf
) -> None:
    html = browser_of("office").get(f"/aid/?term={TERM.text}&list=unknown").content.decode()
    assert "不知道困难：" in html
    assert "家庭经济困难学生认定名册" in html


def test_pages_ask_few_queries(
    term: Evaluation, browser_of: BrowserOf, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = browser_of("office")
    client.get("/aid/")
    with django_assert_max_num_queries(22):
        client.get(f"/aid/?term={TERM.text}&list=paid")
    with django_assert_max_num_queries(18):
        client.get(f"/aid/summary/?term={TERM.text}")


def test_cockpit_and_desk_speak_of_aid(term: Evaluation, browser_of: BrowserOf) -> None:
    for role in ("leader", "school", "township"):
        html = browser_of(role).get("/").content.decode()
        assert "应助尽助" in html, role
        assert "漏发或少发（人）" in html, role
    assert "名学生2025秋漏发或少发资助" in browser_of("office").get("/desk/").content.decode()
    own = Claim.objects.filter(evaluation=term, school_code="2164990001", standing__in=("missed", "less"))
    count = own.values("student_key").distinct().count()
    text = browser_of("school").get("/desk/").content.decode()
    assert (f"<strong>{count}</strong> 名学生2025秋漏发" in text) == bool(count)


def test_money_by_stage_and_source_adds_up(term: Evaluation, browser_of: BrowserOf) -> None:
    from django.db.models import Q

    from bureau.pages.aid_cockpit import _made

    made = _made(term, Q())
    covered = lists.coverage_of(term)
    for place, fen in ((0, covered.due_fen), (1, covered.paid_fen)):
        assert sum(part[place + 1] for part in made["stages"]) == fen
        assert sum(part[place + 1] for part in made["sources"]) == fen


def test_the_schools_entry_beside_the_register(county: str, browser_of: BrowserOf) -> None:
    child = Student.objects.filter(stage="小学", minimum_living=False).order_by("pk")[0]
    known = Known(True, "低保", 1, date(2025, 9, 1), 17, "低保表第17行", None, None, "二档")
    one = evaluation_actions.ask(county_code=county, term=TERM, by=None, at=NOW, today=TODAY)
    evaluation_actions.compute(
        evaluation_id=one.pk, at=lambda: NOW, today=TODAY, progress=lambda share: None,
        outside=lambda code, day: {child.key: {"低保": known}}, sources=lambda code, day: [["低保", "2025-09-01", "1", ""]], further=lambda code, day: (),
    )  # fmt: skip
    html = browser_of("office").get(f"/aid/conflicts/?term={TERM.text}").content.decode()
    assert "低保：学校填“否”，低保名册（2025-09-01，低保表第17行）为“是”" in html
    assert browser_of("office").get(f"/aid/conflicts/?term={TERM.text}&format=xlsx").content[:2] == b"PK"
    file = browser_of("office").get(f"/aid/children/{child.key}/").content.decode()
    assert "学校填的是“否”" in file
    assert "低保表第17行，二档" in file


def test_chosen_lines_are_proposed_in_a_round_of_their_clause(
    term: Evaluation, browser_of: BrowserOf, cast: dict[str, User]
) -> None:
    from bureau.payments import award_actions, fund_actions
    from bureau.payments.models import Award

    client = browser_of("office")
    line = Claim.objects.filter(evaluation=term, standing="missed")[0]
    html = client.post("/aid/award/", {"ids": [line.pk, 999999]}).content.decode()
    assert "可以列入 1 人" in html
    assert "新开一批" in html
    fund = fund_actions.open_fund(county_code=COUNTY, name="演示基金", sources=["county"], begun_on=TODAY, basis="演示", by=cast["office"], at=NOW)  # fmt: skip
    one = award_actions.open_round(county_code=COUNTY, title="演示补发", person_kind="student", term=TERM.text, clause=line.clause, fund=fund, shares={"county": 100}, by=cast["office"], at=NOW)  # fmt: skip
    assert "演示补发" in client.post("/aid/award/", {"ids": [line.pk]}).content.decode()
    client.post("/aid/award/", {"ids": [line.pk], "round": one.pk})
    found = Award.objects.get()
    assert (found.person_key, found.fen, found.round_id) == (line.student_key, line.due_fen, one.pk)
    assert client.post("/aid/award/", {"ids": []}).status_code == 302
    outside = (
        Claim.objects.filter(evaluation=term, standing="missed").exclude(school_code="2164990001").first()
    )
    assert outside is not None
    assert (
        browser_of("school").post("/aid/award/", {"ids": [outside.pk]}).status_code == 302
    )  # not its own: nothing chosen
    assert EvaluatedChild.objects.filter(evaluation=term).exists()


def test_where_nobody_is_entitled_there_is_no_share(term: Evaluation, browser_of: BrowserOf) -> None:
    client = browser_of("office")
    html = client.get(f"/aid/summary/?term={TERM.text}&by=stage").content.decode()
    assert (
        '<td class="percent none" data-label="应助尽助">–</td>' in html
    )  # 普高: unconfirmed and unknown only
    for order in ("share", "-share"):
        assert client.get(f"/aid/summary/?term={TERM.text}&by=stage&sort={order}").status_code == 200
