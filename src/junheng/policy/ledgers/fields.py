"""读一处: one mapping of a pack, field by field; what is missing, unknown or of the wrong kind is noted in a sentence."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any, TypeVar, cast, get_args

from junheng.policy.ledgers.located import Path, Problems
from junheng.policy.ledgers.vocabulary import WORDS

Answer = TypeVar("Answer", bound=str)


def _not_one_of(value: object, options: Sequence[str]) -> str:
    """What is wrong with a word of a closed list: which one the Chinese word stands for, or which there are."""
    meant = [name for name in options if WORDS.get(name) == value]
    if meant:
        return f"“{value}”请写成 {meant[0]}"
    shown = "、".join(f"{name}（{WORDS[name]}）" if name in WORDS else name for name in options)
    return (
        f"“{'' if value is None else value}”不在可选的 {shown} 中"
        if value is not None
        else f"没有填写，可选 {shown}"
    )


class Part:
    """一处. `place` names it in sentences; `allowed` are its keys, and `close` notes the others."""

    def __init__(self, value: Any, path: Path, place: str, problems: Problems) -> None:
        self.path = path
        self.place = place
        self.problems = problems
        self.used: set[str] = set()
        self.value: dict[str, Any] = value if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            problems.add(path, place or "文件", "应是若干“名称: 值”，请对照文档的写法")

    def note(self, key: str, message: str) -> None:
        """A problem of one field."""
        self.problems.add((*self.path, key), f"{self.place} {key}".strip(), message)

    def close(self) -> None:
        """Note every key that was not asked for."""
        for key in self.value:
            if key not in self.used:
                self.note(key, f"没有“{key}”这一项，可用的是 {'、'.join(sorted(self.used))}")

    def text(self, key: str, *, required: bool = False, longest: int = 200) -> str:
        """文字."""
        value = self._take(key)
        if value is None or value == "":
            if required:
                self.note(key, "没有填写，请补上")
            return ""
        if isinstance(value, dict | list):
            self.note(key, "应是一段文字；以括号开头的文字请用英文双引号括起来")
            return ""
        words = str(value).strip()
        if len(words) > longest:
            self.note(key, f"有 {len(words)} 个字，最多 {longest} 个")
        return words

    def number(self, key: str, *, low: int, high: int, default: int | None = None) -> int | None:
        """整数 within limits."""
        value = self._take(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int):
            digits = re.search(r"\d+", unicodedata.normalize("NFKC", str(value)))
            self.note(key, f"“{value}”不是整数，请改成数字，例如 {int(digits.group()) if digits else low}")
            return default
        if not low <= value <= high:
            self.note(key, f"“{value}”应在 {low} 到 {high} 之间")
            return default
        return value

    def flag(self, key: str) -> bool:
        """是否."""
        value = self._take(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.note(key, f"“{value}”应是 true 或 false")
        return False

    def choice(self, key: str, kind: Any, default: Answer | None = None) -> Answer:
        """几个词之一: `kind` is a Literal type."""
        options = get_args(kind)
        value = self._take(key)
        if value is None and default is not None:
            return default
        if value not in options:
            self.note(key, _not_one_of(value, options))
            return cast(Answer, default or options[0])
        return cast(Answer, value)

    def names(self, key: str, *, required: bool = False, kind: Any = None) -> tuple[str, ...]:
        """一组名称; with `kind`, each must be one of a Literal's words."""
        value = self._take(key)
        if value is None:
            if required:
                self.note(key, "没有填写，请补上，例如 [一, 二]")
            return ()
        if not isinstance(value, list):
            self.note(
                key,
                f"应是一组名称，写成 [{value}]" if isinstance(value, str) else "应是一组名称，写成 [一, 二]",
            )
            return ()
        wrong = [place for place, one in enumerate(value) if isinstance(one, dict | list)]
        for place in wrong:
            words = "以括号开头，或者里面有“: ”，请把整条用英文双引号括起来"
            self.problems.add(
                (*self.path, key, place), f"{self.place} {key} 第 {place + 1} 条".strip(), words
            )
        if wrong:
            return ()
        names = tuple(str(one) for one in value)
        if required and not names:
            self.note(key, "是空的，请至少写一个")
        for name in {name for name in names if names.count(name) > 1}:
            self.note(key, f"“{name}”写了两次，请只留一次")
        options = get_args(kind) if kind else ()
        if options:
            for name in names:
                if name not in options:
                    self.note(key, _not_one_of(name, options))
            names = tuple(name for name in names if name in options)
        return names

    def parts(self, key: str, place: str) -> list["Part"]:
        """一组各有几项的条目; `place` names one of them, with its name."""
        value = self._take(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.note(key, "应是一组条目，每条以“- ”开头")
            return []
        found = []
        for number, one in enumerate(value):
            name = str(one.get("name", number + 1)) if isinstance(one, dict) else str(number + 1)
            found.append(Part(one, (*self.path, key, number), f"{place}“{name}”", self.problems))
        return found

    def part(self, key: str, place: str) -> "Part | None":
        """一处下级; None when it is absent."""
        value = self._take(key)
        return None if value is None else Part(value, (*self.path, key), place, self.problems)

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        """名称和文字一一对应."""
        value = self._take(key)
        if value is None:
            return ()
        if not isinstance(value, dict) or any(isinstance(one, dict | list) for one in value.values()):
            self.note(key, "应写成 {栏目: 标题, 栏目: 标题}")
            return ()
        return tuple((str(name), str(words)) for name, words in value.items())

    def numbers(self, key: str) -> tuple[tuple[str, int], ...]:
        """名称和整数一一对应."""
        value = self._take(key)
        if value is None:
            return ()
        if not isinstance(value, dict) or any(
            isinstance(one, bool) or not isinstance(one, int) for one in value.values()
        ):
            self.note(key, "应写成 {选项: 整数, 选项: 整数}")
            return ()
        return tuple((str(name), number) for name, number in value.items())

    def unique(self, names: Sequence[str], key: str, what: str) -> None:
        """Note names given twice among the parts of `key`."""
        for number, name in enumerate(names):
            if name in names[:number]:
                self.problems.add((*self.path, key, number), f"{what}“{name}”", "名称重复，请换一个名称")

    def _take(self, key: str) -> Any:
        self.used.add(key)
        return self.value.get(key)
