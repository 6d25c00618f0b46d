"""演示账号: in a demo installation only, the sign-in page names the accounts and their one password."""

DEMO_PASSWORD = "Junheng-2026"  # noqa: S105
