"""标题与主送: multi-line titles, the title of the plan that a notice carries, and whom it is sent to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from junheng.plandocs.flat import Flat
from junheng.plandocs.items import Field
from junheng.plandocs.labels import label_at
from junheng.plandocs.lines import INSTITUTION, Line, date_in, institutions

_KIND = (
    "通知|意见|方案|计划|规划|办法|决定|决议|公告|通告|函|报告|批复|要点|纲要|条例|规定|细则|解读|措施|通报|请示|指引|清单|任务|制度|预案|标准|章程|"
    "总结|倡议书|责任书|行动|工程|政策|指南|安排|分工|若干举措|工作法|规则|名单|目标|蓝图|路线图|三年行动|说明|讲话|提纲|框架|体系|举措|建议"
)
# 关于实施 and its like promise a name still to come.
_GOES_ON = re.compile("(?:关于|印发|转发|贯彻|落实|实施|推进|加强|进一步|做好|开展)$")
_TAIL = r"(?:的通知|的函)?(?:（[^（）]{1,30}）|[\d]{4}(?:-|—{1,2}|~|至)[\d]{4}年?)*"
_ENDS = re.compile(rf"(?:{_KIND})[》”]?{_TAIL}$")
_QUALIFIER = re.compile(r"（[^（）]{1,40}）$")
_JUNK = re.compile(
    "当前位置|您的位置|首页|分享|扫一扫|二维码|打印|字号|字体|收藏|浏览|来源|发布时间|发布日期|索引号|无障碍|视力|关闭|×|点击|编辑|作者|附件下载|登录(?!制)|注册(?!会计|资本|商标|制|登记)|搜索|返回|语音|"
    "(?:信息|政务)公开(?!工作|条例|实施|要点|方案|平台|标准|指南|规定|办法|年度)|>|公开目录|签发人|特急|机密|秘密|密级|急件|〔大|大中小|政策原文|相关解读|文件下载"
)
_BODY = re.compile(
    r"^(?:《|为|现将|现就|根据|按照|经|近年来|当前|党的|遵照|依据|为了|今年|我县|我市|我省|全面|深入|是|本|随着|以习近平|\d{4}年是)"
)
_SENT = re.compile(r"(?:通知|函|公告|决定|批复|通告)(?:（[^（）]*）)?》?$")
LONGEST = 6


@dataclass(frozen=True)
class Title:
    """标题: its place, its words, and the first and last line it stands on."""

    start: int
    end: int
    words: str
    first: int
    last: int


def _title_from(flat: Flat, lines: list[Line], place: int) -> Title | None:
    """A title that begins on lines[place]: up to six short lines of which the last ends like a title."""
    best: Title | None = None
    for count in range(1, LONGEST + 1):
        if place + count > len(lines):
            break
        line = lines[place + count - 1]
        if count > 1 and (line.number != lines[place + count - 2].number + 1 or _unlike_title(line, flat)):
            break
        joined = "".join(item.text for item in lines[place : place + count])
        if len(joined) > 160:
            break
        if _ENDS.search(joined) and _balanced(joined) and not _GOES_ON.search(joined):
            best = _with_qualifiers(flat, lines, place, place + count - 1)
            # 关于印发 X计划 goes on until it says 的通知.
            if not re.search("印发|转发|公布", joined) or _SENT.search(best.words):
                return best
    return best


def _with_qualifiers(flat: Flat, lines: list[Line], first: int, last: int) -> Title:
    """(2021—2025年) or 的通知 on a line of its own still belongs to the title."""
    following = lines[last + 1] if last + 1 < len(lines) else None
    while following and (
        (
            _QUALIFIER.fullmatch(following.text)
            and not re.search(r"此件|通过|批准|修订|第.*次|号）|\d{4}年\d{1,2}月\d{1,2}日", following.text)
        )
        or re.fullmatch(r"(?:（[^（）]{1,30}）)?的?(?:通知|实施意见|意见|决定|公告|函|方案)", following.text)
    ):
        last += 1
        following = lines[last + 1] if last + 1 < len(lines) else None
    start, end = lines[first].start, lines[last].end
    return Title(start, end, flat.words(start, end), lines[first].number, lines[last].number)


def _balanced(text: str) -> bool:
    return text.count("《") <= text.count("》") and text.count("（") <= text.count("）")


def _unlike_title(line: Line, flat: Flat) -> bool:
    return bool(
        re.search("[。；]", line.text)
        or line.text.endswith("：")
        or len(line.text) > 90
        or _JUNK.search(line.text)
        or date_in(line.text) == (0, len(line.text), (date_in(line.text) or (0, 0, ""))[2])
        or label_at(flat.text, line.start, line.end)
        or (
            line.text.startswith("（")
            and line.text.endswith("）")
            and (
                line.text.endswith("号）")
                or not re.search(r"(?:19|20)\d{2}|试行|稿|草案|修订|暂行", line.text)
            )
        )
        or re.match("附件|抄送|各|（此件", line.text)
    )


def find_title(flat: Flat, lines: list[Line], red_line: int, number_line: int, top: int) -> Title | None:
    """标题: the first title-like stretch below red head and number; a title above the number is found as well."""
    first: Title | None = None
    for place, line in enumerate(lines[:40]):
        if line.number > top + 3 or line.number == red_line or (first and line.number <= first.last):
            continue
        if line.number == number_line and len(line.text) < 40:
            continue
        if first and (line.text.endswith("：") or len(line.text) > 120):
            break
        if _unlike_title(line, flat) or (
            len(line.text) > 60 and _BODY.match(line.text) and "，" in line.text
        ):
            continue
        found = _title_from(flat, lines, place)
        if found is None or len(found.words) < 8 or found.first < number_line < found.last:
            continue
        found = _bare_title(flat, _without_number(flat, found))
        if first is None:
            first = found
            if re.search("关于|印发", found.words):
                return found
        elif "关于" in found.words and _overlap(_key(first.words), _key(found.words)) > 0.5:
            # A page repeats its title in short above the document's own.
            return found
    if first is not None:
        return first
    for line in lines[:4]:
        short = (
            6 <= len(line.text) <= 60 and not _unlike_title(line, flat) and not re.search("[，：]", line.text)
        )
        if (
            short
            and line.number < top
            and not institutions(flat, line.start, line.end)
            and not date_in(line.text)
            and not re.search(r"\d号$", line.text)
        ):
            return Title(line.start, line.end, flat.words(line.start, line.end), line.number, line.number)
    return None


def _without_number(flat: Flat, title: Title) -> Title:
    from junheng.plandocs.references import NUMBER

    number = NUMBER.match(flat.text, title.start)
    if number and number.end() < title.end - 5:
        return Title(number.end(), title.end, flat.words(number.end(), title.end), title.first, title.last)
    return title


def _bare_title(flat: Flat, title: Title) -> Title:
    """《关于…的通知》: the marks a page puts around a whole title are no part of it."""
    words = flat.text[title.start : title.end]
    if words.startswith("《") and words.endswith("》") and words.count("《") == 1:
        start, end = title.start + 1, title.end - 1
        return Title(start, end, flat.words(start, end), title.first, title.last)
    return title


_RUN_TITLE = re.compile(
    r"(?:[\u4e00-\u9fff]{2,24}(?:政府|办公室|办公厅|委员会|局|厅|部|院))?关于[^。；：]{4,100}?的(?:通知|意见|函|决定|批复|报告)(?!》)"
    r"|(?:[\u4e00-\u9fff]{2,8}[省市县区州旗])[\u4e00-\u9fff]{4,50}?(?:实施方案|行动计划|行动方案|工作方案|规划|实施意见)(?:（(?:19|20)\d{2}[^（）]{0,12}）)?"
)


def title_in_run(flat: Flat) -> Title | None:
    """断行丢失时的标题: searched for at the head of a first line too long to be one."""
    end = flat.text.find("\n")
    end = len(flat.text) if end < 0 else end
    if end < 300:
        return None
    match = _RUN_TITLE.search(flat.text, 0, 600)
    if match is None:
        return None
    start = match.start() + (1 if match.group().startswith("号") else 0)
    return Title(start, match.end(), flat.words(start, match.end()), 0, 0)


def issuer_in_title(title: str) -> str | None:
    """标题中的机关: the body before 关于, None when the title opens with 关于 or a place."""
    head = re.match(r"([\u4e00-\u9fff]{2,30}?)(?:关于|印发|转发)", title)
    return head[1] if head and INSTITUTION.fullmatch(head[1]) else None


def carried_name(title: str) -> str | None:
    """所印发文件名: the plan a notice carries: 关于印发《X》的通知 or 关于印发X的通知."""
    match = re.search(r"(?:印发|转发|下发|公布|发布)(?:《(.+)》|(.+?))(?:的通知|的函|的公告|的决定)", title)
    if not match:
        return None
    return match[1] or match[2]


def _key(words: str) -> str:
    words = words.translate({ord("("): "（", ord(")"): "）"})
    return re.sub(r"（.*?）|[《》〈〉“”\"（）\s—~-]|年$", "", words)


def find_plan_title(flat: Flat, lines: list[Line], title: str, title_last: int, top: int) -> Title | None:
    """计划标题: the second title, below the notice, of the plan that the notice carries; None for a bare plan."""
    name = carried_name(title)
    tail_notice = re.search("通知|函|公告|决定", title[-6:]) is not None
    if name is None and not tail_notice:
        return None
    wanted = _key(name or title)
    best: Title | None = None
    for place, line in enumerate(lines):
        if line.number <= title_last or line.number > max(top, title_last) + 12:
            continue
        if _unlike_title(line, flat) or len(line.text) > 90 or line.text.startswith("《"):
            continue
        found = _exactly(flat, lines, place, wanted) or _title_from(flat, lines, place)
        if found is None:
            continue
        key = _key(found.words)
        same = (
            key == wanted
            or (len(key) >= 6 and (key in wanted or wanted in key))
            or _overlap(key, wanted) > 0.7
        )
        if name is not None and same:
            return found
        if name is None and best is None and len(found.words) >= 8 and line.number > title_last + 2:
            best = found
    return best


def _exactly(flat: Flat, lines: list[Line], place: int, wanted: str) -> Title | None:
    """The lines that together are the very name the notice carries, years and all."""
    joined = ""
    for line in lines[place : place + LONGEST]:
        joined += line.text
        if _key(joined) == wanted and _balanced(joined):
            last = lines.index(line, place)
            return _with_qualifiers(flat, lines, place, last)
        if not wanted.startswith(_key(joined)[:-1] or " "):
            return None
    return None


def _overlap(a: str, b: str) -> float:
    if not a or not b:
        return 0.0
    pairs_a = {a[i : i + 2] for i in range(len(a) - 1)}
    pairs_b = {b[i : i + 2] for i in range(len(b) - 1)}
    return 2 * len(pairs_a & pairs_b) / max(1, len(pairs_a) + len(pairs_b))


_ADDRESSED = re.compile(
    r"各|人民政府|委员会|办公室|国务院|有关(?:部门|单位)|局|学校|部门|单位|公司|街道|镇|乡|县委|市委|省委|区委"
)


_ADDRESSEE_END = re.compile(
    "(?:单位|部门|机构|政府|委员会|局|企业|学校|办事处|组织|团体|公司|院校|医院|委办|高校)$"
)


def find_recipients(flat: Flat, lines: list[Line], title_last: int, top: int, title: str) -> list[Field]:
    """主送机关: the line under the title, with or without its colon; running text is none."""
    start: int | None = None
    for line in lines:
        if line.number <= title_last or line.number > title_last + 8 or line.number > top:
            continue
        if line.text.startswith("（") and line.text.endswith("）"):
            continue
        if re.search(r"\d号$", line.text) or (title and _key(line.text) == _key(title)):
            continue
        if label_at(flat.text, line.start, line.end):
            return []
        if re.search("[。；]", line.text) or (_BODY.match(line.text) and not line.text.startswith("各")):
            if start is not None:
                return _without_colon(flat, start, lines[line.number - 1].end)
            if _BODY.match(line.text) or len(line.text) > 60:
                return []
            continue
        addressed = _ADDRESSED.search(line.text) is not None and not _JUNK.search(line.text)
        if line.text.endswith("：") and (start is not None or (addressed and len(line.text) <= 400)):
            begin = line.start if start is None else start
            return [
                Field("recipients", begin, line.end - 1, flat.words(begin, line.end - 1), "header.recipients")
            ]
        if (
            addressed
            and start is None
            and (
                re.match("各|.{2,12}(?:人民政府|委员会|局)[，、]|国务院各|省直|市直|县直|区直", line.text)
                or (re.search("各|有关", line.text) and _ADDRESSEE_END.search(line.text))
            )
        ):
            start = line.start
    return []


def _without_colon(flat: Flat, start: int, end: int) -> list[Field]:
    return [Field("recipients", start, end, flat.words(start, end), "header.recipients.no colon", 0.8)]
