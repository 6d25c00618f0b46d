"""读取 (intake): bytes of .xlsx, .xls or .csv → rows and every problem found.

Nothing here writes, and no reading stops at the first problem. `read_files` is the door; `chain` checks an exported log.
"""

from junheng.intake.model import Origin, Problem, Reading, SheetRows, Value
from junheng.intake.reading import read_files

__all__ = ["Origin", "Problem", "Reading", "SheetRows", "Value", "read_files"]
