"""What site tests share: the county, the clock, and rows as the bytes of a clerk's file."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime

COUNTY = "640324"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)


def csv_of(rows: Sequence[dict[str, str]]) -> bytes:
    """The rows as a UTF-8 CSV whose headings are all keys met, in order."""
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, headings, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")
