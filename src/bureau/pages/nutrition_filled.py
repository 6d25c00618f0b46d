"""上传的表: the bytes of an uploaded workbook, unless it is too large to be one."""

from django.core.files.uploadedfile import UploadedFile

from junheng.intake.filled import LARGEST


def content_of(file: UploadedFile[bytes] | None) -> tuple[str, bytes, list[str]]:
    """(name, bytes, problems) of an uploaded file; nothing is read of one that is too large."""
    if file is None:
        return "", b"", ["没有选择文件，请先选择填好的表"]
    if (file.size or 0) > LARGEST:
        return "", b"", [f"文件超过 {LARGEST >> 20} MB，请检查是否选错文件"]
    return file.name or "", file.read(), []
