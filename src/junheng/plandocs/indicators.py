"""指标名称: the words that say what a number measures, taken from before it, behind it, or the list it stands in."""

from __future__ import annotations

import re

from junheng.plandocs.comparators import word_before

MAKING = [
    "新建",
    "改建",
    "扩建",
    "改扩建",
    "新改扩建",
    "迁建",
    "续建",
    "建设",
    "建成",
    "建立",
    "创建",
    "打造",
    "培育",
    "培养",
    "培训",
    "遴选",
    "评选",
    "选派",
    "选拔",
    "选聘",
    "招聘",
    "招募",
    "招收",
    "引进",
    "引育",
    "组建",
    "组织",
    "新增",
    "增加",
    "增设",
    "实施",
    "完成",
    "开展",
    "举办",
    "命名",
    "认定",
    "支持",
    "扶持",
    "选择",
    "设立",
    "开设",
    "建",
    "配备",
    "配置",
    "配齐",
    "选",
    "推出",
    "形成",
    "发展",
    "造就",
    "投放",
    "购置",
    "改造",
    "扩充",
    "建造",
    "安装",
    "设置",
    "推进",
    "启动",
    "落实",
    "争创",
    "争取",
    "遴选培养",
    "培养造就",
    "培育打造",
    "制定",
    "修订",
    "编制",
    "提供",
    "补充",
    "招引",
    "落地",
    "发放",
    "资助",
    "帮扶",
    "救助",
    "覆盖",
    "服务",
    "惠及",
    "吸引",
    "拥有",
    "有",
    "召开",
    "听取",
    "举行",
    "推广",
    "布局",
    "规划",
    "整治",
    "修复",
    "治理",
    "淘汰",
    "退出",
    "减少",
    "压减",
    "关闭",
    "新改",
    "开工",
    "建好",
    "办好",
    "抓好",
    "推动",
    "开发",
    "聚集",
    "集聚",
    "储备",
    "孵化",
    "转化",
    "突破",
    "取得",
    "获得",
    "获批",
    "通过",
    "派出",
    "安排",
    "保障",
    "满足",
    "解决",
    "带动",
    "促进",
    "转移",
    "吸纳",
    "分配",
    "补齐",
    "掌握",
    "参加",
    "参与",
]
_MAKING = re.compile(
    "(?:"
    + "|".join(sorted(MAKING, key=len, reverse=True))
    + ")(?:了|好|出|全国|全省|全市|全县|一批|省级以上|约|近|共|总计|累计)?$"
)
_LEADS = re.compile(
    r"^(?:其中|同时|并且|并|且|力争|争取|确保|使|让|将|把|对|在|实现|基本实现|基本|计划|预计|原则上|逐步|全面|继续|加快|大力|重点|努力|着力|进一步|"
    r"通过[^，]{1,8}，|每年|每季度|每学期|每两年|平均|共|累计|总计|合计|首批|第一批|另|还|也|都|均|全部|再|要|应|须|可|能|按照?|不断|分别|当年|其|：|、|“|"
    r"(?:到|至|于)?\d{4}年(?:底|末)?(?:前)?|全国范围内|到[^，]{0,6}末)+"
)
_SCOPE = re.compile(r"^(全国|全省|全区|全市|全县|全州|全旗|全镇|全域|各省|各市|各县|各地)")
_TRAILING = re.compile(
    r"(?:均|都|也|要|应|须|力争|全部|总体|基本|已|将|可|仍|原则上|按照?|每年|平均|不|就|还|年均|能|并|，|：|、|“|（)+$"
)
_STOP = "，。；：、（）\n！？"
_AFTER_BAD = re.compile(
    r"^(?:的?$|以?[上下内]|左右|和|与|及|或|并|且|到|至|用于|作为|全部|的(?:标准|比例|速度|幅度|水平|目标|基础|时间|资金|补助|资助)(?:$|[^\u4e00-\u9fff]))"
)
_RATE = re.compile(
    r"(?:率|比例|比重|占比|比|人数|数|数量|总量|面积|规模|水平|指数|强度|密度|产值|增加值|时间|年限|距离|得分|满意度|认可度|贡献度|系数|浓度|总额|收入|长度|容量|产量)$"
)


