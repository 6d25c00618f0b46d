"""What the command line says by itself: help, complaints and files that cannot be opened, in Chinese."""

import errno
import os
import re

import pytest

from junheng.cli import COMMANDS, main
from junheng.cli.refusals import why


@pytest.mark.parametrize("command", ["", *(name.replace("_", "-") for name in COMMANDS)])
def test_help_speaks_chinese(command, capsys):
    with pytest.raises(SystemExit) as left:
        main([*command.split(), "--help"])
    said = capsys.readouterr().out
    assert left.value.code == 0
    assert said.startswith("用法：")
    assert "显示这段说明" in said
    assert not re.search(r"usage|positional|options|show this|optional", said)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "缺少 COMMAND"),
        (["aid", "x.csv"], "缺少 --on 或 --term"),
        (["aid", "x.csv", "--on", "2018-10-01", "--term", "2018秋"], "--term 不能和 --on 同时用"),
        (["prove", "--mystery"], "不认识的参数 --mystery"),
    ],
)
def test_wrong_use_is_said_in_chinese(arguments, sentence, capsys):
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert capsys.readouterr().err.startswith(sentence)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["template", "学校", "--out", "{0}"], "这是文件夹"),
        (["template", "学校", "--out", "{0}/no/x.xlsx"], "没有这个文件或文件夹"),
        (["verify-log", "{0}"], "这是文件夹"),
        (["restore", "{0}/no.tar.gz"], "没有找到备份"),
    ],
)
def test_a_file_that_cannot_be_opened_is_said_in_chinese(arguments, sentence, tmp_path, capsys):
    assert main([one.format(tmp_path) for one in arguments]) == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert not re.search(r"Errno|directory|such", said)


def test_an_error_without_words_keeps_its_number():
    assert why(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))) == "磁盘已满"
    assert why(OSError(errno.EPROTO, "x")) == f"系统错误 {errno.EPROTO}"
