"""备份与恢复: one .tar.gz with the database, the files in DATA and a manifest of SHA-256; keys only when asked for.

database.sqlite3 | database.pgdump   one consistent copy
files/…                              everything else in DATA that cannot be made again
keys/…                               only with keys: whoever holds this archive can then read identifiers
manifest.json                        last, because it lists what was really written
"""

import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from django.conf import settings

from bureau.people.rules import Refused
from bureau.work import dump

MANIFEST = "manifest.json"
KEYS = ("field.key", "lookup.key", "site.key")
# What a start makes again, and what is saved in another way.
NOT_FILES = {"keys", "static", "tmp", ".restore"}


class _Hashing(io.RawIOBase):
    """Hashes what is read through it, so that the manifest lists the bytes that went into the archive."""

    def __init__(self, source: BinaryIO) -> None:
        self.source, self.sha256 = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.source.read(size)
        self.sha256.update(data)
        return data


def fingerprint(key: str) -> str:
    """钥匙指纹: says whether a key belongs to a backup without telling the key."""
    return hashlib.sha256(b"junheng key fingerprint" + key.encode()).hexdigest()[:16]


def fingerprints(folder: Path) -> dict[str, str]:
    """{name: fingerprint} of the keys that make sealed values readable."""
    return {
        name: fingerprint((folder / name).read_text().strip())
        for name in KEYS[:2]
        if (folder / name).is_file()
    }


def why_not_write(to: Path) -> str | None:
    """为什么不能写到这里: a backup never overwrites another."""
    return f"{to} 已存在，请换一个文件名；备份不覆盖旧备份" if to.exists() else None


