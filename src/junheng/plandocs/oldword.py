"""旧版 Word 读入: .doc and .rtf by a converter this machine has; nothing is sent anywhere."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from junheng.plandocs.refusal import UnreadableDocument
from junheng.plandocs.source import Document

SECONDS = 120
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BOOK = "Workbook".encode("utf-16-le")
_SLIDES = "PowerPoint Document".encode("utf-16-le")


def _text_by(command: list[str], out: Path | None) -> str:
    """What a converter writes; empty where it fails or takes too long."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ""
    if out is not None:
        return out.read_text(encoding="utf-8", errors="replace") if out.exists() else ""
    return done.stdout.decode("utf-8", errors="replace") if done.returncode == 0 else ""


def read_doc(data: bytes, name: str) -> Document:
    """旧版 Word 读入: by LibreOffice, antiword or catdoc, whichever is installed. Raises UnreadableDocument with a sentence."""
    if _ENCRYPTED in data:
        raise UnreadableDocument(f"“{name}”设了打开密码，请去掉密码后再上传。")
    if _BOOK in data:
        raise UnreadableDocument(f"“{name}”是 Excel 工作簿，不是文字文件，请上传计划正文。")
    if _SLIDES in data:
        raise UnreadableDocument(f"“{name}”是演示文稿，不是文字文件，请上传计划正文。")
    suffix = ".rtf" if data.startswith(b"{\\rtf") else ".doc"
    with tempfile.TemporaryDirectory() as folder:
        # The name is ours: a user's file name never reaches a command line.
        given, made = Path(folder, "plan" + suffix), Path(folder, "plan.txt")
        given.write_bytes(data)
        office = shutil.which("soffice") or shutil.which("libreoffice")
        converters: list[tuple[list[str], Path | None]] = []
        if office:
            profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
            options = [
                "--headless",
                "--norestore",
                "--convert-to",
                "txt:Text (encoded):UTF8",
                "--outdir",
                folder,
            ]
            converters.append(([office, profile, *options, str(given)], made))
        for tool, options in (
            ("antiword", ["-m", "UTF-8.txt", "-w", "0"]),
            ("catdoc", ["-d", "utf-8", "-w"]),
        ):
            found = shutil.which(tool) if suffix == ".doc" else None
            if found:
                converters.append(([found, *options, str(given)], None))
        for command, out in converters:
            text = _text_by(command, out)
            if text.strip():
                note = "旧版 Word 文档已在本机转换读入，自动编号和表格可能有出入，请对照原件核对。"
                return Document(name, text.lstrip("\ufeff"), suffix[1:], (), (note,))
    kind = "RTF 文档" if suffix == ".rtf" else "旧版 Word（.doc）或 WPS 文档"
    if converters:
        raise UnreadableDocument(
            f"“{name}”是{kind}，本机的转换程序未能读出文字，请用 Word 或 WPS 另存为 .docx 后上传。"
        )
    raise UnreadableDocument(
        f"“{name}”是{kind}，本机没有安装转换程序，请用 Word 或 WPS 另存为 .docx 后上传。"
    )
