"""责任单位登记: enter, change, merge, round trip through Excel; aliases settle names in plans; all wrong rows named, none saved."""

import io
from collections.abc import Callable

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bureau.log.models import Entry
from bureau.people.kept import Upload
from bureau.people.models import Organisation, User
from bureau.people.organisations import merge_organisations
from bureau.people.rules import Refused
from bureau.plans import document_actions
from bureau.plans.models import Plan, Task
from site_rows import COUNTY, NOW

pytestmark = pytest.mark.django_db
Signed = Callable[[str], Client]


def unit(name: str) -> Organisation:
    return Organisation.objects.get(county_code=COUNTY, name=name)


def form(one: Organisation, **changes: str) -> dict[str, str]:
    asked = {
        "name": one.name,
        "kind": one.kind,
        "aliases": "\n".join(one.aliases),
        "head": one.head,
        "active": "1",
    }
    return asked | {"parent": one.parent.name if one.parent else ""} | changes


def test_the_register_is_listed_and_searched(browser_of: Signed, county: str) -> None:
    text = browser_of("office").get("/organisations/").content.decode()
    assert "教育体育局" in text
    assert f"共 {Organisation.objects.filter(county_code=COUNTY).count()} 个单位" in text
    assert "基教科" in browser_of("leader").get("/organisations/?q=基教").content.decode()


@pytest.mark.parametrize("role", ["inspector", "auditor", "township", "school", "unit"])
def test_others_may_not_open_it(browser_of: Signed, county: str, role: str) -> None:
    assert browser_of(role).get("/organisations/").status_code == 403
    assert browser_of(role).post("/organisations/new/", {"name": "x", "kind": "other"}).status_code == 403


def test_a_unit_is_entered_and_every_mistake_named(browser_of: Signed, county: str) -> None:
    office = browser_of("office")
    bad = office.post("/organisations/new/", {"name": "教体局", "kind": "", "aliases": "财政局"})
    assert bad.status_code == 422
    for words in ("“教体局”已是“教育体育局”的名称或别名", "“财政局”已是“财政局”", "请选择类别"):
        assert words in bad.content.decode()
    good = {"name": "科技局", "kind": "government", "aliases": "县科技局、科学技术局", "head": "局长"}
    office.post("/organisations/new/", good)
    assert unit("科技局").aliases == ["县科技局", "科学技术局"]
    assert Entry.objects.filter(kind="organisation", verb="create", key=str(unit("科技局").pk)).exists()


def test_a_unit_is_not_below_itself(browser_of: Signed, county: str) -> None:
    bureau = unit("教育体育局")
    answer = browser_of("office").post(f"/organisations/{bureau.pk}/", form(bureau, parent="基教科"))
    assert "上级单位不能是本单位或它的下级" in answer.content.decode()
    bureau.refresh_from_db()
    assert bureau.parent is None


def test_out_of_use_is_not_gone(browser_of: Signed, county: str) -> None:
    one = unit("供电公司")
    asked = form(one)
    del asked["active"]
    browser_of("office").post(f"/organisations/{one.pk}/", asked)
    one.refresh_from_db()
    assert not one.active


def test_another_countys_unit_is_not_there(browser_of: Signed, county: str) -> None:
    other = Organisation.objects.create(county_code="640221", name="教育局", kind="government")
    assert browser_of("office").get(f"/organisations/{other.pk}/").status_code == 404
    with pytest.raises(Refused, match="同一个县"):
        merge_organisations(keep=unit("财政局"), gone=other, by=User.objects.get(username="office"), at=NOW)


def test_merging_moves_whatever_names_the_unit(
    browser_of: Signed, cast: dict[str, User], county: str
) -> None:
    keep, gone = unit("财政局"), unit("审计局")
    plan = Plan.objects.create(county_code=COUNTY, title="x", file_name="x", file_sha256="x", uploaded_by=cast["office"], uploaded_at=NOW)  # fmt: skip
    both, only = (Task.objects.create(plan=plan, number=n, title=str(n)) for n in (1, 2))
    both.leads.set([keep, gone])
    only.leads.set([gone])
    only.supports.set([gone, keep])
    cast["auditor"].organisation = gone
    cast["auditor"].save(update_fields=["organisation"])
    part = Organisation.objects.create(county_code=COUNTY, name="审计中心", kind="other", parent=gone)
    pk = gone.pk
    page = browser_of("office").post(f"/organisations/{keep.pk}/merge/", {"gone": "审计局"}, follow=True)
    assert "已并入" in page.content.decode()
    keep.refresh_from_db()
    assert "审计局" in keep.aliases
    assert not Organisation.objects.filter(pk=pk).exists()
    assert [list(task.leads.all()) for task in (both, only)] == [[keep], [keep]]
    assert list(only.supports.all()) == [keep]
    cast["auditor"].refresh_from_db()
    part.refresh_from_db()
    assert (cast["auditor"].organisation, part.parent) == (keep, keep)
    entry = Entry.objects.filter(kind="organisation", verb="change").latest("seq")
    assert entry.detail["gone"]["name"] == "审计局"


