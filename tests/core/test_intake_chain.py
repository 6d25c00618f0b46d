"""The exported log: each way of tampering is found at the first bad line."""

import json

import pytest

from junheng.intake.chain import GENESIS, line_hash, verify


def log(length=4):
    lines, previous = [], GENESIS
    for seq in range(1, length + 1):
        entry = {
            "seq": seq,
            "at": f"2026-11-22T08:00:0{seq}+08:00",
            "who": "某科员",
            "role": "业务科室",
            "action": "导入",
            "object": "学生",
            "detail": {"行": seq},
            "address": "127.0.0.1",
        }
        entry |= {"previous": previous, "hash": line_hash(previous, entry)}
        previous = entry["hash"]
        lines.append(json.dumps(entry, ensure_ascii=False))
    return lines


def test_a_whole_log_holds():
    assert verify(log()) is None
    assert verify([]) is None
    assert verify([*log(), "\n"]) is None


def test_the_hash_can_be_recomputed_by_hand():
    import hashlib

    entry = {"seq": 1, "who": "某"}
    text = "0" * 64 + '{"seq":1,"who":"某"}'
    assert line_hash(GENESIS, entry) == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("tamper", "line", "words"),
    [
        (lambda lines: [*lines[:1], lines[1].replace("某科员", "他人"), *lines[2:]], 2, "被改动"),
        (lambda lines: [lines[0], *lines[2:]], 2, "序号应为 2，实为 3"),
        (lambda lines: lines[1:], None, ""),
        (lambda lines: [lines[1], lines[0]], 2, "序号"),
        (lambda lines: [*lines[:2], lines[2][:-9]], 3, "截断"),
        (lambda lines: ["[]"], 1, "不是完整"),
        (lambda lines: ['{"seq": 1}'], 1, "缺少内容"),
        (lambda lines: [lines[0], lines[1].replace('"seq": 2', '"seq": "2"')], 2, "不是整数"),
        (lambda lines: [lines[0], lines[1].replace('{"行": 2}', "NaN")], 2, "被改动"),
    ],
)
def test_tampering_is_found(tamper, line, words):
    bad = verify(tamper(log()))
    assert (bad and bad.number) == line
    if bad:
        assert words in bad.sentence()


def test_a_rewritten_line_breaks_the_next():
    lines = log()
    entry = json.loads(lines[1]) | {"who": "他人"}
    entry["hash"] = line_hash(entry["previous"], entry)
    lines[1] = json.dumps(entry, ensure_ascii=False)
    bad = verify(lines)
    assert bad is not None
    assert bad.number == 3
    assert "接不上" in bad.reason


def test_a_part_must_follow_the_hash_given():
    lines = log()
    assert verify(lines[2:], previous=json.loads(lines[1])["hash"]) is None
    assert verify(lines[2:], previous=GENESIS) is not None
    first = json.loads(lines[0]) | {"previous": "1" * 64}
    first["hash"] = line_hash(first["previous"], first)
    assert verify([json.dumps(first)]) is not None
