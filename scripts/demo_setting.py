"""What the parts of `make demo` share: the folder, the port, and one line of progress."""

import gc
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]
DATA = Path(os.environ.get("DATA") or "data").resolve()
PORT = int(os.environ.get("PORT") or "8000")
STARTED = float(os.environ.setdefault("DEMO_STARTED", str(time.monotonic())))


def say(sentence: str) -> None:
    """One line of progress with the seconds since the start."""
    print(f"[{time.monotonic() - STARTED:5.1f} s] {sentence}", flush=True)


def aside() -> None:
    """What runs beside the commits gives way to them: they wait for one another and decide how long all of it takes."""
    os.nice(5)
    unhurried()


def unhurried() -> None:
    """Millions of cells are held at once and nothing in them is circular: Python need not look for circles so often."""
    gc.set_threshold(200_000, 50, 100)


def beside() -> None:
    """A reading or assessing process begins."""
    aside()
    import django

    django.setup()
