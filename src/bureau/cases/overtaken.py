"""已被他人修改: what happened to a case since somebody opened its page, so that nobody acts on what he has not seen."""

from datetime import datetime

from django.utils.timezone import localtime

from bureau.cases.models import Case, Event
from bureau.people.models import User
from bureau.people.rules import Refused
from junheng.policy.ledgers import Ledger

MOST_NAMED = 3
_STEPS = (Event.What.MOVED, Event.What.PASSED)


def demand_seen(case: Case, based_on: int | None, ledger: Ledger, *, by: User) -> None:
    """打开之后没有变: `based_on` is the revision that was shown, None when nothing was. Raises Refused naming who did what, and when."""
    if based_on is None or based_on == case.revision:
        return
    since = Event.objects.filter(of=case, revision__gt=based_on).select_related("by").order_by("-id")
    done = "；".join(_words(event, by) for event in since[:MOST_NAMED])
    titles = {state.name: state.title for state in ledger.states}
    state = titles.get(case.state, case.get_phase_display())
    if not done:
        raise Refused(f"这件个案在您打开之后已被他人修改，现在是“{state}”，请看过最新情况再办")
    raise Refused(f"这件个案在您打开之后已被他人修改：{done}。现在是“{state}”，请看过最新情况再办")


def _words(event: Event, by: User) -> str:
    who = "系统" if event.by is None else "您自己" if event.by == by else event.by.display_name
    what = event.title if event.what in _STEPS and event.title else event.get_what_display()
    return f"{who}于{_moment(localtime(event.at))}办理“{what}”"


def _moment(at: datetime) -> str:
    return f"{at.year}年{at.month}月{at.day}日{at:%H:%M}"
