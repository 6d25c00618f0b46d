"""内容校验和: SHA-256 over sorted rows written in one fixed way, so that two engines, or two years, can be compared."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any


def content_checksum(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """SHA-256 (hex) of the column names and the rows in the order given. Floats count by their exact value."""
    digest = hashlib.sha256(json.dumps(list(columns)).encode())
    for row in rows:
        digest.update(json.dumps([_plain(value) for value in row], ensure_ascii=False).encode())
    return digest.hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return value.hex()
    return value
