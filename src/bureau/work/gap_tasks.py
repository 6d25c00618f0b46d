"""缺口台账跟随测算: after a run the gap ledger is compared at once, with the two tables it reads and no others."""

from datetime import date, datetime

from bureau.cases import sweeping
from bureau.cases.models import Sweep
from bureau.cases.tables import County, cases_table
from bureau.cases.verdicts import verdicts
from bureau.gaps.rules import LEDGER


def follow(county_code: str, *, at: datetime, today: date) -> list[Sweep]:
    """Bring the ledger up to the newest stored run. Doing it twice changes nothing; without a run nothing is compared."""
    concluded, day = verdicts(county_code)
    if day is None:
        return []
    county = County({"verdicts": concluded, "cases": cases_table(county_code)}, {"verdicts": day})
    return sweeping.sweep(county_code=county_code, county=county, at=at, today=today, only=LEDGER)
