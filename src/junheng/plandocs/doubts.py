"""标题存疑: what in a heading was repaired, or does not follow the heading before it."""

from __future__ import annotations

from junheng.plandocs.flat import Flat
from junheng.plandocs.items import Node, Warning_
from junheng.plandocs.labels import Label


def heading_doubts(
    flat: Flat,
    label: Label,
    node: Node,
    last: dict[tuple[str | None, str], int],
    parent: str | None,
    evened: bool,
) -> list[Warning_]:
    """标题存疑: lost marks, lost full stops and numbers out of order, each a sentence to confirm."""
    found: list[Warning_] = []
    where = f"“{node.label}{node.title[:12]}”"
    behind = flat.span(label.start, label.end)[1]
    # 1 总体要求 as standards number: the blank parts the number from its title, and nothing was lost.
    parted = label.form == "num" and flat.source[behind : behind + 1].isspace()
    if label.repaired and not parted:
        found.append(
            Warning_(
                "heading number gap",
                label.start,
                label.end,
                f"标题{where}的序号“{label.text}”缺少顿号、圆点、括号或换行，已按同级标题认作一个标题，请核对。",
                repair=True,
            )
        )
    if evened:
        found.append(
            Warning_(
                "heading number gap",
                node.start,
                node.end,
                f"标题{where}后缺少句号，已按同级标题的字数断开，请核对。",
                repair=True,
            )
        )
    if label.number is not None:
        key = (parent, label.form)
        running = (None, "running " + label.form)
        before = last.get(key, 0)
        if label.number not in (before + 1, last.get(running, 0) + 1):
            found.append(
                Warning_(
                    "heading number gap",
                    label.start,
                    label.end,
                    f"标题{where}的序号是{label.number}，前一个是{before or '无'}，请核对是否缺段或错号。",
                )
            )
        last[key] = label.number
        last[running] = label.number
    return found
