"""数据库的话说成中文: what DuckDB has against a query, for whoever wrote it, with the line of the query where it says one."""

import re
from dataclasses import dataclass

# (a part of what the database says, the sentence); {0} and {1} are what the part names.
_SAYS: tuple[tuple[str, str], ...] = (
    (r'Table "(.+?)" does not have a column named "(.+?)"', "表 {0} 没有栏目“{1}”"),
    (r'Referenced column "(.+?)" not found', "没有栏目“{0}”；如果是文字，请用英文单引号括起来"),
    (r'Referenced table "(.+?)" not found', "没有在 FROM 或 JOIN 里写“{0}”这张表"),
    (r'Ambiguous reference to column name "(.+?)"', "“{0}”在几张表里都有，请写明是哪张表的，例如 s.{0}"),
    (r"not provided for the following parameters: (.+)", "没有设置 ${0}，请在 settings 里写上"),
    (r'column "(.+?)" must appear in the GROUP BY', "“{0}”要写进 GROUP BY，或者用 count、max 等汇总"),
    (r"(?:WHERE|HAVING|GROUP BY) clause cannot contain (?:aggregates|window)", "WHERE 里不能用 count、max 等汇总，请写到 HAVING"),
    (r"Cannot compare values of type (\w+).*? and (?:values of )?type (\w+)", "{0} 和 {1} 不能相比，两边的种类要一样"),
    (r"Could not convert string '(.*?)' to (\w+)", "“{0}”不能当作 {1}"),
    (r'invalid (?:date|timestamp) field format: "(.*?)"', "“{0}”不是日期，请写成 '2026-03-01'"),
    (r'(?:Scalar |Aggregate |Table )?Function with name "?(\w+)"? does not exist', "没有函数“{0}”"),
    (r"No function matches the given name and argument types '(.+?)\(", "函数“{0}”不能用在这种栏目上"),
    (r'syntax error at or near "(.+?)"', "“{0}”附近写法不对"),
    (r"syntax error at end of input", "查询没有写完，请检查括号和最后几个词"),
    (r"unterminated quoted", "引号没有配对"),
    (r'Table with name "?([\w.]+)"? does not exist', "没有表“{0}”"),
)  # fmt: skip
_LINE = re.compile(r"^LINE (\d+):", re.MULTILINE)
_TYPES = {
    "VARCHAR": "文字", "BIGINT": "整数", "INTEGER": "整数", "INTEGER_LITERAL": "整数", "DOUBLE": "小数", "DECIMAL": "小数",
    "DATE": "日期", "TIMESTAMP": "日期", "BOOLEAN": "是否", "BOOL": "是否",
}  # fmt: skip
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Wording:
    """一句话. `line` of the query (from 1), None where the database names none."""

    words: str
    line: int | None


def in_chinese(error: Exception) -> Wording:
    """数据库为什么不接受: known refusals in Chinese; of others the database's own words, said to be so."""
    said = str(error)
    line = _LINE.search(said)
    at = int(line.group(1)) if line else None
    for part, words in _SAYS:
        if match := re.search(part, said):
            return Wording(words.format(*(_TYPES.get(one, one) for one in match.groups())), at)
    first = said.splitlines()[0][:LONGEST] if said else type(error).__name__
    return Wording(f"数据库的原话是“{first}”", at)
