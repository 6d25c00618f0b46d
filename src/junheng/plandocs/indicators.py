"""指标名称: the words that say what a number measures, taken from before it, behind it, or the list it stands in."""

from __future__ import annotations

import re

from junheng.plandocs.amounts import Amount
from junheng.plandocs.comparators import word_before
from junheng.plandocs.vocabulary import words

# Verbs whose object is the thing counted. Those in the second group mean something and stay in the name.
_PLAIN = words(
    "建设 建成 建立 创建 打造 培育 培养 遴选 评选 选择 组建 组织 实施 完成 开展 命名 认定 支持 扶持 设立 开设 推出 形成 发展 造就 遴选培养 培养造就 推进 启动 落实 "
    "争创 争取 制定 编制 提供 拥有 有 召开 举办 听取 举行 布局 规划 建好 办好 抓好 推动 开发 取得 获得 获批 安排 掌握 参加 参与 聚集 集聚 储备 突破 通过 实现 覆盖 服务 惠及 "
    "满足 解决 带动 保障 推广 落地 吸引 汇聚 凝练 选树 申报 创成 入选 建 选 办 树立 招引 引进 具有 符合 构建 谋划 储备 攻克 产出 发布 入库 上线 接入 建有 配有 设有 含 共 约 近 达"
)
_TELLING = words(
    "新建 改建 扩建 改扩建 新改扩建 迁建 续建 新增 增加 增设 培训 选派 选聘 招聘 招募 招收 引育 配备 配置 配齐 购置 改造 扩充 安装 设置 补充 发放 资助 帮扶 救助 整治 修复 "
    "治理 淘汰 退出 减少 压减 关闭 开工 孵化 转化 派出 转移 吸纳 分配 补齐 修订 投放 更新 新改 重建 加固 维修 提升 化解 撤并 保留 打通 新建成 新建或改扩建 新改建 转岗 轮训 转移就业 累计培训 种植 "
    "养殖 造林 治沙 绿化 节约 替代"
)
_VERBS = "|".join(sorted({*_PLAIN, *_TELLING}, key=len, reverse=True))
MADE = re.compile(
    f"(?P<verb>{_VERBS})(?:了|好|出|全国|全省|全市|全县|全区|省级以上|约|近|共|总计|累计|不少于|至少|不低于|超过|超|不超过|首批|第一批|各)*$"
)
MAKES = re.compile(
    f"^(?:{'|'.join(sorted((v for v in (*_PLAIN, *_TELLING) if len(v) > 1), key=len, reverse=True))})"
)
_TELLS = re.compile("|".join(sorted(_TELLING, key=len, reverse=True)))
_LEADS = re.compile(
    r"^(?:等|的|\d{1,2}年(?=累计|共)|其中|同时|并且|并|且|保证|力争|争取|确保|使|让|将|把|对|在(?!校|园|岗|编|册|建|职|籍|读|学)|给予|最[长高](?=$)|实现|基本实现|基本(?!养老|医疗|公共|生活|建设|农田|药物|民生|社会|殡葬|制度)|计划|预计|原则上|逐步|全面|继续|加快|大力|重点|努力|着力|进一步|"
    r"每年|每季度|每学期|每两年|平均|共|累计|总计|合计|首批|第一批|另|还|也|都|均|全部|再|要|应|须|可|能|按照?|不断|分别|当年|：|、|“|，|是|即|为|"
    r"通过实施|通过努力|"
    r"(?:到|至|于)?\d{4}年(?:底|末)?(?:前)?|全国范围内|到[^，]{0,6}末|期间|期末|内|前|底|以后|经过[^，]{0,8}努力|"
    rf"(?:{'|'.join(sorted([v for v in _PLAIN if len(v) > 1], key=len, reverse=True))})(?=[\u4e00-\u9fff（]{{3,}}))+"
)
_SCOPE = re.compile(r"^(全国|全省|全区|全市|全县|全州|全旗|全镇|全域|各省|各市|各县|各地)")
_TRAILING = re.compile(
    r"(?:(?:到|至|力争到|力争)?(?:19|20)\d{2}年(?:底|末)?前?|翻|分别|依次|均|都|也|要|应|须|力争|全部|总体|基本|已|将|可|仍|原则上|一般|实现|按照?|每年|平均|不|就|还|年均|能|并|，|：|、|“|（|的|按|由|从|占|以|与|(?<!占)比|和|至少|不少于)+$"
)
# A clause that opens like this does something to, or says something of, the noun behind the number.
_DOES = re.compile(
    "(?:基本|全面)?(?:消除|化解|撤并|整合|合并|鼓励|支持|允许|设立|建立|成立|要求|规定|是指|指)"
)
_CUT_NOUN = re.compile("全部|每|均|要|应|原则上|独立|必须|可以|提供|实行|开展|(?:19|20)\\d{2}年")
_STOP = "，。；：、（）\n！？"
# Verbs that end the noun behind a number: 骨干教师20名到…, 校长5名开展….
_CUT = re.compile(
    r"(?<=.{2})(?:达到|达$|达(?=\d)|到|赴|参加|进行|开展|投入使用|用于|给予|作为|对接(?!县)|纳入|接受|享受|开工|以上)"
)
_AFTER_BAD = re.compile(
    r"^(?:的?$|以?[上下内]|左右|和|与|及|或|并|且|到|至|用于|作为|的?(?:标准|速度|幅度|水平|目标|基础|时间|资金)(?:$|[^\u4e00-\u9fff]))"
)
RATE = re.compile(
    r"(?:率|比例|比重|占比|比|人数|数|数量|总量|面积|规模|水平|指数|强度|密度|产值|增加值|时间|年限|距离|得分|满意度|认可度|贡献度|系数|浓度|总额|收入|长度|容量|产量|度)$"
)
_PLACE_ONLY = re.compile(
    r"^(?:在|对|全|县域|市域|区域|辖区|全[国省市县区]|各|班|年级|学校|城区|农村|县城|范围|以内|内|中|里)*$|^[\u4e00-\u9fff]{0,4}(?:内|中|里)$"
)


