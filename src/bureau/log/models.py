"""审计日志: one line for each write and for each look at children's data; lines are only ever added."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Verb(models.TextChoices):
    """动作. The closed list of what the log can say; add a line here for a new kind of write."""

    SIGN_IN = "sign_in", _("登录")
    SIGN_OUT = "sign_out", _("退出")
    SIGN_IN_FAILED = "sign_in_failed", _("登录失败")
    LOCK_OUT = "lock_out", _("账号锁定")
    CREATE_ACCOUNT = "create_account", _("新建账号")
    CHANGE_ACCOUNT = "change_account", _("修改账号")
    DEACTIVATE_ACCOUNT = "deactivate_account", _("停用账号")
    REACTIVATE_ACCOUNT = "reactivate_account", _("启用账号")
    RESET_PASSWORD = "reset_password", _("重置密码")
    CHANGE_PASSWORD = "change_password", _("修改密码")
    ADD_SECOND_FACTOR = "add_second_factor", _("启用双因素认证")
    REMOVE_SECOND_FACTOR = "remove_second_factor", _("停用双因素认证")
    LOAD_AREAS = "load_areas", _("载入行政区划")
    VIEW = "view", _("查看名单")
    REVEAL = "reveal", _("查看明文")
    EXPORT = "export", _("导出")
    STAGE_IMPORT = "stage_import", _("上传导入文件")
    COMMIT_IMPORT = "commit_import", _("提交导入")
    UNDO_IMPORT = "undo_import", _("撤销导入")
    DISCARD_IMPORT = "discard_import", _("放弃导入")
    CREATE = "create", _("新建")
    CHANGE = "change", _("修改")
    DELETE = "delete", _("删除")
    RUN = "run", _("计算")
    ASSIGN = "assign", _("交办")
    REPORT = "report", _("填报")
    SUBMIT = "submit", _("提交审核")
    CONFIRM = "confirm", _("复核确认")
    RETURN = "return", _("退回")
    CLOSE = "close", _("销号")
    REOPEN = "reopen", _("重新打开")
    MATCH = "match", _("比对认定")
    AWARD = "award", _("评审资助")
    PUBLISH = "publish", _("公示")
    APPROVE = "approve", _("审批")
    PAY = "pay", _("发放与入账")
    MOVE_CASE = "move_case", _("办理个案")
    HAND_OVER = "hand_over", _("移交个案")
    ATTEND = "attend", _("登记考勤")
    SYNC = "sync", _("手机同步")
    CHECK_PACK = "check_pack", _("核对标准")
    CHANGE_SETTING = "change_setting", _("修改设置")
    BACKUP = "backup", _("备份")
    RESTORE = "restore", _("恢复")


class Entry(models.Model):
    """日志行. `hash` covers the line and the hash before it, so that a changed, missing or inserted line shows.

    The actor is copied as text: a line must still say who it was when the account is gone. The table is not
    managed by Django beyond its creation, so that emptying a database (`flush`) does not meet its triggers.
    """

    seq = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    username = models.CharField(max_length=150, blank=True)
    name = models.CharField(max_length=40, blank=True)
    role = models.CharField(max_length=20, blank=True)
    verb = models.CharField(max_length=40)
    kind = models.CharField(max_length=40, blank=True)
    key = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    address = models.CharField(max_length=45, blank=True)
    # Unique: of two writers that both continued the same line, the database refuses one.
    previous = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        managed = False
        db_table = "log_entry"
        ordering: ClassVar = ["seq"]

    @property
    def verb_words(self) -> str:
        """动作 in the words of the office."""
        return str(Verb(self.verb).label) if self.verb in Verb else self.verb

    def __str__(self) -> str:
        return f"{self.seq} {self.verb} {self.kind} {self.key}"
