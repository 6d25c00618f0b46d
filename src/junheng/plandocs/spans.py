"""区间: stretches of the flat text that are spoken for; asked thousands of times, so kept sorted."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator


class Spans:
    """已占区间: half-open stretches; `touches` asks whether any overlaps."""

    def __init__(self, spans: Iterable[tuple[int, int]] = ()) -> None:
        self._spans: list[tuple[int, int]] = []
        self._longest = 0
        for start, end in spans:
            self.add(start, end)

    def add(self, start: int, end: int) -> None:
        """Marks [start, end) as spoken for."""
        if end > start:
            insort(self._spans, (start, end))
            self._longest = max(self._longest, end - start)

    def touching(self, start: int, end: int) -> tuple[int, int] | None:
        """The last marked stretch that overlaps [start, end), or None."""
        place = bisect_right(self._spans, (end, -1)) - 1
        while place >= 0 and self._spans[place][0] > start - self._longest - 1:
            if self._spans[place][1] > start and self._spans[place][0] < end:
                return self._spans[place]
            place -= 1
        return None

    def touches(self, start: int, end: int) -> bool:
        """Whether anything marked overlaps [start, end)."""
        return self.touching(start, end) is not None

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return iter(self._spans)
