"""正文主体: institutional subjects of an obligation in running text, and where an office is set up."""

from __future__ import annotations

import re

from junheng.plandocs.bodies import split_units
from junheng.plandocs.flat import Flat
from junheng.plandocs.items import Units
from junheng.plandocs.spans import Spans

_NAME = r"[\u4e00-\u9fff（）]"
_ENDING = (
    r"(?:人民政府|政府|党委政府|党委|县委|市委|省委|区委|州委|工委|管委会|部门|单位|领导小组(?:办公室)?(?:（[\u4e00-\u9fff]{2,14}）)?|领导小组各成员单位|办公室|委员会|督查室|指挥部|专班|联席会议|"
    r"财政|学校|中小学|幼儿园|高校|院校|乡镇|街道|镇街|村居|企业|机构|医院|局|厅|编办|政协|人大|县市区|地区|部委|园区|开发区|各县（市、区）|各地|"
    r"(?<=[委部])员会|宣传部|组织部|统战部|教育部|财政部|工业和信息化部|人力资源社会保障部|农业农村部|自然资源部|生态环境部|住房城乡建设部|交通运输部|水利部|商务部|科技部|公安部|民政部|发展改革委|卫生健康委|法院|检察院|团委|妇联|残联|工会|工商联|科协)"
    r"(?:（[^（）\n]{1,14}）)?"
)
_VERB = (
    r"(?:要|应|应当|须|必须|需|负责|履行|承担|会同|牵头|具体负责|每年|每季度|每半年|每月|定期|设立|安排|一次性|建立|把|将|按照|依法|按|切实|加大|加强|积极|统筹|做好|制定|强化|给予|对|定期或|"
    r"与|根据|结合|及时|共同|组织|参照|可|不得|严格|全面|落实|认真|主要负责|成立|贯彻|协调|指导|联合|审查|密切|充分|在)"
)
_START = r"(?:^|(?<=[，。；：\n！？]))"
_AGENT = re.compile(
    rf"{_START}(?P<by>由|请|要求)?(?P<names>(?:各(?:级|地|有关|相关)?)?{_NAME}{{0,16}}?{_ENDING}(?:、{_NAME}{{1,16}}?(?:{_ENDING})?|和{_NAME}{{1,12}}?{_ENDING})*(?:等(?:相关|有关)?(?:职能)?部门)?)(?P<verb>{_VERB})"
)
_STRONG = re.compile(
    "^(?:要|应|须|必须|需|负责|履行|会同|牵头|每|设立|具体负责|不得|承担|主要负责|应当|一次性|定期|切实|与|专门)"
)
_OFFICE = re.compile(
    r"办公室(?:\d|，)?(?:挂靠|设在|设于|设)(?:在|于)?(?P<name>[\u4e00-\u9fff（）]{2,20}?)(?=[，。；、）\n]|，|负责)|下设办公室：(?P<alone>[\u4e00-\u9fff]{2,12})"
)
# A noun phrase of work, not a body, although it ends like one.
_NOT_A_BODY = re.compile(
    r"^(?:加强|完善|推进|建立|健全|支持|鼓励|引导|推动|实施|落实|深化|强化|提高|加快|坚持|发挥|开展|严格|充分|统筹|构建|优化|扩大|规范|做好|以|在|对|把|将|通过|按照|根据|为|向|与|从|使|让|动员|"
    r"督促|组织|协调|指导|配合|协助|会同|联合|依托|借助|整合|新建|改造|建设|建成|打造|创建|全面|全力|积极|进一步|努力|着力|大力|不断|切实|认真|继续|稳步|逐步|其他|所有|每|到|于|给|是|有|被|和|及|并|且|可|不|非|当|凡|形成|鼓|参加|参与|协同|保障|确保|增强|提升|促进|巩固|符合|对照|围绕|聚焦|探索|优先|重点|办好|办|推行|列|纳|派|选|接|提|进|发|公|民办|普通高中|优质|薄弱|农村学校|乡村学校|城|第)"
)


def find_agents(flat: Flat, lists: list[Units], taken: Spans, body_from: int) -> list[Units]:
    """正文主体: who is told to do something; lists already read as 责任单位 are left alone."""
    text = flat.text
    used = Spans((u.start, u.end) for u in lists)
    found: list[Units] = []
    for m in _OFFICE.finditer(text):
        group = "name" if m["name"] else "alone"
        start, end = m.span(group)
        name = flat.words(start, end)
        if not used.touches(start, end):
            used.add(start, end)
            found.append(Units("office", start, end, (name,), "units.office", 0.9))
    for m in _AGENT.finditer(text, body_from):
        start, end = m.span("names")
        names = m["names"]
        if _NOT_A_BODY.match(names) or used.touches(start, end) or taken.touches(start, start + 1):
            continue
        if not (_STRONG.match(text[m.start("verb") : m.start("verb") + 4]) or m["by"]):
            continue
        used.add(start, end)
        found.append(Units("agent", start, end, agent_names(flat.words(start, end)), "units.agent", 0.7))
    return sorted(found, key=lambda item: item.start)


def agent_names(words: str) -> tuple[str, ...]:
    """主体分列: 县编办、人社、财政等部门 → 县编办, 人社部门, 财政部门; 县委、政府 → 县委, 县政府."""
    generic = re.search("等(?:相关|有关)?(?:职能)?部门$", words)
    listed = words[: generic.start()] if generic else words
    names = list(split_units(listed))
    out: list[str] = []
    rank = re.match("[省市县区州镇乡]", names[0]) if names else None
    for name in names:
        if re.fullmatch("政府|政协|人大", name) and rank:
            name = rank.group() + name
        if (
            (generic or names[-1].endswith("部门"))
            and re.fullmatch(r"[\u4e00-\u9fff]{2,8}", name)
            and not re.search("[局办委部厅会]$|部门$", name)
        ):
            name += "部门"
        out.append(name)
    return tuple(out)
