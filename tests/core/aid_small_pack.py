"""The smallest aid pack, for tests to spoil."""

import yaml

SMALL = """
kind: aid
id: small
title: 小包
scope: ["640106"]
entered_by: 某人
documents:
  - {key: 文, number: 某发〔2020〕1号, title: 某文}
facts:
  - {name: 困难, register: 认定名册, helps: true}
  - {name: 孤儿, register: 民政名册, helps: true}
groups:
  - {id: g, title: 组, rule: highest}
clauses:
  - id: a
    name: 甲
    stage: 小学
    when: 困难
    amount: 500
    document: 文
    item: 一
    quote: 五百元
    status: V
"""


def small(**changes):
    """The small pack with keys of its only clause changed (None removes one)."""
    raw = yaml.safe_load(SMALL)
    clause = raw["clauses"][0]
    for name, value in changes.items():
        if value is None:
            clause.pop(name, None)
        else:
            clause[name] = value
    return raw
