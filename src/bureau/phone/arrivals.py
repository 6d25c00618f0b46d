"""一次上报和对它的答复. Pure but for the rows they name."""

from dataclasses import dataclass
from datetime import date, datetime

from bureau.people.models import User
from bureau.phone.models import Device, Receipt


@dataclass(frozen=True, slots=True)
class Answer:
    """对一行的答复. `answer`: accepted, already, waiting, conflict, held, refused (correct it) or again (send it once more).

    `photos`: the line names photos, of which some may still be missing.
    """

    id: str
    answer: str
    sentence: str = ""
    state: str = ""
    photos: bool = False

    def as_dict(self) -> dict[str, str]:
        """For the phone."""
        return {"id": self.id, "answer": self.answer, "sentence": self.sentence, "state": self.state}


@dataclass(frozen=True, slots=True)
class Arrival:
    """一次上报: who sends, from which phone, what its clock showed, and when that was."""

    by: User
    at: datetime
    today: date
    sent_at: datetime | None = None
    device: Device | None = None
    source: Receipt.Source = Receipt.Source.PHONE
    address: str = ""
