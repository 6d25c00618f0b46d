"""发现 (detecting): one SELECT over named tables → candidates with their evidence, in a database that can reach nothing else.

`TABLES` says which tables there are and what each column means; `check` says why a query will not do; `Workbench` holds the
tables of one county on one day and runs the queries of all ledgers over them.
"""

from junheng.detecting.checking import problems_of
from junheng.detecting.running import Candidate, DetectorError, Workbench
from junheng.detecting.tables import TABLES, Field, Table

__all__ = ["TABLES", "Candidate", "DetectorError", "Field", "Table", "Workbench", "problems_of"]
