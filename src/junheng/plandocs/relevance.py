"""取舍: whether a number with a unit is a quantity at all, and whether it is a target, a count or a norm."""

from __future__ import annotations

import re

from junheng.plandocs.amounts import Amount
from junheng.plandocs.clauses import PART, start_of
from junheng.plandocs.comparators import word_before
from junheng.plandocs.indicators import MADE
from junheng.plandocs.vocabulary import words

TIMELIKE = frozenset(words("年 岁 周岁 届 天 日 周 个月 月 秒钟 年级 工作日 个工作日"))
_COUNTED_IN_WORDS = frozenset(words("个 项 件 条 支 家 对 门 本 节 位 人 户 倍 场 点 头 只"))
_CLASSES = frozenset(words("度 级 类 国 省 市 县 乡 部 号 代 步 档 种 点 班 组 款 期 轮 块 成 园 校"))

# Measure words that count the noun behind them, as against people in a school or years in a post.
_HEADS = frozenset(words("个 所 家 座 项 条 处"))
_TENURE = re.compile(
    "连续|任教|从教|工作|服务|任期|期限|年限|年龄|满|签订|聘期|有效期|任职|从业|周期|学制|累计|缴费|工龄|教龄|保存|龄|经历|经验"
)
_FIXED = re.compile(
    r"(?:小时|分钟)(?:[\u4e00-\u9fff]{0,6}(?:圈|服务|热线|值班|通达|达|不间断|监测|在线))|个一[批律]|个方面|个不|年级|年制|年一贯|"
    r"个代表|天候|个字|条例|类人|个维护|点钟|年期|届[一二三四五六七八九十]+[中次]|届全[国省]|次全[国会]|名工程|名计划|个结合|个一流|人制|次党代会|条措施|个规范"
)
_TIME_WORD = re.compile("[年月日号时分秒级版岁期第条款项元余多左上下以及和]")
_AROUND = re.compile("(?:公里|千米|米|里)(?:的?范围|半径|内|外|处|长的)")
_AGED = re.compile(
    "(?:(?:及)?以[上下])?(?:的)?(?:户籍|常住|农村|城镇|城乡|适龄)?(?:婴|幼|儿童|老年|老人|人口|青少年|未成年|人群|少年|学龄|女性|妇女|孩子|适龄|早期|托育|家庭|组|散居)"
)
_STRUCTURE = re.compile(
    "体系|机制|制度|方面|环节|关键|重点|层面|一|阶段|月|维度|文明|意识|自信|维护|结合|统一|坚持|服务|转变|确立"
)


def quoted(text: str, start: int) -> bool:
    """引号之内: a slogan's number promises nothing."""
    floor = max(text.rfind("\n", 0, start) + 1, start - 40)
    return text.rfind("“", floor, start) > text.rfind("”", floor, start)


def _fixed(amount: Amount, behind: str) -> bool:
    unit = amount.unit
    return _AROUND.match(unit[-2:] + behind) is not None or any(
        _FIXED.match(unit[-size:] + behind) for size in (1, 2)
    )


def wanted(text: str, amount: Amount, begin: int, continues: bool) -> bool:
    """是否数量: slogans, ordinals, classes and fixed phrases are not; `continues` when it goes on with a list."""
    before = text[begin : amount.start]
    unit = amount.unit
    behind = text[amount.end : amount.end + 14]
    if unit in ("%", "‰") or unit.endswith("百分点"):
        return True
    if re.match(r"0\d", text[amount.start : amount.start + 2]) and text[amount.start + 1] != ".":
        return False
    if quoted(text, amount.start) or before.endswith("第") or _fixed(amount, behind):
        return False
    # 每百名学生, 每千人口, 每3公里: the number belongs to the unit of reckoning.
    if re.search("每$|[^以之月日年]前$|^前$", before):
        return False
    if unit == "小时" and amount.value == 24 and not amount.suffix:
        return False
    comparison = word_before(before)
    bound = comparison is not None or bool(amount.suffix) or amount.ranged
    if amount.rare:
        return comparison is not None and comparison[1] != "为" and not _TIME_WORD.search(unit)
    if unit in TIMELIKE:
        return _time_wanted(amount, before, text[amount.stop : amount.stop + 8], bound or continues)
    made = MADE.search(before) is not None
    if not amount.arabic:
        if unit in ("次", "场", "类", "级", "轮") and not (bound and unit in ("次", "场")):
            return False
        if amount.value == 1 and re.match("一[\u4e00-\u9fff]", behind):
            return False  # 一人一档, 一校一策
        if amount.value == 1:
            return bound and (
                comparison is None or comparison[1] not in ("为", "达", "超", "近", "约") or amount.ranged
            )
        if unit in _COUNTED_IN_WORDS:
            return bound or continues or (made and not _STRUCTURE.match(behind))
        return bound or continues or made or unit in ("所", "名", "座")
    # 每年枯水期、丰水期各检测1次: how often, which the deadlines already say.
    if (
        unit == "次"
        and amount.value < 10
        and re.search("每[年月季周学半两三]", text[start_of(text, amount.start, PART) : amount.start])
    ):
        return False
    if unit in _CLASSES and not bound:
        return (made or continues) or (
            unit in ("种", "类", "部", "村", "镇", "班", "组", "站", "县", "园", "校", "点")
            and len(before) > 3
        )
    return True


def _time_wanted(amount: Amount, before: str, behind: str, bound: bool) -> bool:
    unit = amount.unit
    # 3岁以下婴幼儿, 60岁以上老年人: the age is part of the noun.
    if unit in ("岁", "周岁") and _AGED.match(amount.suffix + behind):
        return False
    if (unit in ("日", "月", "周", "年级") and not (unit == "周" and amount.arabic and bound)) or (
        unit in ("年", "天", "届") and not amount.arabic and not bound
    ):
        return False
    if unit == "届" and not bound:
        return False
    if unit == "年" and amount.arabic and amount.value > 200:
        return False
    return bound or _TENURE.search(before[-12:]) is not None or unit in ("岁", "周岁")


def kind_of(amount: Amount, before: str, behind: str, cmp: str) -> str:
    """目标类别: target (result to reach), count (things to make) or norm (condition of a rule)."""
    unit = amount.unit
    if (
        re.search("寿命|受教育年限|平均[^，]{0,6}(?:年限|时间)|时间(?:压缩|缩短|控制)", before)
        and cmp != "between"
    ):
        return "target"
    if unit in TIMELIKE or (unit in ("学时", "课时", "小时", "分钟") and cmp in ("le", "lt")):
        return "norm"
    comparison = word_before(before)
    if unit in ("%", "‰") or unit.endswith("百分点"):
        return "target"
    if re.search("按照?[^，。；]{0,8}每[^，。；]{1,8}$", before[: comparison[0]] if comparison else ""):
        # 按照每百户不少于20平方米配建 is a rule for building, due by no date.
        return "norm"
    below = comparison is not None and comparison[1] in (
        *("不足", "不满", "超过", "超", "低于", "少于", "大于", "高于", "小于", "不到"),
    )
    conditional = (amount.suffix or below) and (
        comparison is None or comparison[2] in ("lt", "gt") or comparison[1] == "为"
    )
    # 3个以上县通过认定 counts the counties; 50人以上的学校 sets a condition for schools.
    counted = unit in _HEADS and not re.search("[\u4e00-\u9fff]{2}", before)
    if conditional and re.match("的?[\u4e00-\u9fff]", behind) and not MADE.search(before) and not counted:
        return "norm"
    if cmp in ("ge", "gt", "le", "lt") and comparison is not None:
        return "target"
    return "count"
