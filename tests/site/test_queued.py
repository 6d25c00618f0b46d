"""排队写入: writers of the embedded database wait in a queue, and whatever ends a transaction frees the place."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError
from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no file locks of this kind there")


@pytest.fixture
def writer(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Callable[[], Any]]:
    """Makes connections of their own to one file, as the threads of a server do."""
    options = {"timeout": 0.1, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL;"}
    made = []

    def connect() -> Any:
        place = {"ENGINE": "bureau.queued", "NAME": tmp_path / "file.sqlite3", "OPTIONS": options}
        made.append(ConnectionHandler({"default": place}).create_connection("default"))
        made[-1].inc_thread_sharing()
        return made[-1]

    with django_db_blocker.unblock():
        first = connect()
        first.cursor().execute(
            "CREATE TABLE line (n INTEGER UNIQUE, of INTEGER REFERENCES line (n) DEFERRABLE INITIALLY DEFERRED)"
        )
        yield connect
        for one in made:
            one.close()


def begin(connection: Any) -> None:
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def end(connection: Any, how: str = "commit") -> None:
    getattr(connection, how)()
    if how != "close":
        connection.set_autocommit(True)


def waits(connection: Any) -> tuple[threading.Thread, threading.Event]:
    """A thread that wants to write, and the sign that it has begun."""
    begun = threading.Event()

    def work() -> None:
        begin(connection)
        begun.set()
        end(connection)

    thread = threading.Thread(target=work)
    thread.start()
    return thread, begun


@pytest.mark.parametrize("how", ["commit", "rollback", "close"])
def test_who_waits_is_let_in_when_the_other_ends(writer: Callable[[], Any], how: str) -> None:
    holds, comes = writer(), writer()
    begin(holds)
    thread, begun = waits(comes)
    # Longer than SQLite itself would have waited before it gives up.
    assert not begun.wait(0.4)
    end(holds, how)
    assert begun.wait(60)
    thread.join()


def test_a_commit_that_fails_keeps_the_place_until_it_is_rolled_back(writer: Callable[[], Any]) -> None:
    holds, comes = writer(), writer()
    holds.cursor().execute("PRAGMA foreign_keys=ON")
    begin(holds)
    holds.cursor().execute("INSERT INTO line VALUES (1, 7)")
    with pytest.raises(IntegrityError):
        holds.commit()
    thread, begun = waits(comes)
    assert not begun.wait(0.2)
    end(holds, "rollback")
    assert begun.wait(60)
    thread.join()


def test_a_transaction_that_cannot_begin_leaves_the_queue(writer: Callable[[], Any]) -> None:
    outside, comes = writer(), writer()
    # Somebody who does not know the queue, as a backup program may.
    outside.cursor().execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError):
        begin(comes)
    outside.cursor().execute("COMMIT")
    begin(comes)
    end(comes)


def test_a_killed_process_leaves_the_queue(writer: Callable[[], Any]) -> None:
    comes = writer()
    place = f"{comes.settings_dict['NAME']}-queue"
    program = f"import fcntl, time; f = open({place!r}, 'w'); fcntl.flock(f, fcntl.LOCK_EX); print('in', flush=True); time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"in\n"
        thread, begun = waits(comes)
        assert not begun.wait(0.2)
        other.kill()
        assert begun.wait(60)
    thread.join()


def test_many_writers_lose_nothing(writer: Callable[[], Any]) -> None:
    def work(first: int) -> None:
        connection = writer()
        for number in range(first, first + 25):
            begin(connection)
            connection.cursor().execute("INSERT INTO line VALUES (%s, NULL)", [number])
            end(connection)

    threads = [threading.Thread(target=work, args=(100 * n,)) for n in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cursor = writer().cursor()
    assert cursor.execute("SELECT count(*) FROM line").fetchone() == (200,)