def clean(words: str) -> str:
    """指标名: without leading adverbials and trailing particles; quotation marks stay."""
    previous = None
    while previous != words:
        previous = words
        words = _TRAILING.sub("", words)
        words = _LEADS.sub("", words)
    words = re.sub(r"^(?:比|较)(?:上年|上一年|去年|\d{4}年(?:底|末)?)", "", words)
    # 由120家增加, 比2020年: where a rise starts from is no part of its name.
    words = re.sub(r"(?<=.{2})(?:由|从|比|较|在)(?:上年|上一年|[^，]{0,8}\d).*$", "", words)
    return words.strip("，。；：、 ")


def scope_of(words: str) -> str | None:
    """范围: 全县, 全市 and their like at the head of an indicator."""
    found = _SCOPE.match(words)
    return found[1] if found else None


def behind(text: str, start: int, limit: int) -> str:
    """后置名词: the words right behind a number, up to punctuation, a verb or the next number."""
    closing = text.find("）", start, start + 40) if text.startswith("（", start) else -1
    if closing >= 0 and not text.startswith(("，", "；", "。", "、"), closing + 1):
        # 解决4.56万人（其中贫困人口0.83万人）饮水安全问题: the noun stands behind the bracket.
        start, limit = closing + 1, len(text)
    stop = start
    depth = 0
    while stop < min(limit, start + 40):
        c = text[stop]
        if c == "（":
            closing = text.find("）", stop, stop + 14)
            if closing < 0 or stop == start:
                break
            depth += 1
        elif c == "）" and depth:
            depth -= 1
        elif c in _STOP and depth == 0:
            break
        stop += 1
    words = re.sub("^的", "", text[start:stop])
    if _AFTER_BAD.match(words):
        return ""
    cut = _CUT.search(words)
    return words[: cut.start()] if cut else words


def _noun_behind(text: str, amount: Amount, following: Amount | None, made: bool) -> tuple[str, int]:
    """The noun behind a number; a condition with a number of its own (从教20年以上的) is stepped over."""
    limit = following.start if following else len(text)
    words = behind(text, amount.stop, limit)
    if following and limit - amount.stop <= 24 and amount.stop + len(words) >= limit - 1:
        bridge = text[amount.stop : following.start]
        if following.suffix and text.startswith("的", following.stop) and not re.search("[，。；、]", bridge):
            noun = behind(text, following.stop, len(text))
            if noun:
                return noun, amount.stop
        if bridge in ("", "的") or (
            made and bridge == "、" and following.unit != amount.unit and not amount.suffix
        ):
            noun = behind(text, following.stop, len(text))
            return noun, amount.stop
    if text.startswith("（", amount.stop):
        return words, amount.stop
    return words, amount.stop + len(words)


