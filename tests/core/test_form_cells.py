"""A cell of a form that people fill in, as text and as a day."""

from datetime import UTC, date, datetime

import pytest

from junheng.intake.cells import cell_text
from junheng.intake.dates import cell_day


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (None, ""),
        ("  三年级\u200b ", "三年级"),
        (3.0, "3"),
        (3.5, "3.5"),
        (12, "12"),
        (True, "是"),
        (date(2026, 9, 1), "2026-09-01"),
        (datetime(2026, 9, 1, 8, tzinfo=UTC), "2026-09-01"),
    ],
)
def test_text(written, read):
    assert cell_text(written) == read


@pytest.mark.parametrize(
    "written",
    ["2026-09-01", "2026/9/1", "2026.9.1", "2026年9月1日", "20260901", "２０２６-9-1", 20260901.0, 46266, date(2026, 9, 1), datetime(2026, 9, 1, 8, tzinfo=UTC)],
)  # fmt: skip
def test_day(written):
    assert cell_day(written) == date(2026, 9, 1)


@pytest.mark.parametrize(
    "written", [None, "", "  ", "9-1", "2026-02-30", "明天", True, 3.0, "1/2/26", object()]
)
def test_no_day(written):
    assert cell_day(written) is None
