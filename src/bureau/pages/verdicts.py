"""结论 (verdicts) and states as they are shown: word, sign and colour, distinguishable without colour."""

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N

# Word → (class, sign). The word itself is always shown: colour and sign only help.
VERDICTS = {
    N("达标"): ("met", "✓"),
    N("未达标"): ("not-met", "✗"),
    N("临界"): ("near", "!"),
    N("未报"): ("blank", "○"),
    N("不适用"): ("none", "–"),
    N("有效"): ("met", "✓"),
    N("已到期"): ("not-met", "✗"),
    N("未生效"): ("blank", "○"),
    N("条件不符"): ("not-met", "✗"),
    N("待整改"): ("not-met", "○"),
    N("整改中"): ("near", "…"),
    N("已报完成"): ("near", "?"),
    N("与数据矛盾"): ("not-met", "✗"),
    N("已超期"): ("not-met", "!"),
    N("数据已达标，待复核"): ("met", "?"),
    N("已销号"): ("met", "✓"),
    N("待提交"): ("blank", "○"),
    N("待复核"): ("near", "?"),
    N("已退回"): ("not-met", "✗"),
    N("已复核"): ("met", "✓"),
    N("未开始"): ("blank", "○"),
    N("已核对"): ("met", "✓"),
    N("转述"): ("near", "!"),
    N("推算"): ("near", "="),
    N("约定"): ("near", "?"),
    N("排队"): ("blank", "○"),
    N("测算中"): ("near", "…"),
    N("完成"): ("met", "✓"),
    N("失败"): ("not-met", "✗"),
    N("拟稿"): ("blank", "○"),
    N("已发出，待签收"): ("near", "…"),
    N("办理中"): ("near", "…"),
    N("已反馈，待复核"): ("near", "?"),
    N("已撤回"): ("none", "–"),
    N("待签发"): ("near", "…"),
    N("已印发"): ("met", "✓"),
    N("起草中"): ("blank", "○"),
    N("已下达"): ("near", "…"),
    N("评分中"): ("near", "…"),
    N("已公布"): ("met", "✓"),
    N("已办结"): ("met", "✓"),
    N("待启动"): ("blank", "○"),
    N("推进中"): ("near", "…"),
    N("已报完成，待复核"): ("near", "?"),
    N("不再执行"): ("none", "–"),
    N("已达到"): ("met", "✓"),
    N("按进度"): ("met", "↗"),
    N("落后"): ("not-met", "✗"),
    N("无数据"): ("blank", "○"),
    N("未绑定"): ("blank", "○"),
    N("未登记"): ("blank", "○"),
    N("部分登记"): ("near", "…"),
    N("已登记"): ("met", "✓"),
    N("有账号"): ("met", "✓"),
    N("只有姓名"): ("near", "!"),
    N("未指定"): ("blank", "○"),
    N("数据显示已解决，待核实"): ("met", "?"),
    N("已转出"): ("none", "→"),
    N("待核对"): ("near", "?"),
    N("已被取代"): ("none", "–"),
    N("未通过"): ("not-met", "✗"),
    N("正在办理"): ("near", "…"),
    N("已完成"): ("met", "✓"),
    N("已取消"): ("none", "–"),
    N("出了意外"): ("not-met", "✗"),
}


def badge(word: object, *, borderline: bool = False) -> SafeString:
    """达标 ✓ 未达标 ✗ 临界 ! 未报 ○; a borderline verdict says so beside it."""
    text = str(word or "未报")
    kind, sign = VERDICTS.get(text, ("none", "·"))
    shown = f'<span class="verdict {kind}"><span class="sign" aria-hidden="true">{sign}</span>{escape(_(text))}</span>'
    if borderline and text in ("达标", "未达标"):
        shown += f' <span class="verdict near"><span class="sign" aria-hidden="true">!</span>{escape(_("临界"))}</span>'
    return SafeString(shown)
