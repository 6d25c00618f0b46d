"""个案: one line of a ledger from being found to being closed, who answered for it, and everything that happened to it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as N

from bureau.cases.desk_models import Bulk, SavedFilter, Watch
from bureau.cases.pack_models import PackVersion, Sweep
from bureau.people.models import User

__all__ = [
    "Bulk",
    "Case",
    "CaseFile",
    "Event",
    "Holding",
    "PackVersion",
    "Restricted",
    "SavedFilter",
    "Stay",
    "Sweep",
    "Watch",
]


class Case(models.Model):
    """个案. `owner` empty means the desk of `level`: everyone of that level whose area it lies in.

    `evidence_on` is the last data day on which a detector found it, `evidence_gone_on` the first on which none did any more.
    `fields` holds what whoever may see the child may see; the other access classes are sealed in `Restricted`.
    """

    class Phase(models.TextChoices):
        OPEN = "open", N("办理中")
        CLAIMED = "claimed", N("已报完成")
        SOLVED = "solved", N("数据显示已解决，待核实")
        PASSED = "passed", N("已转出")
        CLOSED = "closed", N("已销号")

    county_code = models.CharField(max_length=6)
    ledger = models.CharField(max_length=30)
    access = models.CharField(max_length=12, default="child")
    subject = models.CharField(max_length=12)
    subject_key = models.CharField(max_length=80)
    item = models.CharField(max_length=80, blank=True)
    label = models.CharField("对象", max_length=120)
    pinyin = models.CharField(max_length=200, blank=True)
    school_code = models.CharField(max_length=10, blank=True)
    school = models.CharField("学校", max_length=120, blank=True)
    township_code = models.CharField(max_length=12, blank=True)
    class_name = models.CharField("班级", max_length=30, blank=True)
    grade = models.CharField(max_length=3, blank=True)
    class_number = models.IntegerField(null=True)
    village = models.CharField("村", max_length=60, blank=True)
    birth_date = models.DateField(null=True)

    state = models.CharField(max_length=30)
    phase = models.CharField(max_length=8, choices=Phase.choices)
    state_since = models.DateField()
    before_solved = models.CharField(max_length=30, blank=True)
    level = models.CharField(max_length=10, blank=True)
    owner = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    due = models.DateField("期限", null=True)
    due_note = models.CharField(max_length=120, blank=True)

    opened_on = models.DateField("发现日期")
    opened_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reopened = models.PositiveSmallIntegerField(default=0)
    detectors = models.JSONField(default=list)
    evidence = models.JSONField(default=dict)
    evidence_on = models.DateField(null=True)
    evidence_gone_on = models.DateField(null=True)
    needs_proof = models.BooleanField(default=False)
    contradiction = models.CharField(max_length=300, blank=True)

    fields = models.JSONField(default=dict)
    done_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_on = models.DateField(null=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["due", "id"]
        indexes: ClassVar = [
            models.Index(fields=["county_code", "ledger", "phase", "due"], name="case_of_a_ledger"),
            models.Index(fields=["county_code", "subject_key"], name="case_of_a_subject"),
            models.Index(fields=["owner", "phase", "due"], name="case_of_an_owner"),
            models.Index(fields=["school_code", "phase", "due"], name="case_of_a_school"),
            models.Index(fields=["township_code", "phase", "due"], name="case_of_a_township"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county_code", "ledger", "subject_key", "item"],
                condition=~Q(phase__in=["passed", "closed"]),
                name="one_live_case",
            ),
            models.CheckConstraint(
                condition=~Q(phase="closed")
                | Q(closed_by__isnull=False, done_by__isnull=False, closed_on__isnull=False),
                name="case_closed_by_two",
            ),
            models.CheckConstraint(
                condition=Q(closed_by=None) | ~Q(closed_by=F("done_by")), name="case_closed_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(phase="closed") | Q(needs_proof=False) | Q(evidence_gone_on__isnull=False),
                name="case_closed_with_proof",
            ),
            models.CheckConstraint(
                condition=~Q(phase="closed") | Q(contradiction=""), name="case_closed_undisputed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ledger} {self.label}"


class Restricted(models.Model):
    """受限内容: the columns of one access class of a case, sealed; opened only with a clearance and a reason."""

    of = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="restricted")
    access = models.CharField(max_length=12)
    sealed = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["of", "access"], name="one_restricted_part_of_a_class")
        ]


class Event(models.Model):
    """经过: one thing that happened to a case; rows are only ever added. `record_id` comes from the phone and counts once."""

    class What(models.TextChoices):
        OPENED = "opened", N("立案")
        MOVED = "moved", N("办理")
        FOUND = "found", N("数据再次发现")
        GONE = "gone", N("数据显示已解决")
        BACK = "back", N("数据又显示未解决")
        REOPENED = "reopened", N("重新打开")
        PASSED = "passed", N("转入另一台账")
        ESCALATED = "escalated", N("逾期升级")
        ASSIGNED = "assigned", N("移交")
        FILED = "filed", N("上传文件")
        COMMENTED = "commented", N("备注")
        CHANGED = "changed", N("修改栏目")
        CONTRADICTED = "contradicted", N("数据与所报不符")
        LOOKED = "looked", N("查看受限内容")

    of = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    day = models.DateField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=12, choices=What.choices)
    move = models.CharField(max_length=30, blank=True)
    title = models.CharField(max_length=60, blank=True)
    before = models.CharField(max_length=30, blank=True)
    after = models.CharField(max_length=30, blank=True)
    text = models.CharField(max_length=2000, blank=True)
    fields = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    form = models.CharField(max_length=30, blank=True)
    record_id = models.UUIDField(null=True, unique=True)
    said_at = models.DateTimeField(null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    consent = models.BooleanField(default=False)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__isnull=False, longitude__isnull=False, consent=True),
                name="position_only_with_consent",
            )
        ]


class CaseFile(models.Model):
    """个案文件, sealed by `people.kept` under room `cases`; `access` as of a column."""

    of = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="files")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    access = models.CharField(max_length=12, default="child")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]


class Holding(models.Model):
    """责任人经历: who answered for a case from when to when; `line` "" is the owner in charge, else one of 三包三保."""

    of = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="holdings")
    line = models.CharField(max_length=30, blank=True)
    level = models.CharField(max_length=10)
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    since = models.DateField()
    until = models.DateField(null=True)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["of", "line"], condition=Q(until=None), name="one_owner_of_a_line"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["user", "until"], name="holding_of_a_user")]


class Stay(models.Model):
    """停留: a case in one phase and one place from `since` to `until`, for counting any day and the movement between two.

    `how` says what began it: opened, moved (within a phase), solved, returned, passed, closed, reopened, placed (elsewhere).
    """

    of = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="stays")
    county_code = models.CharField(max_length=6)
    ledger = models.CharField(max_length=30)
    state = models.CharField(max_length=30)
    phase = models.CharField(max_length=8)
    level = models.CharField(max_length=10, blank=True)
    school_code = models.CharField(max_length=10, blank=True)
    township_code = models.CharField(max_length=12, blank=True)
    birth_date = models.DateField(null=True)
    how = models.CharField(max_length=10)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["county_code", "ledger", "since", "until"], name="stay_of_a_ledger")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["of"], condition=Q(until=None), name="one_stay_now")
        ]
