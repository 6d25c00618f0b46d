"""标准包的文件: those that come with the program, those of a folder, and one by its path."""

from importlib.resources import files
from pathlib import Path

from junheng.policy.model import PackError


def shipped() -> list[str]:
    """The ids of the packs that come with the program."""
    folder = files("junheng.policy").joinpath("packs")
    return sorted(item.name.removesuffix(".yaml") for item in folder.iterdir() if item.name.endswith(".yaml"))


def text_of(name: str, folders: tuple[Path, ...]) -> str:
    """The YAML of a pack: a path, else an id among `folders`, else a shipped one. Raises PackError."""
    if name.endswith((".yaml", ".yml")):
        path = Path(name)
        if not path.is_file():
            raise PackError([f"没有找到标准包文件“{name}”，请检查路径"])
        return path.read_text(encoding="utf-8")
    for folder in folders:
        path = folder / f"{name}.yaml"
        if path.is_file():
            return path.read_text(encoding="utf-8")
    if name in shipped():
        return files("junheng.policy").joinpath("packs", f"{name}.yaml").read_text(encoding="utf-8")
    raise PackError([f"没有标准包“{name}”，现有：{'、'.join(shipped())}"])
