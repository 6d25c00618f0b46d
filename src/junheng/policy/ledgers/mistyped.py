"""打错的 YAML: what a clerk's keyboard makes of a pack, named sign by sign: full-width signs, tabs, missing commas, blanks and quotes.

`unreadable` is for a text that is no YAML, where the reader itself stops at the first mistake; `misread` for one that is, and does not say
what was meant. Neither changes what a pack in force means.
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml

from junheng.policy.ledgers.problem import LedgerProblem

PLACE = "写法"
SHORT_WORD = 2
LONGEST_LINE = 1_000
KEY = r"[a-z_][a-z0-9_]*"
_BLOCK = re.compile(r"^(\s*)(?:- )*[^\s#].*:\s*[|>][-+0-9]*\s*(?:#.*)?$")
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'")
_START = r"(?:^\s*(?:- *)*|[{,，｛]\s*)"
# (what it looks like, what to say): looked for in each line outside of quotes and of texts after “|”.
_SIGNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^ *(\t)"), "行首用了制表符（Tab），请改成空格，每级两个"),
    (re.compile(r"^\s*([\u3000\u00a0\u200b\ufeff])"), "行首是全角空格或看不见的字，请改成半角空格"),
    (re.compile(rf"{_START}({KEY})\s*："), "“{0}：”的冒号是全角的，请改成半角冒号加一个空格，例如 {0}: 值"),
    (re.compile(rf"{_START}({KEY}):(?=[^\s,}}\]])"), "“{0}:”后面缺一个空格，请写成 {0}: 值"),
    (re.compile(rf"，\s*({KEY})\s*[:：]"), "“{0}”前面的逗号是全角的，请改成半角逗号加一个空格"),
    (re.compile(r"[:：,，\[]\s*([【〔｛［])"), "括号“{0}”是全角的，请改成半角的方括号或花括号"),
    (re.compile(rf"\{{.*:\s+[^\s,，{{}}\[\]\"']+\s+({KEY}):\s"), "“{0}”前面缺一个逗号"),
    (re.compile(r"\[\s*(,)|,\s*(,)"), "两个逗号之间没有内容，请补上或删去一个逗号"),
    (re.compile(rf"^\s*(?:- +)?{KEY}: +[^\"'\[{{|>&*!%@`\s][^\[{{]*?(: )"), "值里有“: ”，请把整个值用英文双引号括起来"),
    (re.compile(r"^\s*- +[^\"'\[{\s][^:]*[\u4e00-\u9fff，。）][^:]*(: )"), "这一条里有“: ”，请把整条用英文双引号括起来"),
    (re.compile(rf"^\s*(?:- +|{KEY}: +)+(\{{[^}}:]*\}})\s*[^\s,}}\]#]"), "以“{0}”开头的文字要用英文双引号整条括起来"),
    (re.compile(rf"(?:^\s*- +|{KEY}: +)([@`%&*!])"), "不能以“{0}”开头，请把整个值用英文双引号括起来"),
)  # fmt: skip
_PAIRS = (("{", "}"), ("[", "]"))
# What the reader itself says, by a part of its words.
_READER: tuple[tuple[str, str], ...] = (
    ("expected <block end>", "缩进和上面同组的各行不一致，请上下对齐，每级两个空格"),
    ("mapping values are not allowed", "这里多了一个冒号，或者上一行写得不完整；值里有“: ”时请用英文双引号括起来"),
    ("could not find expected ':'", "这一行或上一行缺冒号，或者冒号后面缺一个空格"),
    ("expected ',' or '}'", "花括号里缺逗号，或者缺右括号 }"),
    ("expected ',' or ']'", "方括号里缺逗号，或者缺右括号 ]"),
    ("that cannot start any token", "这里的符号不能这样用；如果是文字，请用英文双引号括起来"),
    ("but found another document", "只能有一份定义，请删去“---”和它后面的内容"),
    ("quoted scalar", "引号没有配对，请检查前后的英文引号"),
    ("escape", "英文双引号里的“\\”有特别的意思，请写成“\\\\”或改用英文单引号"),
    ("alias", "不能用 & 和 * 引用，请写全；如果是文字，请用英文双引号括起来"),
    ("anchor", "不能用 & 和 * 引用，请写全；如果是文字，请用英文双引号括起来"),
    ("tag", "不能用 ! 开头；如果是文字，请用英文双引号括起来"),
)  # fmt: skip


def unreadable(text: str, error: yaml.YAMLError) -> tuple[LedgerProblem, ...]:
    """为什么不是 YAML: every line with a mistake that is known, and where the reader stopped if that is none of them."""
    if isinstance(error, yaml.reader.ReaderError):
        line = text[: error.position].count("\n") + 1
        return (LedgerProblem(line, PLACE, "有看不见的控制字符，请删去这一行重新输入"),)
    found = [LedgerProblem(number, PLACE, message) for number, message in _signs(text)]
    mark = getattr(error, "problem_mark", None)
    stopped = min(mark.line + 1, text.count("\n") + 1) if mark else 1
    said = str(getattr(error, "problem", "") or "") + str(getattr(error, "context", "") or "")
    # A mistake is often seen by the reader only on the line after it.
    if not any(stopped - 1 <= one.line <= stopped for one in found):
        words = next(
            (words for part, words in _READER if part in said), "看不懂这一行，请检查缩进、冒号、括号和引号"
        )
        found.append(LedgerProblem(stopped, PLACE, words))
    return tuple(sorted(found, key=lambda one: one.line))


def _signs(text: str) -> Iterator[tuple[int, str]]:
    for number, line in _outside_blocks(text):
        if len(line) > LONGEST_LINE:
            continue
        bare = _QUOTED.sub('""', line)
        bare = re.sub(r"(^|\s)#.*$", "", bare)
        said = set()
        for pattern, words in _SIGNS:
            for match in pattern.finditer(bare):
                said.add(words.format(*(part for part in match.groups() if part is not None)))
        for left, right in _PAIRS:
            more = bare.count(left) - bare.count(right)
            if more and not said and re.match(r"\s*- *[{\[]", bare):
                said.add(f"括号不成对：{'缺' if more > 0 else '多'} {abs(more)} 个“{right}”")
        if bare.replace('""', "").count('"') % 2:
            said.add("英文双引号不成对，请检查前后的引号")
        for words in sorted(said):
            yield number, words


def _outside_blocks(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are YAML themselves: not comments, and not what stands below a “|”."""
    inside: int | None = None
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip()
        if inside is not None:
            if not bare or len(line) - len(line.lstrip()) > inside:
                continue
            inside = None
        if bare and not bare.startswith("#"):
            yield number, line
        if match := _BLOCK.match(line):
            inside = len(match.group(1))


