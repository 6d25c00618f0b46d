"""Commands about an installed site run in the site's own process: this package never imports it."""

import os
import subprocess
import sys


def manage(*arguments: str, data: str | None) -> int:
    """Run a management command of the site on a DATA folder; its output is ours, its exit code is returned."""
    environment = {**os.environ, **({"DATA": data} if data else {})}
    command = [sys.executable, "-m", "bureau.manage", *arguments]
    return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603