def indicator(
    text: str, begin: int, amount: Amount, following: Amount | None, kind: str
) -> tuple[str, int, int]:
    """指标: name of what the amount counts, and the span of text it is taken from.

    `begin` is where the clause, or the stretch behind the previous number, starts.
    """
    before = text[begin : amount.start]
    comparison = word_before(before)
    subject = before[: comparison[0]] if comparison else before
    name = clean(subject)
    made = MADE.search(before)
    after, stop = _noun_behind(text, amount, following, made is not None and made.start() <= 4)
    start = begin + max(0, before.find(name[:6])) if name else amount.start
    if amount.unit in ("%", "‰") or amount.unit.endswith("百分点"):
        if after.startswith("比例") and not RATE.search(name):
            return (after + name if len(after) <= 3 else after.removeprefix("比例")), start, stop
        if name and not (after and (_PLACE_ONLY.match(name) or (MADE.search(subject) and len(name) <= 2))):
            return name, start, amount.stop
        reference = clean(before[comparison[0] + len(comparison[1]) :]) if comparison else ""
        return (clean(after) or reference or name), amount.start, stop if after else amount.stop
    bounded = (
        kind == "norm"
        and amount.suffix
        and not re.match(
            "[，。；：、）]|的?(?:应|须|要|可|必须|不|原则上|由|得)", text[amount.stop : amount.stop + 4]
        )
    )
    if bounded and after and (_DOES.match(name) or (comparison and comparison[1] == "为")):
        return clean(_CUT_NOUN.split(after)[0]) or after, amount.start, stop
    if kind == "norm" and re.match(
        "的?(?:应|须|要|可|必须|原则上|给予|享受|发放|按|由)", text[amount.stop : amount.stop + 4]
    ):
        after = ""
    if (
        kind == "norm"
        and after
        and (
            len(name) < 2 or _PLACE_ONLY.match(name) or re.search("签订|具有|有|满$|^连续$|^累计$", name[-2:])
        )
    ):
        return clean(_CUT_NOUN.split(after)[0]) or clean(after), start, stop
    listed = re.search(r"(?P<verb>[新改扩迁]建|建成|创建|打造)?[^，。；]{2,40}等$", before)
    if listed and after:
        return (listed["verb"] or "") + after, start, stop
    if made and after:
        owner = clean(before[: made.start()])
        owner = owner if len(owner) <= 12 and re.search("每|各", owner) else ""
        verb = made["verb"] if _TELLS.fullmatch(made["verb"]) else ""
        return owner + verb + after, begin + made.start(), stop
    if name and text[amount.start : amount.end].endswith("指标"):
        after = "指标" + after
    if name and after and kind != "norm" and not (amount.unit in ("人", "户", "人次") and comparison):
        return name + after, start, stop
    if name and not MADE.fullmatch(name):
        return name, start, amount.stop
    if comparison and not after:
        reference = clean(before[comparison[0] + len(comparison[1]) :])
        return reference, begin, amount.stop
    return clean(after) or name, start, stop


def shared_head(subject: str) -> list[str] | None:
    """并列指标: 小学六年、初中三年巩固率均 → both in full; None where the subject is one."""
    words = re.sub(r"(?:均|都|分别|各)+$", "", subject)
    parts = [part for part in re.split("、|和|与|及|以及", words) if part]
    if len(parts) < 2 or any(len(part) > 24 for part in parts):
        return None
    last = parts[-1]
    out: list[str] = []
    for part in parts[:-1]:
        size = len(part)
        if RATE.search(part):
            out.append(part)
        elif (len(last) > size + 1 and last[size - 1] == part[-1]) or (
            len(last) > size + 2
            and size <= 4
            and re.match("[小初高中幼学大城农乡男女本专]", last)
            and last[0] != part[0]
        ):
            out.append(part + last[size:])
        else:
            head = re.search(
                r"(?:[毛净]?[\u4e00-\u9fff]{2}(?:率|比例|比重|面积|规模|人数|数量|收入)|水平|数)$", last
            )
            if head is None:
                return None
            out.append(part + head.group())
    return [*out, last]