def test_a_unit_is_not_merged_into_its_own_part(cast: dict[str, User], county: str) -> None:
    with pytest.raises(Refused, match="上级单位"):
        merge_organisations(keep=unit("基教科"), gone=unit("教育体育局"), by=cast["office"], at=NOW)
    with pytest.raises(Refused, match="自己"):
        merge_organisations(keep=unit("基教科"), gone=unit("基教科"), by=cast["office"], at=NOW)


def book(browser_of: Signed) -> openpyxl.Workbook:
    content = browser_of("office").get("/organisations/?format=xlsx").content
    return openpyxl.load_workbook(io.BytesIO(content))


def sent(made: openpyxl.Workbook) -> SimpleUploadedFile:
    out = io.BytesIO()
    made.save(out)
    return SimpleUploadedFile("责任单位.xlsx", out.getvalue())


def test_the_register_goes_through_excel_and_back(browser_of: Signed, county: str) -> None:
    office = browser_of("office")
    untouched = office.post("/organisations/upload/", {"file": sent(book(browser_of))}).content.decode()
    assert "新登记 0 个，修改 0 个" in untouched
    made = book(browser_of)
    sheet = made["责任单位"]
    head = {cell.value: cell.column for cell in sheet[1]}
    line = next(
        row for row in range(2, sheet.max_row + 1) if sheet.cell(row, head["单位名称"]).value == "财政局"
    )
    sheet.cell(line, head["别名"]).value = "县财政局、财政"
    last = sheet.max_row + 1
    for heading, value in (
        ("单位名称", "科技局"),
        ("类别", "政府部门"),
        ("上级单位", "政府办公室"),
        ("在用", "是"),
    ):
        sheet.cell(last, head[heading]).value = value
    seen = office.post("/organisations/upload/", {"file": sent(made)}).content.decode()
    assert "新登记 1 个，修改 1 个" in seen
    assert not Organisation.objects.filter(name="科技局").exists()
    office.post("/organisations/upload/", {"file": sent(made), "apply": "1"})
    assert unit("财政局").aliases == ["县财政局", "财政"]
    assert unit("科技局").parent == unit("政府办公室")


def test_wrong_rows_are_all_named_and_nothing_is_saved(browser_of: Signed, county: str) -> None:
    made = book(browser_of)
    sheet = made["责任单位"]
    last = sheet.max_row
    for number, row in enumerate(
        [[None, "新局", "不知道", "", "", "", "", "是"], [99999999, "乙局", "政府部门", "", "没有的局", "640221", "", "是"],
         [None, "丙局", "其他单位", "教体局", "", "", "", "也许"], [None, "", "其他单位", "", "", "", "", "是"]], 1
    ):  # fmt: skip
        for place, value in enumerate(row, 1):
            sheet.cell(last + number, place).value = value
    before = Organisation.objects.count()
    text = (
        browser_of("office")
        .post("/organisations/upload/", {"file": sent(made), "apply": "1"})
        .content.decode()
    )
    for words in (f"第{last + 1}行“类别”", f"第{last + 2}行“编号”", f"第{last + 2}行“上级单位”", f"第{last + 2}行“乡镇代码”", f"第{last + 3}行“在用”", f"第{last + 4}行“单位名称”"):  # fmt: skip
        assert words in text, words
    assert Organisation.objects.count() == before
    for junk in (b"", b"PK\x03\x04junk", "不是表格".encode()):
        answer = browser_of("office").post(
            "/organisations/upload/", {"file": SimpleUploadedFile("x.xlsx", junk)}
        )
        assert answer.status_code == 422


def test_a_name_taken_by_another_unit_saves_nothing(browser_of: Signed, county: str) -> None:
    made = book(browser_of)
    sheet = made["责任单位"]
    sheet.append([None, "新单位甲", "其他单位", "", "", "", "", "是"])
    sheet.append([None, "新单位乙", "其他单位", "财政局", "", "", "", "是"])
    text = (
        browser_of("office")
        .post("/organisations/upload/", {"file": sent(made), "apply": "1"})
        .content.decode()
    )
    assert "“财政局”已是“财政局”" in text
    assert not Organisation.objects.filter(name__startswith="新单位").exists()


def test_a_new_alias_settles_the_name_in_the_next_plan(
    browser_of: Signed, cast: dict[str, User], county: str
) -> None:
    one = unit("科协")
    browser_of("office").post(f"/organisations/{one.pk}/", form(one, aliases="县科协\n飞天办"))
    text = "方案\n一、任务\n1.工作。到2027年，招聘教师120名。（责任单位：飞天办）\n"
    plan = document_actions.receive(
        county_code=COUNTY, upload=Upload("a.txt", text.encode()), by=cast["office"], at=NOW
    )
    document_actions.read(plan=plan)
    name = plan.unit_names.get(name="飞天办")
    assert (name.how, list(name.organisations.all())) == ("alias", [one])
