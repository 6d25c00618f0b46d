"""发放的后台任务: reading large files, the nightly end of publications, and the audit of what was paid."""

from collections import Counter
from datetime import date, datetime

from django.utils import timezone
from django_tasks import task

from bureau.cases.sweeping import sweep
from bureau.cases.tables import County
from bureau.payments import file_actions, finding_actions, jobs, publication
from bureau.payments.finding_rules import LEDGERS
from bureau.payments.models import Job, PaymentFile
from bureau.people.models import User
from bureau.registry.queries import counties
from bureau.work.finding_tables import payment_findings
from bureau.work.marks import Marks


@task()
def read_file(file_id: int) -> None:
    """读取一个上传的表; cancelled, it stops at its next mark."""
    file = PaymentFile.objects.select_related("batch", "round").get(pk=file_id)
    going_on = PaymentFile.objects.filter(pk=file_id, state=PaymentFile.State.READING)
    marks = Marks(going_on, file_actions.CancelledError)
    file_actions.read(file=file, today=timezone.localdate(), progress=marks)


@task()
def take_file(file_id: int, user_id: int, address: str) -> None:
    """入库一个大文件, that a person has confirmed; it may be cancelled while it is still being read."""
    file = PaymentFile.objects.select_related("batch", "round").get(pk=file_id)
    marks = Marks(
        PaymentFile.objects.filter(pk=file_id, state=PaymentFile.State.TAKING), file_actions.CancelledError
    )
    file_actions.take_asked(
        file=file,
        by=User.objects.get(pk=user_id),
        at=timezone.now(),
        today=timezone.localdate(),
        progress=marks,
        address=address,
    )


@task()
def do_job(job_id: int) -> None:
    """办理一步 over a long list; cancelled, it stops at its next mark."""
    job = Job.objects.select_related("round__fund", "by").get(pk=job_id)
    marks = Marks(Job.objects.filter(pk=job_id, state=Job.State.DOING), jobs.CancelledError)
    jobs.carry_out(job=job, at=timezone.now, today=timezone.localdate(), progress=marks)


@task()
def audit(county_code: str) -> None:
    """审计一个县的发放, and a case for each finding."""
    audit_now(county_code, today=timezone.localdate(), at=timezone.now())


def audit_now(county_code: str, *, today: date, at: datetime) -> Counter[str]:
    """The findings as the data shows them, then their ledgers; no register is needed for that."""
    counts = finding_actions.refresh(county_code=county_code, today=today, at=at)
    found = {"payment_findings": payment_findings(county_code)}
    for ledger in LEDGERS.values():
        sweep(county_code=county_code, county=County({}, {}), more=found, at=at, today=today, only=ledger)
    return counts


def nightly(*, today: date, at: datetime) -> None:
    """每晚: publications that are over pass on, and every county's payments are audited."""
    publication.keep_up_everywhere(today=today, at=at)
    for county in counties():
        finding_actions.refresh(county_code=county, today=today, at=at)
