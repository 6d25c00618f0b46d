"""日志链 (hash chain): checking an exported log without the server.

An exported log is JSON lines. Each line holds seq, at, who, role, action, object, detail, address, previous, hash, and

    hash = SHA-256( previous + canonical JSON of all the rest )      as 64 lower-case hexadecimal digits

where the canonical JSON has its keys sorted, no spaces, and Chinese unescaped, in UTF-8. `previous` is the hash of the line
before; the first line's is 64 zeros. SHA-256 and not SM3, because an outsider can check it with any tool.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

GENESIS = "0" * 64
FIELDS = {
    "seq": "序号",
    "at": "时间",
    "who": "操作人",
    "role": "角色",
    "action": "动作",
    "object": "对象",
    "detail": "内容",
    "address": "地址",
}


@dataclass(frozen=True, slots=True)
class BadLine:
    """坏行: the first line of a log that does not hold, counted from 1, and why (Chinese)."""

    number: int
    reason: str

    def sentence(self) -> str:
        """`第3行：…`."""
        return f"第{self.number}行：{self.reason}"


def canonical(entry: Mapping[str, object]) -> str:
    """规范文本: the text of a line that is hashed: all but `previous` and `hash`."""
    rest = {key: value for key, value in entry.items() if key not in ("previous", "hash")}
    return json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def line_hash(previous: str, entry: Mapping[str, object]) -> str:
    """行哈希: the hash of a line that follows the one whose hash is `previous`. Values must be JSON (times as text)."""
    return hashlib.sha256((previous + canonical(entry)).encode()).hexdigest()


def verify(lines: Iterable[str], *, previous: str | None = None) -> BadLine | None:
    """核验: None when every line follows from the one before, else the first that does not.

    `previous` is the hash that the first line must follow; without it a log starting at seq 1 must follow the 64 zeros,
    and a part of a log is taken from where it starts.
    """
    expected_hash, expected_seq = previous, 0
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        try:
            entry = json.loads(text)
        except ValueError:
            return BadLine(number, "不是完整的一条日志（JSON 无法读取），可能被截断或改动")
        reason = _why_not(entry, expected_hash, expected_seq)
        if reason is not None:
            return BadLine(number, reason)
        expected_hash, expected_seq = entry["hash"], entry["seq"] + 1
    return None


def _why_not(entry: object, expected_hash: str | None, expected_seq: int) -> str | None:
    if not isinstance(entry, dict):
        return "不是完整的一条日志，可能被截断或改动"
    needed = FIELDS | {"previous": "上一条的校验值", "hash": "校验值"}
    absent = [label for name, label in needed.items() if name not in entry]
    if absent:
        return f"缺少内容（{'、'.join(absent)}），可能被改动"
    seq = entry["seq"]
    if not isinstance(seq, int) or isinstance(seq, bool):
        return f"序号“{seq}”不是整数，可能被改动"
    if expected_seq and seq != expected_seq:
        return f"序号应为 {expected_seq}，实为 {seq}，中间有日志被删除、插入或调换"
    if expected_hash is None and seq == 1:
        expected_hash = GENESIS
    if expected_hash is not None and entry["previous"] != expected_hash:
        return "与上一条日志接不上，上一条或本条被改动、删除或插入"
    try:
        right = line_hash(str(entry["previous"]), entry)
    except ValueError:  # NaN or half a surrogate pair: never written by us
        right = None
    if right != entry["hash"]:
        return "内容与校验值不一致，本条日志被改动"
    return None
