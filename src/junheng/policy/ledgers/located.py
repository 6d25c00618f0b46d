"""带行号的 YAML: the value, and the line on which each part of it stands, so that a problem is shown beside its line."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from junheng.policy.ledgers.mistyped import unreadable
from junheng.policy.ledgers.problem import LedgerProblem

LONGEST_TEXT = 200_000
Path = tuple[str | int, ...]


@dataclass(slots=True)
class Problems:
    """一边读一边记: everything wrong so far, with the lines of all paths read."""

    lines: dict[Path, int] = field(default_factory=dict)
    found: list[LedgerProblem] = field(default_factory=list)

    def add(self, path: Path, place: str, message: str) -> None:
        """Note a problem at a path, or at the nearest one above it that stands in the text."""
        at = path
        while at and at not in self.lines:
            at = at[:-1]
        self.found.append(LedgerProblem(self.lines.get(at, 1), place, message))

    def in_order(self) -> tuple[LedgerProblem, ...]:
        """Each once, from the first line to the last."""
        return tuple(sorted(dict.fromkeys(self.found), key=lambda problem: problem.line))


def read(text: str, problems: Problems) -> Any:
    """YAML → plain values, or None with the reason noted. Aliases are refused: they can unfold without end."""
    if len(text) > LONGEST_TEXT:
        problems.add((), "文件", f"有 {len(text)} 个字，超过 {LONGEST_TEXT}，请精简")
        return None
    loader = None
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        if node is None:
            problems.add((), "文件", "是空的，请从一个随系统的台账复制后修改")
            return None
        return _value(loader, node, (), problems, set())
    except yaml.YAMLError as error:
        problems.found += unreadable(text, error)
        return None
    except RecursionError:
        problems.add((), "文件", "括号套得太深，请检查括号是不是成对")
        return None
    finally:
        if loader is not None:
            loader.dispose()


def _value(loader: Any, node: Any, path: Path, problems: Problems, seen: set[int]) -> Any:
    problems.lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        try:
            return loader.construct_object(node)
        except ValueError:
            problems.add(path, "写法", f"“{node.value}”不是日期，也不是数；是文字就用英文双引号括起来")
            return str(node.value)
    if id(node) in seen:
        problems.add(path, "引用", "不能用 & 和 * 引用，请写全")
        return None
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return [_value(loader, part, (*path, n), problems, seen) for n, part in enumerate(node.value)]
    found: dict[str, Any] = {}
    for key, part in _pairs(node):
        if key in found:
            problems.lines[(*path, key)] = part.start_mark.line + 1
            problems.add((*path, key), key, "写了两次，请只留一次")
        found[key] = _value(loader, part, (*path, key), problems, seen)
    return found


def _pairs(node: Any) -> Iterator[tuple[str, Any]]:
    for key, part in node.value:
        yield str(key.value) if isinstance(key, yaml.ScalarNode) else "?", part
