"""标准与测算记录: a county value counts after another person has checked it; runs are asked for, read and compared."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django_tasks_db.models import DBTaskResult

from bureau.runs.models import Run
from bureau.runs.pack_models import PackValue

pytestmark = pytest.mark.django_db
Signed = Callable[[str], Client]
STANDARD = "/packs/balanced-2017/R1/"
FORM = {"value-小学": "4.5", "value-初中": "5.5", "reason": "县府会议纪要〔2026〕3号"}


@pytest.fixture
def run(county: str) -> Run:
    return Run.objects.filter(county_code=county, pack="balanced-2017", state="done").latest("id")


def test_a_county_value_needs_two_people(browser_of: Signed, run: Run) -> None:
    office, leader = browser_of("office"), browser_of("leader")
    office.post(f"{STANDARD}enter/", FORM)
    value = PackValue.objects.get()
    assert value.value == {"小学": 4.5, "初中": 5.5}
    own = office.post(f"/packs/values/{value.pk}/check/", follow=True)
    assert "录入的人不能自己核对" in own.content.decode()
    leader.post(f"/packs/values/{value.pk}/check/")
    value.refresh_from_db()
    assert value.checked_by_id is not None
    assert Run.objects.filter(state="queued", pack="balanced-2017").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        PackValue.objects.filter(pk=value.pk).update(checked_by=value.by)
    assert "小学 4.5" in leader.get("/packs/balanced-2017/").content.decode()
    leader.post(f"/packs/values/{value.pk}/withdraw/")
    value.refresh_from_db()
    assert value.withdrawn_at is not None


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"value-小学": "四", "value-初中": "", "reason": "x"}, "“四”不是数"),
        ({"value-小学": "-1", "value-初中": "5", "reason": "x"}, "不小于 0"),
        ({"value-小学": "4", "value-初中": "5", "reason": " "}, "请写明依据"),
    ],
)
def test_values_that_are_refused(browser_of: Signed, run: Run, form: dict[str, str], why: str) -> None:
    assert why in browser_of("office").post(f"{STANDARD}enter/", form, follow=True).content.decode()
    assert not PackValue.objects.exists()


def test_one_value_at_a_time(browser_of: Signed, run: Run) -> None:
    browser_of("office").post(f"{STANDARD}enter/", FORM)
    again = browser_of("office").post(f"{STANDARD}enter/", FORM, follow=True)
    assert "请先撤回" in again.content.decode()


@pytest.mark.parametrize("role", ["school", "township", "inspector", "auditor", "administrator"])
def test_others_read_only(browser_of: Signed, run: Run, role: str) -> None:
    assert browser_of(role).post(f"{STANDARD}enter/", FORM).status_code == 403
    assert "不能修改县级标准" in browser_of(role).get(STANDARD).content.decode()


def test_two_standards_side_by_side(browser_of: Signed, run: Run) -> None:
    text = browser_of("auditor").get("/packs/balanced-2017/", {"with": "basic-2012"}).content.decode()
    assert "取值不同" in text or "新增" in text


def test_ask_for_a_run_once(browser_of: Signed, run: Run) -> None:
    office = browser_of("office")
    form = {"day": run.day.isoformat(), "pack": "balanced-2017"}
    assert "已排队测算" in office.post("/runs/ask/", form, follow=True).content.decode()
    assert "排队" in office.get("/runs/").content.decode()
    assert "已有一次测算" in office.post("/runs/ask/", form, follow=True).content.decode()
    asked = Run.objects.get(state="queued")
    tasks = DBTaskResult.objects.filter(task_path="bureau.work.tasks.assess", status="READY")
    assert [asked.pk] in [task.args_kwargs["args"] for task in tasks]
    progress = office.get("/runs/progress/")
    assert "progress-bar" in progress.content.decode()
    Run.objects.filter(state="queued").update(state="done")
    assert office.get("/runs/progress/").headers["HX-Refresh"] == "true"


def test_who_may_not_ask(browser_of: Signed, run: Run) -> None:
    assert browser_of("school").post("/runs/ask/", {}).status_code == 403
    assert "不能发起计算" in browser_of("auditor").get("/runs/").content.decode()


def test_a_run_names_what_it_rests_on(browser_of: Signed, run: Run) -> None:
    text = browser_of("auditor").get(f"/runs/{run.pk}/").content.decode()
    assert run.snapshot_sha256 in text
    assert run.pack_version in text


def test_compare_with_itself_changes_nothing(browser_of: Signed, run: Run) -> None:
    leader = browser_of("leader")
    text = leader.get("/runs/compare/", {"before": run.pk, "after": run.pk}).content.decode()
    assert "新达标 0 所" in text
    assert leader.get("/runs/compare/", {"before": run.pk}).status_code == 404
    other = Run.objects.filter(pack="basic-2012", state="done").latest("id")
    assert leader.get("/runs/compare/", {"before": other.pk, "after": run.pk}).status_code == 404
