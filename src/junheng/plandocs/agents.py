"""正文主体: institutional subjects of an obligation in running text, and where an office is set up."""

from __future__ import annotations

import re

from junheng.plandocs.flat import Flat
from junheng.plandocs.items import Units
from junheng.plandocs.spans import Spans
from junheng.plandocs.unitnames import split_units
from junheng.plandocs.vocabulary import words

_BODY = (
    r"(?:人民政府|两级政府|政府|党委政府|党委|党组|[省市县区州旗]委|工委|党支部|党组织|管委会|部门|单位|股室|领导小组办公室|领导小组(?:各?成员单位)?|办公室|办公厅|委员会|督查室|指挥部|专班|联席会议|财政|学校|"
    r"中小学校|中小学|幼儿园|高校|院校|乡镇|镇街|街道|村居|社区|企业|机构|医院|[局厅]|编办|网信办|[^全]政协|人大|县市区|地区|部委|园区|开发区|各地|宣传部|组织部|统战部|教育部|财政部|"
    r"工业和信息化部|人力资源社会保障部|农业农村部|自然资源部|生态环境部|住房城乡建设部|交通运输部|水利部|商务部|科技部|公安部|民政部|发展改革委|卫生健康委|国资委|法院|检察院|"
    r"团[省市县区]?委|妇联|残联|工会|工商联|科协|党（工）委|办事处|室（中心）|学校（园）|县（市、区）|（街道）|中心校|供电公司|银行)"
)
_NAMES = re.compile(
    rf"(?P<names>[\u4e00-\u9fff（）、]{{0,40}}?{_BODY}(?:（[^（）\n]{{1,14}}）)?(?:等(?:相关|有关)?(?:职能)?(?:部门|单位))?)(?P<verb>要|应当|应|须|必须|需要|负责|履行|承担|会同|联合|牵头|具体负责|主要负责|"
    r"每年|每季度|每半年|每月|每学期|每学年|每两年|每周|定期|设立|安排|一次性|不得|与|把|将|按照|依法|按|切实|加大|加强|积极|统筹|做好|制定|强化|给予|对照|对|根据|结合|及时|共同|组织|参照|严格|全面|落实|认真|成立|"
    r"贯彻|协调|指导|审查|密切|在|向|同|可|定期|建立|发挥|作为|主要领导|具体)"
)
_STRONG = frozenset(
    words(
        "要 应当 应 须 必须 需要 负责 履行 承担 会同 牵头 具体负责 主要负责 每年 每季度 每半年 每月 每学期 每学年 每两年 每周 设立 一次性 不得 定期"
    )
)
_HEAD = re.compile(
    r"(?:^|(?<=[，。；：\n！？]))(?:——|第[一二三四五六七八九十百零]{1,6}条|[\d一二三四五六七八九十]{1,4}[、.]|（[一二三四五六七八九十\d]{1,4}）)?(?P<lead>由|请|每年|每学期|每学年[^，。]{0,3}?|每季度|其中|同时|所需[^，。]{0,4}由)?"
)
# Names that hold a verb's characters without being one.
_SAFE = re.compile(
    "督导|监督|管理|教育工作|社会保障|医疗保障|乡村振兴|组织部|发展改革|城乡建设|住建|文化|机构编制|建设局|创建工作|争创工作|推进工作|建设工作|实施工作|指导中心|发展中心|服务中心|义务教育阶段|自然资源"
)
_VERBAL = re.compile(
    "实现|推进|推动|加强|建立|健全|完善|提高|提升|促进|利用|依托|优先|满足|确保|保障|动员|鼓励|支持|引导|督促|指导|协调|形成|落实|开展|进行|强化|深化|扩大|加大|加快|发挥|充分|通过|密切|选派|派驻|拟|所在|"
    "新建|改造|打造|创建|培养|培训|构建|优化|安排|面向|深入|坚持|整合|统筹|规范|严格|努力|力争|积极|围绕|聚焦|办好|继续|的|使|让|从|向|对|把|将|与|为|给|被|帮助|帮扶|借助|增强|巩固|探索|纳入|列为|配合|会同|协助|参与|参加|设立|开办|举办|申请|从事|单个"
)
_DEFINITE = re.compile(
    r"^(?:各(?!级各类)|[省市县区州镇乡]|国务院|中央|自治区|地方|教育|[\u4e00-\u9fff]{2,6}(?:局|厅|部门|委)$)|局$|厅$|领导小组|（[^（）]*）$|成员单位$|部门$|政府$"
)
_OFFICE = re.compile(
    r"(?<!建)(?:挂靠|设在|设于)(?:在|于)?(?P<name>[\u4e00-\u9fff（）]{2,20}?)(?=[，。；、）\n]|负责)|下设办公室：(?P<alone>[\u4e00-\u9fff]{2,12})"
)
_HOUSES = re.compile(
    "(?:[部委办局厅署会院社]|办公室|中心|学校|中学|政府|乡|镇|街道|队|所|站|科|股|室|处|馆|园|公司|集团)(?:（[^）]*）)?$"
)
_HELPED = re.compile(
    r"(?:会同|联合)(?P<names>[\u4e00-\u9fff、]{2,40}?(?:部门|单位|局|厅|委(?![员托派])))(?=[，、。及开加共组建制研对做按统推落协负]|定期)"
)


