"""绩效考核的页面 as their users use them: the editor, the scoring of one criterion, Excel, the result on paper, a unit's own view."""

from collections.abc import Callable
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bureau.people.models import Organisation
from bureau.performance.models import Appeal, Scheme, Score
from site_rows import COUNTY

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
HEAD = {"name": "乡镇考核（演示）", "period": "2025年度", "starts": "2025-01-01", "ends": "2026-12-31", "unit_kind": "township", "basis": ""}  # fmt: skip
COLUMNS = ("order", "pk", "title", "weight", "source", "standard", "measure", "scope", "rule", "at_most", "floor", "target")  # fmt: skip
MEASURE = ("1", "", "达标学校占比", "40", "measure", "", "资源配置综合达标学校占比（义务教育）", "unit", "proportional", "0", "", "100")  # fmt: skip
EVIDENCE = ("2", "", "台账", "60", "evidence", "齐全 60 分", "", "unit", "", "0", "", "")
VETO = ("3", "", "弄虚作假", "", "veto", "", "", "unit", "", "0", "", "")
EMPTY = ("4", "", "", "", "evidence", "", "", "unit", "", "0", "", "")
BANDS = {"band_name": ["优秀", "合格", "不合格", ""], "band_from": ["90", "60", "0", ""], "appeal_days": "5"}


def unit(name: str = "豫海镇人民政府") -> Organisation:
    return Organisation.objects.get(county_code=COUNTY, name=name)


def form(*rows: tuple[str, ...], **changes: object) -> dict[str, object]:
    lists = {name: [row[at] for row in rows] for at, name in enumerate(COLUMNS)}
    return HEAD | BANDS | lists | {"units": [unit().pk, unit("河西镇人民政府").pk]} | changes


def edited(office: Client, *rows: tuple[str, ...]) -> Scheme:
    assert office.post(reverse("performance-new"), HEAD).status_code == 302
    scheme = Scheme.objects.latest("id")
    answer = office.post(reverse("performance-edit", args=[scheme.pk]), form(*rows))
    assert answer.status_code == 302, answer.content.decode()
    return scheme


