"""资助发放各页共用: yuan out of fen for tables, the actions' answers, and who may look beyond a school."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.db.models import ExpressionWrapper, F, FloatField, QuerySet, Value
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.timezone import now
from django.utils.translation import gettext as _

from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column
from bureau.people.rules import Refused

BUREAU_ONLY = ("school", "township")


def in_yuan(rows: QuerySet[Any, Any], field: str = "fen") -> QuerySet[Any, Any]:
    """Adds `yuan`: an amount that tables can sort, add up and export as a number."""
    found: QuerySet[Any, Any] = rows.annotate(
        yuan=ExpressionWrapper(F(field) / Value(100.0), output_field=FloatField())
    )
    return found


def amount(heading: str = "", *, field: str = "yuan", total: bool = True) -> Column:
    """The column of `in_yuan`."""
    return Column(field, heading or _("金额"), kind="number", unit=_("元"), digits=2, total=total)


def performed(request: SignedIn, do: Callable[[], object], said: str, to: str) -> HttpResponse:
    """Do it and go to the address `to`; a refusal is shown there as a sentence. What `do` answers in words is said."""
    try:
        answer = do()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, answer if isinstance(answer, str) else said)
    return HttpResponseRedirect(to)


def looked(
    request: SignedIn, obj: tuple[str, str], detail: Mapping[str, object], *, verb: Verb = Verb.VIEW
) -> None:
    """记查阅."""
    read_access(by=request.user, verb=verb, obj=obj, detail=detail, at=now(), address=client_address(request))


def chosen(request: SignedIn) -> list[int]:
    """The selected rows."""
    return [int(one) for one in request.POST.getlist("ids") if one.isdecimal() and len(one) < 12]


def number_in(request: SignedIn, name: str) -> int | None:
    """A whole number of the form; None when it is none."""
    typed = request.POST.get(name, "").strip()
    return int(typed) if typed.isdecimal() and len(typed) < 10 else None
