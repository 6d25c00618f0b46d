"""开站: `python -m bureau.manage begin --county 640324 --administrator wang --name 王某`: everything before the first sign-in.

May be run again: what is there stays, and after an upgrade it brings the database and the static files up to date.
"""

import secrets
import string
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from bureau.people import actions, queries, rules
from bureau.people.models import User


class Command(BaseCommand):
    """Migrates, collects static files, loads the county's areas and makes the first administrator."""

    help = "Prepare an installation, or bring it up to date after an upgrade."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--county", action="append", default=[], help="县区代码，可多次")
        parser.add_argument("--administrator", default="", help="第一位系统管理员的用户名")
        parser.add_argument("--name", default="", help="其姓名")

    def handle(self, *args: Any, county: list[str], administrator: str, name: str, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        try:
            if county:
                areas = actions.load_areas(counties=county, at=timezone.now())
                self.stdout.write(f"已载入行政区划 {areas} 个")
            if administrator:
                self._hire(administrator, name)
        except rules.Refused as refusal:
            self.stderr.write(str(refusal))
            raise SystemExit(1) from None
        if not queries.accounts(role="administrator", active=True).exists():
            self.stdout.write("还没有系统管理员，请再运行一次并加上 --administrator 用户名 --name 姓名")

    def _hire(self, username: str, name: str) -> None:
        if User.objects.filter(username=username.lower()).exists():
            self.stdout.write(f"账号“{username}”已有，未改动")
            return
        letters = string.ascii_letters + string.digits
        password = "".join(secrets.choice(letters) for _place in range(13)) + "-7aA"
        actions.create_account(
            username=username,
            display_name=name or "系统管理员",
            role=User.Role.ADMINISTRATOR,
            password=password,
            by=None,
            at=timezone.now(),
        )
        self.stdout.write(f"系统管理员“{username}”的初始密码：{password}（只显示这一次，首次登录须修改）")