def step(client: Client, scheme: Scheme, action: str, **posted: object) -> str:
    answer = client.post(reverse("performance-change", args=[scheme.pk, action]), posted, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def scoring(browser_of: SignIn) -> Scheme:
    office = browser_of("office")
    scheme = edited(office, MEASURE, EVIDENCE, VETO, EMPTY)
    assert "方案已下达" in step(office, scheme, "activate")
    assert "已开始评分" in step(office, scheme, "start")
    return scheme


def published(browser_of: SignIn) -> Scheme:
    office, inspector, leader = browser_of("office"), browser_of("inspector"), browser_of("leader")
    scheme = scoring(browser_of)
    evidence, veto = scheme.criteria.get(title="台账"), scheme.criteria.get(title="弄虚作假")
    points = {f"points-{unit().pk}": "50", f"points-{unit('河西镇人民政府').pk}": "45.5"}
    office.post(reverse("performance-column", args=[scheme.pk, evidence.pk]), points)
    office.post(reverse("performance-column", args=[scheme.pk, veto.pk]), {"rest": "0"})
    for criterion in (evidence, veto):
        ids = list(criterion.scores.values_list("pk", flat=True))
        inspector.post(reverse("performance-settle", args=[scheme.pk, criterion.pk, "check"]), {"ids": ids})
    assert "等次标准和申诉期已确认" in step(leader, scheme, "confirm-bands")
    assert "结果已公布" in step(leader, scheme, "publish")
    return scheme


def test_the_editor_keeps_what_was_typed_and_says_everything_wrong(county: str, browser_of: SignIn) -> None:
    office = browser_of("office")
    scheme = edited(office, EVIDENCE)
    bad = ("1", "", "乱填", "四十", "measure", "", "不存在的指标", "unit", "linear", "0", "x", "")
    answer = office.post(
        reverse("performance-edit", args=[scheme.pk]), form(bad, EVIDENCE, band_from=["90", "abc", "0", ""])
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in ("“乱填”的权重“四十”不是数", "“不存在的指标”不在列表里", "“乱填”的底线“x”不是数"):
        assert words in page
    assert 'value="四十"' in page
    assert scheme.criteria.count() == 1


def test_the_sum_and_the_example_follow_what_is_typed(county: str, browser_of: SignIn) -> None:
    office = browser_of("office")
    scheme = edited(office, EVIDENCE)
    answer = office.post(
        reverse("performance-preview", args=[scheme.pk]), form(MEASURE, preview_unit=unit().pk)
    )
    page = answer.content.decode()
    assert "权重之和是 40，应为 100，还差 60" in page
    assert "40 × 75% ÷ 100，最多 40，得 30 分" in page
    assert scheme.criteria.get().title == "台账"  # nothing is saved
    page = office.post(
        reverse("performance-preview", args=[scheme.pk]), form(MEASURE, EVIDENCE)
    ).content.decode()
    assert "权重之和是 100" in page


def test_a_draft_whose_weights_do_not_sum_says_so_on_its_page(county: str, browser_of: SignIn) -> None:
    office = browser_of("office")
    scheme = edited(office, MEASURE)
    page = office.get(reverse("performance-scheme", args=[scheme.pk])).content.decode()
    assert "还差 60" in page
    assert "还差 60" in step(office, scheme, "activate")
    assert Scheme.objects.get().state == "draft"
    for role in ("inspector", "township", "unit"):
        assert browser_of(role).get(reverse("performance-scheme", args=[scheme.pk])).status_code == 404


def test_one_criterion_for_all_units_and_its_second_check(county: str, browser_of: SignIn) -> None:
    office, inspector = browser_of("office"), browser_of("inspector")
    scheme = scoring(browser_of)
    evidence = scheme.criteria.get(title="台账")
    address = reverse("performance-column", args=[scheme.pk, evidence.pk])
    points = {f"points-{unit().pk}": "六十", f"points-{unit('河西镇人民政府').pk}": "61"}
    answer = office.post(address, points)
    assert answer.status_code == 422
    assert "豫海镇人民政府：“六十”不是数" in answer.content.decode()
    assert 'value="六十"' in answer.content.decode()
    points[f"points-{unit().pk}"] = "60"
    points[f"text-{unit().pk}"] = "台账齐全"
    assert "得分应在 0 到 60 之间" in office.post(address, points).content.decode()
    points[f"points-{unit('河西镇人民政府').pk}"] = "不适用"
    points[f"text-{unit('河西镇人民政府').pk}"] = "撤并"
    points[f"files-{unit().pk}"] = SimpleUploadedFile("台账.pdf", b"%PDF-1.4")  # type: ignore[assignment]
    assert "已保存 2 项" in office.post(address, points, follow=True).content.decode()
    ids = list(evidence.scores.values_list("pk", flat=True))
    check = reverse("performance-settle", args=[scheme.pk, evidence.pk, "check"])
    assert "请另一人复核" in office.post(check, {"ids": ids}, follow=True).content.decode()
    assert "已复核 2 项" in inspector.post(check, {"ids": ids}, follow=True).content.decode()
    page = inspector.get(reverse("performance-scores", args=[scheme.pk])).content.decode()
    assert "还有 2 项没有得分，0 项待复核" in page
    file = evidence.scores.get(organisation=unit()).files.get()
    answer = inspector.get(reverse("performance-file", args=[scheme.pk, "score", file.pk]))
    assert answer.content == b"%PDF-1.4"
    assert (
        browser_of("township")
        .get(reverse("performance-file", args=[scheme.pk, "score", file.pk]))
        .status_code
        == 404
    )


def test_the_sheet_through_the_page(county: str, browser_of: SignIn) -> None:
    office = browser_of("office")
    scheme = scoring(browser_of)
    answer = office.get(reverse("performance-sheet", args=[scheme.pk]))
    book = openpyxl.load_workbook(BytesIO(answer.content))
    tab = book["评分表"]
    for row in tab.iter_rows(min_row=2):
        row[6].value = "六" if row[2].value == "台账" else 0
    upload = reverse("performance-upload", args=[scheme.pk])

    def sent() -> str:
        filled = BytesIO()
        book.save(filled)
        file = SimpleUploadedFile("评分表.xlsx", filled.getvalue())
        return str(office.post(upload, {"file": file}, follow=True).content.decode())

    assert "有 2 处问题，什么也没有保存" in sent()
    assert not Score.objects.filter(by__isnull=False).exists()
    for row in tab.iter_rows(min_row=2):
        row[6].value = 6 if row[2].value == "台账" else 0
    assert "评分表已读入：4 项有变化" in sent()
    assert "没有选择文件" in office.post(upload).content.decode()


def test_a_unit_sees_its_own_points_and_appeals(county: str, browser_of: SignIn) -> None:
    scheme = published(browser_of)
    township = browser_of("township")
    listed = township.get(reverse("performance")).content.decode()
    assert "80.00" in listed
    address = reverse("performance-unit", args=[scheme.pk, unit().pk])
    page = township.get(address).content.decode()
    assert "合格" in page
    assert "75%" in page or "得 30" in page or "30.00" in page
    other = reverse("performance-unit", args=[scheme.pk, unit("河西镇人民政府").pk])
    assert township.get(other).status_code == 404
    assert township.get(reverse("performance-result", args=[scheme.pk])).status_code == 404
    assert browser_of("school").get(address).status_code == 404
    score = Score.objects.get(organisation=unit(), criterion__title="达标学校占比")
    why = township.get(reverse("performance-why", args=[scheme.pk, score.pk])).content.decode()
    assert "40 × 75% ÷ 100" in why
    hidden = Score.objects.get(organisation=unit("河西镇人民政府"), criterion__title="达标学校占比")
    assert township.get(reverse("performance-why", args=[scheme.pk, hidden.pk])).status_code == 404
    evidence = scheme.criteria.get(title="台账")
    asked = {
        "criterion": evidence.pk,
        "text": "漏算一项",
        "files": SimpleUploadedFile("补交.pdf", b"%PDF-1.4"),
    }
    appeal = reverse("performance-appeal", args=[scheme.pk, unit().pk])
    assert "申诉已提交" in township.post(appeal, asked, follow=True).content.decode()
    decide = reverse("performance-decide", args=[scheme.pk, Appeal.objects.get().pk])
    leader = browser_of("leader")
    assert (
        "请填写改后的得分"
        in leader.post(
            decide, {"upheld": "1", "text": "属实", "criterion": evidence.pk}, follow=True
        ).content.decode()
    )
    said = leader.post(
        decide, {"upheld": "1", "text": "属实", "criterion": evidence.pk, "points": "60"}, follow=True
    )
    assert "申诉已答复" in said.content.decode()
    page = township.get(address).content.decode()
    assert "采纳" in page
    assert "90.00" in page
    assert "优秀" in page


def test_the_result_as_a_list_word_pdf_and_excel(county: str, browser_of: SignIn) -> None:
    scheme = published(browser_of)
    leader = browser_of("leader")
    address = reverse("performance-result", args=[scheme.pk])
    page = leader.get(address).content.decode()
    assert page.index("豫海镇人民政府") < page.index("河西镇人民政府")
    page = leader.get(address, {"sort": "total"}).content.decode()
    assert page.index("河西镇人民政府</a>") < page.index("豫海镇人民政府</a>")
    listed = leader.get(address, {"format": "xlsx"}).content
    rows = list(openpyxl.load_workbook(BytesIO(listed)).worksheets[0].values)
    assert any(row[0] == "豫海镇人民政府" and row[2] == 80 for row in rows)
    for form_name, begins in (("docx", b"PK"), ("pdf", b"%PDF")):
        made = leader.get(reverse("performance-document", args=[scheme.pk, form_name]))
        assert made.content.startswith(begins)
    assert leader.get(reverse("performance-document", args=[scheme.pk, "txt"])).status_code == 404


def test_an_earlier_scheme_is_copied(county: str, browser_of: SignIn) -> None:
    office = browser_of("office")
    scheme = edited(office, MEASURE, EVIDENCE)
    page = office.get(reverse("performance-new"), {"copy": scheme.pk}).content.decode()
    assert "2027年度" in page
    posted = HEAD | {"copy": scheme.pk, "period": "2027年度", "starts": "2027-01-01", "ends": "2027-12-31"}
    assert (
        "已有考核方案"
        in office.post(reverse("performance-new"), posted | {"period": "2025年度"}).content.decode()
    )
    assert office.post(reverse("performance-new"), posted).status_code == 302
    assert Scheme.objects.latest("id").criteria.count() == 2


def test_hostile_words_are_shown_and_not_run(county: str, browser_of: SignIn) -> None:
    office = browser_of("office")
    scheme = edited(
        office, ("1", "", "<script>alert(1)</script>", "100", "evidence", "=1+1", "", "unit", "", "0", "", "")
    )
    page = office.get(reverse("performance-scheme", args=[scheme.pk])).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page
    answer = office.post(
        reverse("performance-edit", args=[scheme.pk]),
        form(("1",) * len(COLUMNS), EVIDENCE, weight=["1e999", "60"]),
    )
    assert answer.status_code == 422
