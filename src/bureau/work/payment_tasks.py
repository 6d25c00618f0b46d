"""发放的后台任务: reading large files, the nightly end of publications, and the audit of what was paid."""

from datetime import date, datetime

from django.utils import timezone
from django_tasks import task

from bureau.payments import file_actions, finding_actions, publication
from bureau.payments.models import PaymentFile
from bureau.people.models import User
from bureau.registry.queries import counties
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
def audit(county_code: str) -> None:
    """审计一个县的发放."""
    finding_actions.refresh(county_code=county_code, today=timezone.localdate(), at=timezone.now())


def nightly(*, today: date, at: datetime) -> None:
    """每晚: publications that are over pass on, and every county's payments are audited."""
    publication.keep_up_everywhere(today=today, at=at)
    for county in counties():
        finding_actions.refresh(county_code=county, today=today, at=at)