def misread(text: str) -> tuple[LedgerProblem, ...]:
    """读得通、却不是那个意思的: words run together by full-width commas, quotes that became part of the word, yes, no and 010."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError):
        return ()
    found = [LedgerProblem(line, PLACE, words) for line, words in _nodes(node)]
    return tuple(sorted(dict.fromkeys(found), key=lambda one: one.line))


def _nodes(root: Any) -> Iterator[tuple[int, str]]:
    waiting: list[tuple[Any, int]] = [(root, 0)]  # how many stand in the list [in brackets], 0 outside of one
    seen: set[int] = set()
    while waiting:
        node, listed = waiting.pop()
        if isinstance(node, yaml.ScalarNode):
            for words in _scalar(node, listed):
                yield node.start_mark.line + 1, words
        elif node is not None and id(node) not in seen:
            seen.add(id(node))
            if isinstance(node, yaml.MappingNode):
                waiting += [(part, 0) for pair in node.value for part in pair]
            else:
                waiting += [(part, len(node.value) if node.flow_style else 0) for part in node.value]
                for part in node.value:
                    if isinstance(part, yaml.ScalarNode) and part.tag.endswith(":null") and not part.style:
                        yield part.start_mark.line + 1, "这一组里有一个空项，请补上或删去"


def _scalar(node: yaml.ScalarNode, listed: int) -> Iterator[str]:
    value, plain = str(node.value), node.style is None
    if re.search(r"[｛｝]", value):
        yield "花括号“｛｝”是全角的，请改成半角的 { }"
    if not plain:
        return
    if sign := _run_together(value, listed):
        yield f"“{value[:30]}”里的“{sign}”是全角的，几个词会当成一个；请改成半角逗号，确是一个词就用英文双引号括起来"
    elif match := re.search(rf"(?:^|，\s*)({KEY})\s*：|，\s*({KEY}):", value):
        yield f"“{match.group(1) or match.group(2)}”前后的冒号或逗号是全角的，请改成半角的，后面加一个空格"
    if re.match(r"[【〔［][^】〕］]*$", value):
        yield f"括号“{value[0]}”是全角的，请改成半角的方括号"
    if re.fullmatch(r"[“‘「][^“”]*[”’」]", value):
        yield f"“{value[1:-1][:30]}”用的是中文引号，会当成文字的一部分；请改成英文双引号"
    if node.tag.endswith(":int") and not re.fullmatch(r"[-+]?(?:0|[1-9]\d*)", value):
        yield f"“{value}”会读成另一个数；是数字就去掉前面的 0 和中间的符号，是文字就用英文双引号括起来"
    if node.tag.endswith(":bool") and value.lower() not in ("true", "false"):
        yield f"“{value}”会读成“是”或“否”；真假请写 true 或 false，是文字就用英文双引号括起来"


def _run_together(value: str, listed: int) -> str:
    """The full-width sign that was meant to part the words of a list; a phrase with a comma of its own is left alone."""
    for sign in "，、；" if listed == 1 else "，" if listed else "":
        parts = [part.strip() for part in value.split(sign)]
        if len(parts) > 1 and (listed == 1 or len(parts) > 2 or max(map(len, parts)) <= SHORT_WORD):
            return sign
    return ""
