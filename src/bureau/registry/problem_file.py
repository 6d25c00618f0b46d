"""问题的位置: each problem with its file, worksheet and cell, kept sealed beside the upload for the commented workbook."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict

from bureau.people.secret import seal_bytes, unseal_bytes
from bureau.registry.staged_file import folder
from junheng.intake import Problem

_NAME = "problems.sealed"


def keep(import_id: int, problems: Sequence[Problem]) -> None:
    """Keep the problems of a reading."""
    place = folder(import_id)
    place.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(problem) for problem in problems], ensure_ascii=False).encode()
    (place / _NAME).write_bytes(seal_bytes(zlib.compress(text, 1)))


def load(import_id: int) -> list[Problem]:
    """The problems in the order of the reading; [] when none were kept."""
    path = folder(import_id) / _NAME
    if not path.exists():
        return []
    return [Problem(**one) for one in json.loads(zlib.decompress(unseal_bytes(path.read_bytes())))]
