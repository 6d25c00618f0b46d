"""`make bench`: every benchmark of this folder, or those named (`python -m benchmarks aid sync`), as one table."""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any


def main(wanted: list[str]) -> None:
    # A name with an underscore is a part of a benchmark.
    names = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py") if "_" not in path.stem)
    if strange := [name for name in wanted if name not in names]:
        sys.exit(f"no benchmark {', '.join(strange)}; there are: {', '.join(names)}")
    for name in wanted or names:
        module = import_module(f"benchmarks.{name}")
        print(f"\n{name}: {(module.__doc__ or '').strip().splitlines()[0]}", flush=True)
        for row in module.run():
            print(
                "  " + "  ".join(f"{key} {_shown(value)}" for key, value in row.items() if value is not None)
            )


def _shown(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main(sys.argv[1:])
