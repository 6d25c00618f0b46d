"""密码规则 for Django: the rule itself is `rules.why_not_password`."""

from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from bureau.people.rules import PASSWORD_KINDS, PASSWORD_LENGTH, why_not_password


class PasswordRule:
    """Length, kinds, user name and common passwords, all complaints at once, in Chinese."""

    def __init__(self) -> None:
        self.common = CommonPasswordValidator().passwords

    def validate(self, password: str, user: Any = None) -> None:
        username = getattr(user, "username", "")
        reasons = why_not_password(password, username=username, common=self.common)
        if reasons:
            raise ValidationError(reasons)

    def get_help_text(self) -> str:
        return (
            f"至少 {PASSWORD_LENGTH} 位；大写字母、小写字母、数字、符号至少用 {PASSWORD_KINDS} 种；"
            "不含用户名，不用常见密码。"
        )
