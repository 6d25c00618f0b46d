"""缺口的读取: the cases of the gap ledger with their amounts as numbers, and its views; sums and costs stand beside."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Case as Choose
from django.db.models import (
    DateField,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Expression
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, NullIf

from bureau.cases.models import Case, Event
from bureau.cases.seeing import visible
from bureau.gaps.costs import Cost, Lines, Price, cost, prices, with_cost
from bureau.gaps.rules import CODE, LEDGER, SHORTAGE, STAGE, TITLE, UNIT
from bureau.gaps.sums import (
    Gap,
    Group,
    all_of,
    counts_by_indicator,
    counts_by_office,
    still_open,
    view_counts,
)
from bureau.people.models import User
from junheng.policy.ledgers import LIVE

__all__ = [
    "Cost",
    "Gap",
    "Group",
    "Lines",
    "Price",
    "all_of",
    "cost",
    "counts_by_indicator",
    "counts_by_office",
    "prices",
    "still_open",
    "view_counts",
    "with_cost",
]
NUMBER = r"^[0-9]+(\.[0-9]+)?$"
DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


def lines(user: User, county_code: str = "") -> Lines:
    """All gaps an account may see, with `stage`, `code`, `title`, `shortage` (0 once the data shows it gone), `unit`, and the plan."""
    found = visible(user).filter(ledger=LEDGER)
    found = found.filter(county_code=county_code) if county_code else found
    gone = Q(evidence_gone_on__isnull=False)
    return found.annotate(
        stage=_words("evidence", STAGE),
        code=_words("evidence", CODE),
        title=_words("evidence", TITLE),
        unit=_words("evidence", UNIT),
        shortage=Choose(
            When(gone, then=Value(0.0)),
            When(_is("evidence", SHORTAGE, NUMBER), then=Cast(_words("evidence", SHORTAGE), FloatField())),
            output_field=FloatField(),
        ),
        measure=_words("fields", "measure"),
        # A blank office as NULL, so that “not assigned” can be asked for like any other value.
        office=NullIf(_words("fields", "office"), Value("", TextField())),
        result=_words("fields", "result"),
        until=_cast("fields", "until", DATE, DateField()),
        unit_price=_cast("fields", "unit_price", NUMBER, FloatField()),
    )


def with_opening(found: Lines) -> Lines:
    """Adds `shortage_at_opening`, as the history has it."""
    opened = Event.objects.filter(of=OuterRef("pk"), what__in=["opened", "reopened"]).order_by("-id")
    then = opened.annotate(amount=_cast("fields", SHORTAGE, NUMBER, FloatField())).values("amount")[:1]
    told: Lines = found.annotate(shortage_at_opening=Subquery(then))
    return told


def _words(of: str, name: str) -> Cast:
    # As plain text: compared as it comes out of the JSON, the other side would be read as JSON too.
    return Cast(KeyTextTransform(name, of), TextField())


def _is(of: str, name: str, pattern: str) -> Q:
    # A county may word its ledger otherwise: what is no number must not break a sum on PostgreSQL.
    return Q(**{f"{of}__{name}__regex": pattern})


def _cast(of: str, name: str, pattern: str, kind: FloatField | DateField) -> Expression:  # type: ignore[type-arg]
    return Choose(When(_is(of, name, pattern), then=Cast(_words(of, name), kind)), output_field=kind)


VIEWS: Mapping[str, Q] = {
    "open": Q(phase__in=LIVE),
    "contradiction": Q(phase="claimed"),
    "overdue": Q(),
    "unplanned": Q(state="open"),
    "solved": Q(phase="solved"),
    "closed": Q(phase="closed"),
    "all": Q(),
}


def condition(view: str, *, today: date) -> Q:
    """一个视图 of the ledger; an unknown name shows what is open. What is claimed stands against the data until the data moves it."""
    return late(today) if view == "overdue" else VIEWS.get(view, VIEWS["open"])


def late(today: date) -> Q:
    """超期: past its deadline, and the data does not show it closed."""
    return Q(due__lt=today, phase__in=("open", "claimed"))


def offices(county_code: str) -> list[str]:
    """责任科室 to choose from: those in the ledger and those of the county's accounts."""
    gaps = Case.objects.filter(county_code=county_code, ledger=LEDGER, fields__has_key="office")
    people = User.objects.filter(is_active=True).exclude(office="")
    own = people.filter(Q(area=None) | Q(area__path__startswith=county_code))
    written = gaps.order_by().values_list("fields__office", flat=True).distinct()
    return sorted({*filter(None, written), *own.values_list("office", flat=True)})


def earlier(gap: Case) -> QuerySet[Case]:
    """Lines of the same school and indicator before this one."""
    return Case.objects.filter(
        county_code=gap.county_code, ledger=LEDGER, subject_key=gap.subject_key, item=gap.item, pk__lt=gap.pk
    ).order_by("-pk")
