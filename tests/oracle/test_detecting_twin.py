"""跟随数据的慢孪生: for each subject by itself, what a person would do with the ledger in hand; compared with the one pass."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bureau.cases.reconcile import Changes, Key, Known, reconcile

TODAY = date(2026, 6, 1)
KEYS = [("a", ""), ("b", ""), ("c", "1")]
days = st.integers(0, 800).map(lambda back: TODAY - timedelta(days=back))
gone = st.none() | days


@st.composite
def ledgers(draw: st.DrawFn) -> list[Known]:
    """At most one live case a subject, and any number of closed ones."""
    known: list[Known] = []
    for key in KEYS:
        for phase in draw(st.lists(st.just("closed"), max_size=3)):
            known.append(Known(len(known) + 1, key, phase, draw(st.booleans()), draw(days), None, draw(gone)))
        live = draw(st.sampled_from(["", "open", "claimed", "solved"]))
        if live:
            said = draw(days) if live == "claimed" else None
            known.append(Known(len(known) + 1, key, live, draw(st.booleans()), None, said, draw(gone)))
    return draw(st.permutations(known))


def slowly(
    known: list[Known], found: set[Key], day: date, period: int, again: int, elsewhere: set[Key]
) -> dict[Key, tuple[str, int]]:
    """{subject: (what happens, to which case)}; 0 for a new one."""
    answer: dict[Key, tuple[str, int]] = {}
    for key in KEYS:
        live = [one for one in known if one.key == key and one.phase != "closed"]
        ended = [one for one in known if one.key == key and one.phase == "closed"]
        last = max(ended, key=lambda one: (one.closed_on, one.id)) if ended else None
        if live and key in found:
            (case,) = live
            newer = case.said_on is not None and day > case.said_on
            what = {"open": "refresh", "solved": "back", "claimed": "contradict" if newer else "refresh"}[
                case.phase
            ]
            answer[key] = (what, case.id)
        elif live:
            (case,) = live
            sent_back = case.phase == "open" and case.gone is not None and case.gone >= day
            if case.phase == "claimed" or (case.phase == "open" and case.found_before and not sent_back):
                answer[key] = ("gone", case.id)
        elif key in found and key not in elsewhere:
            if last is None:
                answer[key] = ("open", 0)
            elif last.gone is not None and last.closed_on is not None:
                returned = day - last.closed_on <= timedelta(days=period)
                answer[key] = ("reopen", last.id) if returned else ("open", 0)
            elif (
                last.gone is None
                and again
                and last.closed_on is not None
                and TODAY - last.closed_on >= timedelta(days=again)
            ):
                answer[key] = ("open", 0)
    return answer


def as_answer(changes: Changes) -> dict[Key, tuple[str, int]]:
    """The same shape."""
    answer: dict[Key, tuple[str, int]] = dict.fromkeys(changes.open, ("open", 0))
    for name in ("refresh", "back", "reopen", "contradict"):
        for pk, key in getattr(changes, name):
            assert key not in answer
            answer[key] = (name, pk)
    return answer


@given(
    ledgers(),
    st.sets(st.sampled_from(KEYS)),
    days,
    st.integers(0, 400),
    st.sampled_from([0, 30, 365]),
    st.sets(st.sampled_from(KEYS)),
)
def test_one_pass_says_what_each_subject_says_alone(
    known: list[Known], found: set[Key], day: date, period: int, again: int, elsewhere: set[Key]
) -> None:
    changes = reconcile(
        known, found, day=day, period_days=period, today=TODAY, again_days=again, elsewhere=elsewhere
    )
    fast = as_answer(changes)
    by_id = {one.id: one.key for one in known}
    for pk in changes.gone:
        fast[by_id[pk]] = ("gone", pk)
    assert fast == slowly(known, found, day, period, again, elsewhere)
    settled = {by_id[pk] for pk in changes.settle}
    assert not settled & found


@given(ledgers(), st.sets(st.sampled_from(KEYS)), days)
def test_no_case_is_ever_closed_by_data(known: list[Known], found: set[Key], day: date) -> None:
    changes = reconcile(known, found, day=day, period_days=365, today=TODAY)
    touched = {pk for name in ("refresh", "back", "reopen", "contradict") for pk, _ in getattr(changes, name)}
    assert not touched & set(changes.gone)
    assert not set(changes.open) & {one.key for one in known if one.phase != "closed"}