def find_agents(flat: Flat, lists: list[Units], taken: Spans, body_from: int) -> list[Units]:
    """正文主体: who is told to do something; lists already read as 责任单位 are left alone."""
    text = flat.text
    used = Spans((u.start, u.end) for u in lists)
    found: list[Units] = []
    for m in _OFFICE.finditer(text):
        start, end = m.span("name" if m["name"] else "alone")
        if not used.touches(start, end) and _HOUSES.search(text[start:end]):
            used.add(start, end)
            found.append(Units("office", start, end, (flat.words(start, end),), "units.office", 0.9))
    for head in _HEAD.finditer(text, body_from):
        named = _NAMES.match(text, head.end(), min(len(text), head.end() + 80))
        while named and not _is_subject(text, head, named):
            named = _longer(text, head.end(), named)
        if named is None:
            continue
        start, end = named.span("names")
        if used.touches(start, end) or taken.touches(start, start + 1):
            continue
        used.add(start, end)
        found.append(Units("agent", start, end, agent_names(flat.words(start, end)), "units.agent", 0.7))
        helped = _HELPED.match(text, named.start("verb"))
        if helped and not helped["names"].startswith(("有关", "相关", "各")):
            names = agent_names(flat.words(*helped.span("names")))
            found.append(Units("assist", *helped.span("names"), names, "units.assist in text", 0.7))
    return sorted(found, key=lambda item: item.start)


def _longer(text: str, start: int, m: re.Match[str]) -> re.Match[str] | None:
    """The next longer reading of the subject: 各学校 → 各学校（园）、局机关各室（中心）."""
    floor = m.end("names") - start + 1
    if floor > 40:
        return None
    longer = re.compile(_NAMES.pattern.replace("{0,40}?", f"{{{floor},44}}?", 1))
    return longer.match(text, start, min(len(text), start + 80))


def _is_subject(text: str, head: re.Match[str], m: re.Match[str]) -> bool:
    names = m["names"]
    if names.count("（") != names.count("）") or len(names) < 2:
        return False
    if _VERBAL.search(_SAFE.sub("", names)):
        return False
    if m["verb"] in _STRONG or head["lead"] in ("由", "请"):
        return True
    opens = head.start() == 0 or text[head.start() - 1] in "。；\n"
    return (opens or head["lead"] is not None) and _DEFINITE.search(names) is not None


def agent_names(words: str) -> tuple[str, ...]:
    """主体分列: 县编办、人社、财政等部门 → 县编办, 人社部门, 财政部门; 县委、政府 → 县委, 县政府."""
    generic = re.search("等(?:相关|有关)?(?:职能)?部门$", words)
    listed = words[: generic.start()] if generic else words
    names = list(split_units(listed))
    out: list[str] = []
    rank = re.match("[省市县区州镇乡]", names[0]) if names else None
    levels = names[-1].endswith("两级政府") if names else False
    for name in names:
        if re.fullmatch("政府|政协|人大", name) and rank:
            name = rank.group() + name
        elif levels:
            name = name.removesuffix("两级政府") + "政府"
        elif (generic or names[-1].endswith("部门")) and re.fullmatch(r"[\u4e00-\u9fff]{2,8}", name):
            name += "" if re.search("[局办委部厅会]$|部门$|^各", name) else "部门"
        out.append(name)
    return tuple(out)
