"""演示账号: one account per role, named on the sign-in page of a demo installation and nowhere else."""

from dataclasses import dataclass

DEMO_PASSWORD = "Junheng-2026"  # noqa: S105


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """`place` says where the account works: everywhere, county, township or school."""

    username: str
    display_name: str
    role: str
    office: str = ""
    place: str = "everywhere"


DEMO_ACCOUNTS = (
    DemoAccount("leader", "演示局长", "leader"),
    DemoAccount("office", "演示基教科", "office", office="基础教育科"),
    DemoAccount("finance", "演示计财科", "office", office="计划财务科"),
    DemoAccount("school", "演示校长", "school", place="school"),
    DemoAccount("township", "演示乡镇", "township", place="township"),
    DemoAccount("inspector", "演示督学", "inspector", place="county"),
    DemoAccount("auditor", "演示审计", "auditor", place="county"),
    DemoAccount("administrator", "演示管理员", "administrator"),
)