def back_up(*, to: Path, with_keys: bool, at: datetime) -> dict[str, Any]:
    """备份 while the site is in use; returns the manifest. Nothing is left behind when it fails. Raises Refused."""
    if refusal := why_not_write(to):
        raise Refused(refusal)
    to.parent.mkdir(parents=True, exist_ok=True)
    part = to.with_name(to.name + ".part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as handle:
            manifest = _write(handle, to.parent, with_keys=with_keys, at=at)
            handle.flush()
            os.fsync(handle.fileno())
        part.replace(to)
    except OSError as problem:
        raise Refused(
            f"备份没有写成：{problem.strerror or problem}；请检查 {to.parent} 的空间和权限"
        ) from problem
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _write(handle: BinaryIO, beside: Path, *, with_keys: bool, at: datetime) -> dict[str, Any]:
    listed: list[dict[str, Any]] = []
    with tarfile.open(fileobj=handle, mode="w:gz", compresslevel=5) as archive:
        # The copy is made beside the archive: where there is room for one there is room for both.
        with tempfile.TemporaryDirectory(dir=beside, prefix=".backup-") as folder:
            copied = Path(folder) / dump.name()
            tables, last = dump.copy(copied)
            listed += _add(archive, copied, dump.name())
        # After the database: files are only ever added, so each that the copy names is there.
        for path in _files(settings.DATA):
            listed += _add(archive, path, f"files/{path.relative_to(settings.DATA).as_posix()}")
        if with_keys:
            for name in KEYS:
                listed += _add(archive, settings.DATA / "keys" / name, f"keys/{name}")
        manifest = {
            "format": 1,
            "version": version("junheng"),
            "made_at": at.isoformat(timespec="seconds"),
            "database": dump.name(),
            "tables": tables,
            "with_keys": with_keys,
            "keys": fingerprints(settings.DATA / "keys"),
            "log": {"seq": last[0], "hash": last[1]},
            "files": listed,
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode, entry.mtime = len(text), 0o600, int(at.timestamp())
        archive.addfile(entry, io.BytesIO(text))
    return manifest


def _files(data: Path) -> Iterator[Path]:
    for top in sorted(data.iterdir()):
        if top.name in NOT_FILES or top.name.startswith((".backup-", "junheng.sqlite3")):
            continue
        below = sorted(top.rglob("*")) if top.is_dir() else [top]
        yield from (
            path
            for path in below
            if path.is_file() and not path.is_symlink() and not path.name.endswith((".part", ".tar.gz"))
        )


def _add(archive: tarfile.TarFile, path: Path, name: str) -> list[dict[str, Any]]:
    try:
        with path.open("rb") as source:
            entry = archive.gettarinfo(arcname=name, fileobj=source)
            entry.uid = entry.gid = 0
            entry.uname = entry.gname = ""
            reader = _Hashing(source)
            archive.addfile(entry, reader)
    except FileNotFoundError:
        # Discarded by somebody between listing and reading: then no backup needs it.
        return []
    return [{"path": name, "size": entry.size, "sha256": reader.sha256.hexdigest()}]


def restore(*, source: Path) -> dict[str, Any]:
    """恢复 into an empty install; returns the manifest. Everything is verified before anything is put in place.

    Raises Refused, and then leaves the install as empty as it was.
    """
    refusal = dump.why_not_empty() or _why_not_empty(settings.DATA)
    if refusal:
        raise Refused(refusal)
    settings.DATA.mkdir(parents=True, exist_ok=True)
    folder = settings.DATA / ".restore"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        manifest = _unpack(source, folder)
        _settle_keys(manifest, folder)
        dump.put_back(folder / manifest["database"], manifest["tables"])
        for part in sorted((folder / "files").glob("*")):
            shutil.move(part, settings.DATA / part.name)
    except OSError as problem:
        raise Refused(f"恢复没有完成：{problem.strerror or problem}") from problem
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return manifest


def _why_not_empty(data: Path) -> str | None:
    there = next(_files(data), None) if data.is_dir() else None
    return f"{data} 里已有文件（如 {there.relative_to(data)}）；请换一个空的 DATA 文件夹" if there else None


def _unpack(source: Path, folder: Path) -> dict[str, Any]:
    found: dict[str, str] = {}
    manifest: dict[str, Any] | None = None
    try:
        with tarfile.open(source, "r:gz") as archive:
            for member in archive:
                place = PurePosixPath(member.name)
                if not member.isfile() or place.is_absolute() or ".." in place.parts:
                    raise Refused(f"{source.name} 里有不该有的条目“{member.name}”，不是本系统的备份")
                reader = archive.extractfile(member)
                content = _Hashing(reader)  # type: ignore[arg-type]
                if member.name == MANIFEST:
                    manifest = json.loads(content.read())
                    continue
                target = folder / place
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("wb") as handle:
                    shutil.copyfileobj(content, handle, 1 << 20)
                found[member.name] = content.sha256.hexdigest()
    except (tarfile.TarError, EOFError, ValueError, OSError) as problem:
        raise Refused(f"{source} 不是完整的备份，可能没有写完或已损坏，请换一份") from problem
    if manifest is None or manifest.get("format") != 1:
        raise Refused(f"{source} 里没有清单，不是完整的备份")
    listed = {entry["path"]: entry["sha256"] for entry in manifest["files"]}
    wrong = sorted(name for name in {*listed, *found} if listed.get(name) != found.get(name))
    if wrong:
        raise Refused(f"备份里有 {len(wrong)} 个文件与清单不符，已损坏或被改动，如“{wrong[0]}”")
    if manifest["database"] != dump.name():
        raise Refused(f"备份来自另一种数据库（{manifest['database']}），请把 DATABASE_URL 设成同一种")
    return manifest


def _settle_keys(manifest: dict[str, Any], folder: Path) -> None:
    keys = settings.DATA / "keys"
    if manifest["with_keys"]:
        keys.mkdir(mode=0o700, exist_ok=True)
        for name in KEYS:
            shutil.copyfile(folder / "keys" / name, keys / name)
            (keys / name).chmod(0o600)
    if fingerprints(keys) != manifest["keys"]:
        raise Refused(
            f"备份里没有密钥，{keys} 里的也不是这份备份的密钥。请先把另外保管的 field.key、lookup.key 放进 {keys}，"
            "再恢复；没有它们，证件号和电话无法读出"
        )
