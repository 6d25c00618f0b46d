"""信息公开表头: the table of index number, issuer, date and openness that web pages put above a document."""

from __future__ import annotations

import re
from dataclasses import dataclass

from junheng.plandocs.flat import Flat
from junheng.plandocs.lines import Line, date_in

_KEYS = {
    "index_no": "索引号 索引编号 信息索引号 公开目录号",
    "doc_no": "发文字号 发文文号 文件编号 文件字号 文件号 公文文号 发文号 文号 字号",
    "issuer": "制定机关 发文机关 发布机构 发布机关 制发机关 发文单位 发布单位 发文部门 公开机构 制发单位 发文机构 公开主体",
    "date": "成文日期 成文时间 发文日期 发文时间 签发日期 制发日期",
    "date_generated": "生成日期 生成时间",
    "date_published": "时间 发布日期 发布时间 公开日期 公开时间 公布日期",
    "title": "标题 信息名称 文件名称 文件标题 公文标题 名称",
    "topic": "主题分类 信息分类 体裁分类 服务对象分类 公文种类 文种",
    "keywords": "主题词 关键词 关键字",
    "openness": "公开方式 公开属性 公开类别 公开形式 公开类型",
    "validity": "信息有效性 是否有效 有效性 文件状态 时效性 时效 效力状态 有效期",
    "resp_dept": "责任部门 责任单位",
    "": "公开时限 公开范围 公开程序 浏览次数 点击数 点击率 阅读次数 访问量 来源 信息来源 稿件来源 作者 字体 字体大小 组配分类 语种 编辑 责任编辑 废止日期 失效日期 生效日期 实施日期 文件类型 分类 发文序号 保护视力色 大 中 小 打印 附件下载",
}
_FIELD = {key: field for field, keys in _KEYS.items() for key in keys.split()}
_KEY = re.compile("|".join(sorted((k for k in _FIELD if len(k) > 1), key=len, reverse=True)))
# Longer lines are a body that lost its breaks, not a table.
LONGEST_LINE = 300
# A line is read as table only before the body, and only when it opens with a key.
_OPENS = re.compile(rf"[•·]?〔?(?:{_KEY.pattern})〕?(?:：|(?=.{{2,}}))")
_STARTS_BODY = re.compile("^(?:[一二]、|第一章|第一条|为|根据|按照|现将)")


@dataclass(frozen=True)
class Entry:
    """表头一项: field, place and words of its value."""

    field: str
    start: int
    end: int
    value: str


def read_metadata(flat: Flat, lines: list[Line]) -> tuple[list[Entry], set[int]]:
    """表头各项: entries found above the body, and the numbers of the lines they stand on."""
    entries: list[Entry] = []
    used: set[int] = set()
    pending: str | None = None
    for line in lines[:60]:
        if _STARTS_BODY.match(line.text) and len(line.text) > 30:
            break
        keys = list(_KEY.finditer(line.text))
        colon_keys = [
            m for m in keys if line.text.startswith("：", m.end()) or line.text[m.end() : m.end() + 1] == "〕"
        ]
        table = len(line.text) <= LONGEST_LINE and _OPENS.match(line.text) and (colon_keys or len(keys) >= 2)
        if not table:
            if pending and len(line.text) <= 120:
                entries.append(Entry(pending, line.start, line.end, flat.words(line.start, line.end)))
                used.add(line.number)
            pending = None
            continue
        used.add(line.number)
        chosen = colon_keys if colon_keys and line.text.startswith("：", keys[0].end()) else keys
        pending = None
        for place, match in enumerate(chosen):
            stop = chosen[place + 1].start() if place + 1 < len(chosen) else len(line.text)
            begin = match.end()
            while begin < stop and line.text[begin] in "：〕":
                begin += 1
            if stop > begin and line.text[stop - 1] == "〔":
                stop -= 1
            field = _FIELD[match.group()]
            if begin >= stop:
                pending = field if place + 1 == len(chosen) and field else None
            elif field:
                entries.append(
                    Entry(
                        field,
                        line.start + begin,
                        line.start + stop,
                        flat.words(line.start + begin, line.start + stop),
                    )
                )
    return entries, used


def office_in_full(name: str) -> str:
    """机关全称: 某县政府办 → 某县人民政府办公室; other names stay."""
    return re.sub(r"(?<!人民)政府办(?:公室)?$", "人民政府办公室", name)


def entry_date(value: str) -> str | None:
    """表头日期: YYYY-MM-DD of a table value, None when it holds none."""
    found = date_in(value)
    return found[2] if found else None
