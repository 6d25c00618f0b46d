"""台账定义的写法: what may stand in a pack, in Chinese, beside the text that a clerk is writing; taken from the lists the reader itself uses."""

from dataclasses import dataclass
from typing import Any, get_args

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N

from junheng.detecting.checking import tables_in_words
from junheng.policy.ledgers import LETTER_FIELDS, vocabulary
from junheng.policy.ledgers.vocabulary import WORDS

KINDS = {
    "VARCHAR": N("文字"),
    "BIGINT": N("整数"),
    "DOUBLE": N("小数"),
    "DATE": N("日期"),
    "BOOLEAN": N("是否"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """定义的一部分: its key, what to write, and the words of a closed list with their meanings."""

    key: str
    says: str
    words: tuple[tuple[str, str], ...] = ()


def _words(*kinds: Any) -> tuple[tuple[str, str], ...]:
    return tuple((word, WORDS.get(word, "")) for kind in kinds for word in get_args(kind))


def parts() -> tuple[Part, ...]:
    """各部分的写法, in the order in which a pack has them."""
    return (
        Part("subject", N("一件个案说的是谁；many: true 表示同一对象可以有几件"), _words(vocabulary.Subject)),
        Part("proof", N("销号凭什么：data 要数据不再显示，person 要证据和第二个人"), _words(vocabulary.Proof)),
        Part("period_days", N("销号后多少天内再发现，重新打开原来的个案；small：少于几件的分组不显示")),
        Part("settings", N("没有文件规定的天数，写 {name, title, unit, value, assumed}；期限里写 setting: 名称，查询里写 $名称")),
        Part("owner_lines", N("主责任人以外的责任线，写 {name, title, level}"), _words(vocabulary.Level)),
        Part("columns", N("栏目，写 {name, title, kind, choices, required_in}；required_in 是进入哪些状态前必须填"), _words(vocabulary.Kind)),
        Part("access", N("谁能看这一栏（或整本台账）"), _words(vocabulary.Access)),
        Part("states", N("状态，写 {name, title, phase, level, deadline: {days 或 setting, unit}}；第一个是初始状态"), _words(vocabulary.Phase, vocabulary.Unit)),
        Part("moves", N("办理，写 {name, title, from, to, by, fields, needs, second}；to: same 停留原状态；销号的要 by: [bureau] 和 second: true"), _words(vocabulary.Need)),
        Part("ladder", N("逾期升级，写 {levels, days, unit}：逾期后交给上一级，再给几天")),
        Part("detectors", N("发现规则，写 {name, title, sql, evidence}：查询要有 subject_key 一栏，其余各栏在 evidence 里写中文标题；日期用 $today、$register_day")),
        Part("forms", N("手机和案头的表单，写 {name, title, fields, move, photos, position}；保存表单就是做 move 那项办理")),
        Part("letters", N("文书，写 {name, title, states, to, paragraphs, signature}；花括号里写栏目标题、设置标题，或者："), tuple((name, "") for name in LETTER_FIELDS)),
        Part("reports", N("报表，写 {name, title, clock, level, rows, figures}"), _words(vocabulary.Clock, vocabulary.Rows, vocabulary.Figure)),
    )  # fmt: skip


def tables() -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    """发现规则可用的表: (table, what a row is, [(column, type in words, meaning)])."""
    return [
        (name, says, [(column, _(KINDS[kind]), meaning) for column, kind, meaning in columns])
        for name, says, columns in tables_in_words()
    ]
