"""审计线索: what the queries over paid lines found. What people do about it is a case of the ledger; here stands the evidence."""

from typing import ClassVar

from django.db import models


class Finding(models.Model):
    """一条线索. `fingerprint` is what makes it this one: found again, it is the same row. `changed_at`: when its evidence last changed."""

    county_code = models.CharField(max_length=6)
    kind = models.CharField("种类", max_length=20)
    fingerprint = models.CharField(max_length=64)
    title = models.CharField("线索", max_length=300)
    person_kind = models.CharField(max_length=10)
    person_key = models.CharField(max_length=80)
    person_name = models.CharField("姓名", max_length=60)
    school_code = models.CharField(max_length=10, blank=True)
    school_name = models.CharField("学校", max_length=120, blank=True)
    fen = models.BigIntegerField("涉及金额（分）", default=0)
    evidence = models.JSONField(default=list)  # [[label, value], …]
    state = models.CharField("数据", max_length=10, default="open")
    first_seen = models.DateField("首次发现")
    last_seen = models.DateField("最近发现")
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-fen", "id"]
        indexes: ClassVar = [models.Index(fields=["county_code", "state", "kind"], name="finding_by_state")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["county_code", "fingerprint"], name="one_finding_of_a_kind"),
        ]
