"""结论 (verdicts) and states as they are shown: word, sign and colour, distinguishable without colour."""

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

# Word → (class, sign). The word itself is always shown: colour and sign only help.
VERDICTS = {
    "达标": ("met", "✓"),
    "未达标": ("not-met", "✗"),
    "临界": ("near", "!"),
    "未报": ("blank", "○"),
    "不适用": ("none", "–"),
    "有效": ("met", "✓"),
    "已到期": ("not-met", "✗"),
    "未生效": ("blank", "○"),
    "条件不符": ("not-met", "✗"),
    "待整改": ("not-met", "○"),
    "整改中": ("near", "…"),
    "已报完成": ("near", "?"),
    "与数据矛盾": ("not-met", "✗"),
    "已超期": ("not-met", "!"),
    "数据已达标，待复核": ("met", "?"),
    "已销号": ("met", "✓"),
    "待提交": ("blank", "○"),
    "待复核": ("near", "?"),
    "已退回": ("not-met", "✗"),
    "已复核": ("met", "✓"),
    "未开始": ("blank", "○"),
    "已核对": ("met", "✓"),
    "转述": ("near", "!"),
    "推算": ("near", "="),
    "约定": ("near", "?"),
    "排队": ("blank", "○"),
    "测算中": ("near", "…"),
    "完成": ("met", "✓"),
    "失败": ("not-met", "✗"),
}


def badge(word: object, *, borderline: bool = False) -> SafeString:
    """达标 ✓ 未达标 ✗ 临界 ! 未报 ○; a borderline verdict says so beside it."""
    text = str(word or "未报")
    kind, sign = VERDICTS.get(text, ("none", "·"))
    shown = f'<span class="verdict {kind}"><span class="sign" aria-hidden="true">{sign}</span>{escape(_(text))}</span>'
    if borderline and text in ("达标", "未达标"):
        shown += f' <span class="verdict near"><span class="sign" aria-hidden="true">!</span>{escape(_("临界"))}</span>'
    return SafeString(shown)
