"""引擎 (engines): where tables are computed. DuckDB by default; Spark (`junheng.engines.spark`) where one machine is too small.

Both offer from_columns, from_rows, read_parquet, read_csv, keep, write_parquet and checksum over the same types.
"""

from junheng.engines.checksum import content_checksum
from junheng.engines.duck import DuckDB
from junheng.engines.schema import Columns, Schema, columns_of, schema_of

__all__ = ["Columns", "DuckDB", "Schema", "columns_of", "content_checksum", "schema_of"]
