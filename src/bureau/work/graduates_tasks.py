"""去向的后台任务: the graduates of a year from the registers, asked for or every night; stopped when somebody cancels."""

from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone
from django_tasks import task

from bureau.graduates import actions, deriving, list_jobs
from bureau.graduates.models import ComeList, Derivation
from bureau.registry import queries as registered
from bureau.registry.import_models import Import
from bureau.work.marks import Marks


@task()
def derive_graduates(derivation_id: int) -> None:
    """更新一年的毕业生. A second delivery finds it done."""
    of = Derivation.objects.get(pk=derivation_id)
    going_on = Derivation.objects.filter(pk=derivation_id, cancel_asked=False)
    actions.update(of=of, at=timezone.now(), progress=Marks(going_on, deriving.CancelledError))


@task()
def read_list(list_id: int) -> None:
    """读取一份名单. A second delivery finds it done."""
    of = ComeList.objects.select_related("by").get(pk=list_id)
    going_on = ComeList.objects.filter(pk=list_id, cancel_asked=False)
    list_jobs.read_list(of=of, at=timezone.now(), progress=Marks(going_on, deriving.CancelledError))


def nightly(*, today: date, at: datetime) -> int:
    """每晚: this school year's graduates and those of last summer follow registers newer than what was taken; answers how many."""
    done = 0
    for county_code in registered.counties():
        for year in (today.year, today.year - 1):
            days = deriving.registers_of(county_code, year)
            if days is None or (days.after is None and today < date(year, 6, 1)):
                continue
            last = Derivation.objects.filter(county_code=county_code, year=year, state="done").first()
            newest = imports_of(county_code)
            if last is not None and newest is not None and last.at > newest:
                continue
            of = Derivation.objects.create(county_code=county_code, year=year, by=None, at=at)
            actions.update(of=of, at=at)
            done += 1
    return done


def imports_of(county_code: str) -> datetime | None:
    """When the county's registers were last changed by an import."""
    committed = Import.objects.filter(county_code=county_code, state="committed")
    last: datetime | None = committed.aggregate(last=Max("committed_at"))["last"]
    return last
