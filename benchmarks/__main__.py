"""`make bench`: every benchmark of this folder, as one table."""

from importlib import import_module
from pathlib import Path
from typing import Any


def main() -> None:
    for path in sorted(Path(__file__).parent.glob("[a-z]*.py")):
        module = import_module(f"benchmarks.{path.stem}")
        print(f"\n{path.stem}: {(module.__doc__ or '').strip().splitlines()[0]}")
        for row in module.run():
            print(
                "  " + "  ".join(f"{key} {_shown(value)}" for key, value in row.items() if value is not None)
            )


def _shown(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
