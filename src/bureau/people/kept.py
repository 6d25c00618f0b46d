"""存文件: sealed files in the DATA folder, kept under the SHA-256 of what was uploaded.

The same file is kept once, and any change to it shows when it is opened. Below `registry`, because every room keeps files.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings

from bureau.people.rules import Refused
from bureau.people.secret import seal_bytes, unseal_bytes

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Upload:
    """待存的文件."""

    name: str
    content: bytes

    @property
    def short_name(self) -> str:
        """The name without folders, not longer than a column."""
        return Path(self.name.replace("\\", "/")).name[-LONGEST_NAME:]


def keep(room: str, content: bytes) -> str:
    """Keep bytes below DATA/`room`; answers their SHA-256. Safe against a crash: the file is whole or absent."""
    sha256 = hashlib.sha256(content).hexdigest()
    place = place_of(room, sha256)
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=place.parent, delete=False) as handle:
            handle.write(seal_bytes(content))
            handle.flush()
            os.fsync(handle.fileno())
        Path(handle.name).replace(place)
    return sha256


def open_kept(room: str, sha256: str, name: str) -> bytes:
    """The bytes again. Raises Refused when they are not what was uploaded. Whoever calls logs the look."""
    data = unseal_bytes(place_of(room, sha256).read_bytes())
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Refused(f"“{name}”与上传时的指纹不符，文件可能被改动，请联系系统管理员")
    return data


def place_of(room: str, sha256: str) -> Path:
    """Where it lies."""
    return Path(settings.DATA) / room / sha256[:2] / sha256
