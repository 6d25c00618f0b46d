"""读取文件: the door of the intake: files in, registers and problems out."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from junheng.intake.model import Reading
from junheng.tables import Sheet


def read_files(
    files: Sequence[tuple[str, bytes] | Path],
    sheets: Sequence[Sheet] | None = None,
    *,
    known_schools: Mapping[str, str] | None = None,
    today: date | None = None,
    progress: Callable[[float], None] | None = None,
) -> Reading:
    """读取: every agreed sheet found in the files, and every problem in them.

    `files` are paths, or names with bytes; several may feed the same register. `sheets` limits what is looked for (default:
    all registers). `known_schools` is {school code: name} of schools already registered: then a row may name a school
    that is not in the files. `today` lets dates in the future and ages be judged; without it they are not. `progress`
    is called with a share from 0 to 1. Nothing is raised for bad content: it becomes a problem. OSError when a path
    cannot be read.
    """
    raise NotImplementedError
