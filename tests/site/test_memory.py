"""内存: only the jobs that hold a register at once put off looking for circles; what makes documents looks as usual."""

import gc

import pytest

from bureau.work import link_tasks, making, tasks
from bureau.work.memory import without_circles


def test_the_usual_comes_back_even_after_a_failure() -> None:
    usual = gc.get_threshold()

    @without_circles
    def fails() -> None:
        assert gc.get_threshold()[0] > usual[0]
        raise ValueError

    with pytest.raises(ValueError):
        fails()
    assert gc.get_threshold() == usual


def test_registers_put_it_off_and_documents_do_not() -> None:
    for job in (tasks.stage_import, tasks.commit_import, tasks.assess, link_tasks.compare_register):
        assert hasattr(job.func, "__wrapped__")
    assert not hasattr(making.make_download.func, "__wrapped__")