def clean(words: str) -> str:
    """指标名: without leading adverbials and trailing particles; quotation marks stay."""
    words = _TRAILING.sub("", words)
    previous = None
    while previous != words:
        previous = words
        words = _LEADS.sub("", words)
    return words.strip("，。；：、 ")


def scope_of(words: str) -> str | None:
    """范围: 全县, 全市 and their like at the head of an indicator."""
    found = _SCOPE.match(words)
    return found[1] if found else None


def behind(text: str, start: int, limit: int) -> str:
    """后置名词: the words right behind a number, up to punctuation or the next number."""
    stop = start
    depth = 0
    while stop < min(limit, start + 40):
        c = text[stop]
        if c in "（":
            closing = text.find("）", stop, stop + 14)
            if closing < 0 or stop == start:
                break
            depth += 1
        elif c == "）" and depth:
            depth -= 1
        elif c in _STOP and depth == 0:
            break
        stop += 1
    words = text[start:stop]
    return "" if _AFTER_BAD.match(words) else re.sub("^的", "", words)


def indicator(text: str, begin: int, start: int, stop: int, limit: int, unit: str) -> tuple[str, int, int]:
    """指标: name of what [start, stop) counts, and the span of text it is taken from.

    `begin` is where the clause, or the stretch behind the previous number, starts; `limit` where the next number starts.
    """
    before = text[begin:start]
    comparison = word_before(before)
    subject = before[: comparison[0]] if comparison else before
    percent = unit in ("%", "‰") or unit.endswith("百分点")
    name = clean(subject)
    after = behind(text, stop, limit)
    made = (
        _MAKING.search(subject)
        if not comparison or comparison[1] in ("约", "近", "超", "至少", "不少于", "超过", "不低于")
        else None
    )
    if percent:
        if name and not (made and len(name) <= 4 and after):
            return (
                _share(name, subject, after),
                begin + before.find(name[:4]) if name[:4] in before else begin,
                stop,
            )
        return (clean(after) or name), start, stop + len(after)
    if made and after:
        head = subject[: made.start()]
        owner = clean(head) if len(clean(head)) <= 12 and re.search("每|各", head) else ""
        return owner + made.group()[:4] + after, begin + made.start(), stop + len(after)
    if name and after and (comparison or re.match("每", name)):
        return name + after, begin, stop + len(after)
    if name and not made:
        return name, begin + max(0, before.find(name[:4])), stop
    if after:
        return clean(after), start, stop + len(after)
    return name, begin, stop


def _share(name: str, subject: str, after: str) -> str:
    if after and not _RATE.search(name) and re.match("比例", after):
        return after + name
    return name


def shared_head(subject: str) -> list[str] | None:
    """并列指标: 小学六年、初中三年巩固率均 → both in full; None where the subject is one."""
    words = re.sub(r"(?:均|都|分别|各)+$", "", subject)
    parts = [part for part in re.split("、|和|与|及|以及", words) if part]
    if len(parts) < 2 or any(len(part) > 24 for part in parts):
        return None
    last = parts[-1]
    out: list[str] = []
    for part in parts[:-1]:
        if _RATE.search(part):
            out.append(part)
            continue
        size = len(part)
        if len(last) > size + 1 and last[size - 1] == part[-1]:
            out.append(part + last[size:])
            continue
        if (
            len(last) > size + 2
            and size <= 4
            and re.match("[小初高中幼学大城农乡男女本专]", last[:1])
            and last[:1] != part[:1]
        ):
            out.append(part + last[size:])
            continue
        head = re.search(
            r"(?:[毛净]?[\u4e00-\u9fff]{2}(?:率|比例|比重|面积|规模|人数|数量|收入)|水平|数)$", last
        )
        if head is None:
            return None
        out.append(part + head.group())
    return [*out, last]
