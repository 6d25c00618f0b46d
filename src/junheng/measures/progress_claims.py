"""填报与计算的差异: a typed figure beside the computed one, with a tolerance that follows from how it was typed."""

from dataclasses import dataclass

from junheng.measures.progress_model import shown
from junheng.measures.rates_model import Value


@dataclass(frozen=True, slots=True)
class Claim:
    """填报: `difference` is claimed − computed. `agrees` None: there is nothing to compare with."""

    claimed: float
    computed: float | None
    difference: float | None
    tolerance: float
    agrees: bool | None
    sentence: str


def claim_difference(
    claimed: float, computed: Value | float | None, *, unit: str = "%", decimals: int | None = None
) -> Claim:
    """填报与计算之差. The tolerance is half a unit of the last digit typed (95.5 → 0.05); counts have none.

    `decimals` is the number of digits typed behind the point; None reads it off the number.
    """
    value = computed.value if isinstance(computed, Value) else computed
    digits = _digits(claimed) if decimals is None else decimals
    counted = unit in ("人", "名", "所", "个", "项", "间")
    tolerance = 0.0 if counted else 0.5 * 10.0**-digits
    typed = f"填报{shown(claimed, max(digits, 2))}{unit}"
    if value is None:
        why = "；".join(computed.missing) if isinstance(computed, Value) else ""
        return Claim(
            claimed,
            None,
            None,
            tolerance,
            None,
            f"{typed}，没有可以核对的计算值" + (f"：{why}" if why else ""),
        )
    difference = claimed - value
    agrees = abs(difference) <= tolerance + 1e-9 * max(1.0, abs(value))
    places = max(digits, 2)
    found = f"系统按登记数据计算为{shown(value, places)}{unit}{_evidence(computed)}"
    if agrees:
        return Claim(claimed, value, difference, tolerance, True, f"{typed}，{found}，一致")
    word = "高" if difference > 0 else "低"
    points = "个百分点" if unit == "%" else unit
    sentence = f"{typed}，{found}，填报{word}{_apart(difference, places)}{points}，请核对数据或说明口径"
    return Claim(claimed, value, difference, tolerance, False, sentence)


def _digits(number: float) -> int:
    text = repr(float(number))
    return 0 if text.endswith(".0") or "e" in text else len(text.partition(".")[2])


def _apart(difference: float, places: int) -> str:
    """The difference with as many digits as it takes to be seen."""
    while places < 12 and float(shown(abs(difference), places)) == 0:
        places += 1
    return shown(abs(difference), places)


def _evidence(computed: Value | float | None) -> str:
    if not isinstance(computed, Value) or computed.numerator is None or computed.denominator is None:
        return ""
    blank = f"，{computed.unreported}{computed.unreported_unit}未报" if computed.unreported else ""
    return f"（{shown(computed.numerator)}÷{shown(computed.denominator)}{blank}）"
