"""跟随的写入: collects what a comparison, or a night's move of children, means for many cases of one ledger and writes it at once."""

from datetime import date, datetime

from bureau.cases import change, owning
from bureau.cases.models import Case, Event, Holding, Stay
from bureau.cases.subjects import Place
from bureau.workdays.queries import calendar
from junheng.policy.ledgers import LIVE, Ledger, State

_CHANGED = (
    "state", "phase", "state_since", "before_solved", "level", "owner", "due", "due_note", "reopened", "detectors", "evidence",
    "evidence_on", "evidence_gone_on", "contradiction", "done_by", "done_at", "closed_by", "closed_at", "closed_on", "revision",
    "label", "pinyin", "school_code", "school", "township_code", "class_name", "grade", "class_number", "village", "birth_date",
    "needs_proof",
)  # fmt: skip
# What a finding that goes on can change.
_SEEN = ("evidence", "detectors", "evidence_on", "evidence_gone_on")
PLACED = ("school_code", "township_code", "class_name")
# What may be put right in the registers without anybody standing elsewhere: a name misspelt, a village, a school's new name.
_CALLED = ("label", "pinyin", "school", "village", "birth_date", "grade", "class_number")
BATCH = 500


class Writer:
    """What one comparison writes, collected first and then written at once."""

    def __init__(
        self, ledger: Ledger, day: date, at: datetime, today: date, teachers: owning.Teachers
    ) -> None:
        self.ledger, self.day, self.at, self.today, self.teachers = ledger, day, at, today, teachers
        self.calendar = calendar()
        self.events: list[Event] = []
        self.holdings: list[Holding] = []
        self.stays: dict[int, tuple[Case, str]] = {}
        self.held: list[int] = []
        self.changed: dict[int, Case] = {}
        self.seen: dict[int, Case] = {}
        self.still: list[int] = []
        self.called: dict[int, Case] = {}
        self.new: list[Case] = []

    def enter(self, case: Case, state: State, what: Event.What, text: str) -> None:
        """到一个状态, with its event and its stay."""
        before, phase, level = case.state, case.phase, case.level
        change.enter(case, self.ledger, state, day=self.today, calendar=self.calendar)
        self._owner(case, level)
        self.event(case, what, text, before=before)
        self.stay(case, change.how_between(phase, case.phase))

    def tracked(self, case: Case) -> dict[str, object]:
        """The evidence whose changes are part of the history, as it is now."""
        return {title: case.evidence[title] for title in self.ledger.tracked if title in case.evidence}

    def event(self, case: Case, what: Event.What, text: str, *, before: str = "") -> None:
        """记一笔 of the system's."""
        case.revision += 1
        self.changed[case.pk] = case
        self.events.append(
            change.event_of(
                case,
                what,
                at=self.at,
                day=self.today,
                by=None,
                text=text,
                before=before,
                after=case.state,
                fields=self.tracked(case) if what != Event.What.ASSIGNED else {},
            )
        )

    def stay(self, case: Case, how: str) -> None:
        """A stay that begins; being elsewhere says less than being in another state."""
        if how != "placed" or case.pk not in self.stays:
            self.stays[case.pk] = (case, how)

    def place(self, case: Case, place: Place) -> bool:
        """随学籍变动: the case stands where its subject stands; True when that is elsewhere than before."""
        before = {name: getattr(case, name) for name in (*PLACED, *_CALLED)}
        for name, value in place.fields().items():
            setattr(case, name, value)
        if any(before[name] != getattr(case, name) for name in _CALLED):
            self.called[case.pk] = case
        moved = any(before[name] != getattr(case, name) for name in PLACED)
        if moved:
            if case.level == "class" or before["school_code"] != case.school_code:
                case.owner = None
                self._owner(case, "")
            text = f"{before['class_name'] or before['school_code']} → {case.school}{case.class_name}"
            self.event(case, Event.What.ASSIGNED, f"学籍所在变动：{text}")
            self.stay(case, "placed")
        return moved

    def _owner(self, case: Case, level: str) -> None:
        """The owner in charge by rule, when the level has changed."""
        if case.phase not in LIVE or case.level == level:
            return
        case.owner = owning.owner_by_rule(case, self.teachers)
        if case.pk and case.pk not in self.held:
            self.held.append(case.pk)
        self.holdings.append(
            change.holding_of(
                case, line="", level=case.level, user=case.owner, day=self.today, by=None, reason="按规则分派"
            )
        )

    def save(self) -> None:
        """Write everything collected."""
        Case.objects.bulk_create(self.new, batch_size=BATCH)
        for case in self.new:
            self.events.append(
                change.event_of(
                    case,
                    Event.What.OPENED,
                    at=self.at,
                    day=self.today,
                    by=None,
                    text="数据比对发现",
                    after=case.state,
                    fields=self.tracked(case),
                )
            )
        Case.objects.bulk_update(self.changed.values(), _CHANGED, batch_size=100)
        called = [case for pk, case in self.called.items() if pk not in self.changed]
        Case.objects.bulk_update(called, _CALLED, batch_size=200)
        seen = [case for pk, case in self.seen.items() if pk not in self.changed]
        Case.objects.bulk_update(seen, _SEEN, batch_size=200)
        for start in range(0, len(self.still), BATCH):
            Case.objects.filter(pk__in=self.still[start : start + BATCH]).update(evidence_on=self.day)
        ended = list(self.stays)
        for start in range(0, len(ended), BATCH):
            Stay.objects.filter(of__in=ended[start : start + BATCH], until=None).update(until=self.today)
        for start in range(0, len(self.held), BATCH):
            ids = self.held[start : start + BATCH]
            Holding.objects.filter(of__in=ids, line="", until=None).update(until=self.today)
        last = {(row.of_id or id(row.of)): row for row in self.holdings}
        Holding.objects.bulk_create(last.values(), batch_size=BATCH)
        stays = [change.stay_of(case, how, self.today) for case, how in self.stays.values()]
        stays += [change.stay_of(case, "opened", self.today) for case in self.new]
        Stay.objects.bulk_create(stays, batch_size=BATCH)
        Event.objects.bulk_create(self.events, batch_size=BATCH)

    def open(self, case: Case) -> None:
        """新立一件, with its owner by rule."""
        case.owner = owning.owner_by_rule(case, self.teachers)
        self.new.append(case)
        self.holdings.append(
            change.holding_of(
                case, line="", level=case.level, user=case.owner, day=self.today, by=None, reason="按规则分派"
            )
        )
