"""查发放设置: the value that holds, whether a person has said so, and what held before."""

from dataclasses import dataclass

from bureau.payments.models import PaymentSetting
from bureau.payments.setting_rules import BY_NAME, SETTINGS, Setting


@dataclass(frozen=True, slots=True)
class Standing:
    """一项设置现在的值. `saved` newest first; none while the value is assumed."""

    setting: Setting
    value: int
    saved: tuple[PaymentSetting, ...]

    @property
    def newest(self) -> PaymentSetting | None:
        """The saving that holds."""
        return self.saved[0] if self.saved else None


def value(county_code: str, name: str) -> int:
    """现值 of one setting."""
    saved = PaymentSetting.objects.filter(county_code=county_code, name=name).values_list("value", flat=True)
    found = saved.first()
    return BY_NAME[name].assumed if found is None else found


def standing(county_code: str, name: str) -> Standing:
    """现值 with who saved it."""
    return next(one for one in standings(county_code) if one.setting.name == name)


def standings(county_code: str) -> list[Standing]:
    """全部设置 with their history."""
    of: dict[str, list[PaymentSetting]] = {}
    for row in PaymentSetting.objects.filter(county_code=county_code).select_related("by"):
        of.setdefault(row.name, []).append(row)
    return [
        Standing(one, of[one.name][0].value if one.name in of else one.assumed, tuple(of.get(one.name, ())))
        for one in SETTINGS
    ]
