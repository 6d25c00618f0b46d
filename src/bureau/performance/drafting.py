"""方案的内容: what a scheme and its criteria say when they are written, and what of it cannot be kept. Part of `actions`; logs nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import ProtectedError

from bureau.people.rules import Refused
from bureau.performance import queries, scoring
from bureau.performance.models import Criterion, Scheme


@dataclass(frozen=True, slots=True)
class Head:
    """方案的基本信息."""

    title: str
    period: str
    starts: date | None
    ends: date | None
    unit_kind: str
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """一项指标, as it is written; `pk` None for a new one."""

    title: str
    weight: Decimal
    source: str
    standard: str = ""
    measure: str = ""
    stage: str = ""
    subset: str = ""
    scope: str = "unit"
    rule: str = ""
    at_most: bool = False
    floor: Decimal | None = None
    target: Decimal | None = None
    pk: int | None = None


def why_not_head(county_code: str, what: Head, scheme: Scheme | None) -> str | None:
    """基本信息为什么不行: everything missing at once, and another scheme of the same period and kind."""
    problems = []
    if not what.title.strip():
        problems.append("请填写方案名称")
    if not what.period.strip():
        problems.append("请填写考核期，例如 2026年度")
    if what.starts is None or what.ends is None or what.ends < what.starts:
        problems.append("请填写考核期的起止日期，止期不早于起期")
    if what.unit_kind not in Scheme.Kind.values:
        problems.append("请选择考核对象")
    same = Scheme.objects.filter(
        county_code=county_code, period=what.period.strip(), unit_kind=what.unit_kind
    )
    if (same.exclude(pk=scheme.pk) if scheme else same).exists():
        problems.append(
            f"{what.period.strip()}对{Scheme.Kind(what.unit_kind).label}已有考核方案，请改考核期或考核对象"
        )
    return "；".join(problems) or None


def set_head(scheme: Scheme, what: Head) -> None:
    """Put what was written into the scheme; not saved."""
    scheme.title, scheme.period, scheme.basis = what.title.strip(), what.period.strip(), what.basis.strip()
    scheme.starts, scheme.ends = what.starts, what.ends  # type: ignore[assignment]  # the rule has seen to it
    scheme.unit_kind = what.unit_kind


def set_lines(scheme: Scheme, lines: Sequence[Line]) -> None:
    """The criteria as written, in this order; those not named are deleted."""
    known = {one.pk: one for one in scheme.criteria.all()}
    kept = {pk for line in lines if (pk := line.pk) is not None and pk in known}
    try:
        scheme.criteria.exclude(pk__in=kept).delete()
    except ProtectedError:
        raise Refused("有得分的指标不能删去，请先收回修订") from None
    # Two criteria may exchange their names: out of the way first.
    for pk in kept:
        scheme.criteria.filter(pk=pk).update(title=f"\x01{pk}")
    for position, line in enumerate(lines, 1):
        row = known.get(line.pk or 0) if line.pk in kept else None
        row = row or Criterion(scheme=scheme)
        row.position = position
        for name in (
            "title", "weight", "source", "standard", "measure", "stage", "subset", "scope", "rule", "at_most", "floor", "target",
        ):  # fmt: skip
            value = getattr(line, name)
            setattr(row, name, value.strip() if isinstance(value, str) else value)
        row.save()


def snapshot(scheme: Scheme) -> dict[str, object]:
    """What the scheme said, for the history of its changes."""
    return {
        "title": scheme.title,
        "period": scheme.period,
        "bands": scheme.bands,
        "appeal_days": scheme.appeal_days,
        "units": list(scheme.units.values_list("name", flat=True)),
        "criteria": [
            [one.title, scoring.plain(one.weight), one.source, queries.rule_words(one)]
            for one in scheme.criteria.all()
        ],
    }
