"""Files that are damaged, hostile or of another kind: one sentence each, and never a crash."""

import re
import struct
import tracemalloc
import zipfile
from io import BytesIO

import openpyxl
import pytest

from core.intake_files import SCHOOL, SCHOOL_ROW, codes_of, only, table, workbook
from core.old_excel import old_workbook
from junheng.intake import read_files

ROWS = table([SCHOOL_ROW])
GOOD = workbook({"学校": ROWS})
TEXT = "\r\n".join(",".join(map(str, row)) for row in ROWS)


def read_one(data, name="学校.xlsx", **options):
    return read_files([(name, data)], **options)


def the_sentence(data, code, name="学校.xlsx"):
    reading = read_one(data, name)
    assert codes_of(reading) == [code]
    assert reading.sheets == {}
    sentence = reading.problems[0].sentence()
    assert re.search("[\u4e00-\u9fff]", sentence)
    assert not re.search("error|Error|None|Traceback", sentence)
    return sentence


def rebuilt(change):
    """The good workbook with the text of its worksheet changed."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(GOOD)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                data = change(data)
            new.writestr(entry.filename, data)
    return buffer.getvalue()


@pytest.mark.parametrize("data", [b"", b"\r\n\r\n", bytes(100)])
def test_an_empty_file(data):
    assert "文件是空的" in the_sentence(data, "empty")


def test_an_empty_workbook():
    assert "没有内容" in the_sentence(workbook({"Sheet1": []}), "empty")


@pytest.mark.parametrize("cut", [10, 200, len(GOOD) // 2, len(GOOD) - 30])
def test_a_truncated_workbook(cut):
    assert "文件已损坏" in the_sentence(GOOD[:cut], "corrupt")


def test_a_workbook_with_flipped_bytes():
    for place in range(60, len(GOOD), 97):
        data = bytearray(GOOD)
        data[place] ^= 0xFF
        for problem in read_one(bytes(data)).problems:
            assert problem.sentence()


def test_a_zip_version_nobody_knows():
    data = bytearray(GOOD)
    data[data.index(b"PK\x01\x02") + 6] = 255
    assert "文件已损坏" in the_sentence(bytes(data), "corrupt")


def test_a_worksheet_that_is_no_xml():
    assert "文件已损坏" in the_sentence(rebuilt(lambda xml: xml[: len(xml) // 2] + b"<<<<"), "corrupt")


def test_a_password():
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
    assert "密码" in the_sentence(header + "EncryptedPackage".encode("utf-16-le") + bytes(2000), "password")


def test_a_corrupt_old_workbook():
    assert "文件已损坏" in the_sentence(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "corrupt", "学校.xls")


def test_an_old_workbook():
    reading = read_one(old_workbook("学校", ROWS), "学校.xls")
    assert codes_of(reading) == []
    assert reading.sheets["schools"].columns["school_code"] == [SCHOOL]


def test_an_old_workbook_with_cells_in_opposite_corners():
    place = (512 + 1024) + old_workbook("学校", ROWS)[1536:].rindex(struct.pack("<HH", 1, 5))
    data = bytearray(old_workbook("学校", ROWS))
    data[place : place + 4] = struct.pack("<HH", 0xFFFF, 0xFFFF)
    assert "CRXP65536" in the_sentence(bytes(data), "far_cell", "学校.xls")


def test_error_cells_of_an_old_workbook():
    data = bytearray(old_workbook("学校", [[*ROWS[0], "经度"], [*ROWS[1], 1.5]]))
    place = data.rindex(struct.pack("<HHHH", 0x0203, 14, 1, 6))
    data[place : place + 12] = struct.pack("<HHHHHBB", 0x0205, 8, 1, 6, 0, 42, 1)
    data[place + 12 : place + 18] = struct.pack("<HH", 0x0201, 2) + bytes(2)
    assert only(read_one(bytes(data), "学校.xls"), "error_cell").cell == "G2"


def test_an_old_workbook_with_flipped_bytes(capfd):
    good = old_workbook("学校", ROWS)
    places = [*range(30, 80), *range(512, 540), *range(1024, 1280, 3), *range(1536, 2300, 5)]
    for place in places:
        for value in (0, 255):
            data = bytearray(good)
            data[place] = value
            for problem in read_one(bytes(data), "学校.xls").problems:
                assert problem.sentence()
    capfd.readouterr()


def test_an_archive_is_not_a_workbook():
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("学校.xlsx", GOOD)
    assert "请先解压" in the_sentence(buffer.getvalue(), "not_workbook", "全县.zip")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.7 ...", "not_workbook"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not_workbook"),
        ("<html><table><tr><td>学校</td></tr></table></html>".encode("gb18030"), "html"),
        (b"<?xml version='1.0'?><Workbook/>", "xml"),
    ],
)
def test_other_kinds_of_file(data, code):
    the_sentence(data, code, "学校.xls")


def test_a_zip_bomb():
    bomb = rebuilt(lambda xml: xml.replace(b"</sheetData>", b" " * (100 << 20) + b"</sheetData>"))
    assert len(bomb) < 1 << 20
    tracemalloc.start()
    assert "解压后太大" in the_sentence(bomb, "zip_bomb")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50 << 20


def test_a_zip_bomb_that_lies_about_its_size():
    bomb = bytearray(rebuilt(lambda xml: xml.replace(b"</sheetData>", b" " * (100 << 20) + b"</sheetData>")))
    entry = bomb.rindex(b"xl/worksheets/sheet1.xml")
    assert bomb[entry - 46 : entry - 42] == b"PK\x01\x02"
    bomb[entry - 22 : entry - 18] = struct.pack("<I", 1000)
    assert "解压后太大" in the_sentence(bytes(bomb), "zip_bomb")


def test_two_entries_of_one_name():
    buffer = BytesIO(GOOD)
    with zipfile.ZipFile(buffer, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("xl/workbook.xml", "<workbook/>")
    the_sentence(buffer.getvalue(), "zip_bomb")


def test_cells_in_opposite_corners():
    far = rebuilt(
        lambda xml: xml.replace(
            b"</sheetData>",
            b'<row r="1048576"><c r="XFD1048576" t="str"><v>x</v></c></row></sheetData>',
        )
    )
    assert "XFD1048576" in the_sentence(far, "far_cell")


def test_a_million_empty_rows_cost_nothing():
    def fill(xml):
        rows = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (row, row) for row in range(3, 1048577))
        return xml.replace(
            b"</sheetData>", rows + b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
        )

    data = rebuilt(fill)
    tracemalloc.start()
    reading = read_one(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert codes_of(reading) == []
    assert len(reading.sheets["schools"]) == 1
    assert peak < 30 << 20


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode("utf-8"),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("gb18030"),
        TEXT.encode("utf-16"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.replace(",", "\t").encode("utf-16"),
        TEXT.replace(",", ";").encode(),
        TEXT.replace("\r\n", "\n").encode(),
        ("学校基本情况,,,\n\n" + TEXT).encode(),
    ],
)
def test_csv_in_every_usual_encoding(data):
    reading = read_one(data, "学校.csv")
    assert codes_of(reading) == []
    assert reading.sheets["schools"].columns["school_name"] == ["示例第一小学"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (TEXT.encode("utf-8") + b"\xff\xfe\xfd", "encoding"),
        (TEXT.encode("utf-8").decode("latin-1").encode("utf-8"), "encoding"),
        (TEXT.encode("gb18030").decode("latin-1").encode("utf-8"), "encoding"),
        (TEXT.encode("gb18030").decode("utf-8", "replace").encode("utf-8"), "encoding"),
        (TEXT.encode("utf-8") + "终".encode()[:2], "truncated"),
        (TEXT.encode("utf-8") + b'\n"' + b"x" * 40_000, "corrupt"),
    ],
)
def test_csv_in_the_wrong_encoding(data, code):
    sentence = the_sentence(data, code, "学校.csv")
    assert "请在 Excel 中另存为" in sentence


def test_csv_rows_are_numbered_as_excel_does():
    text = TEXT.replace("示例镇", '"示例\n镇"') + "\r\n\r\n" + TEXT.split("\r\n")[1].replace(SCHOOL, "21")
    problem = only(read_one(text.encode(), "学校.csv"), "school_code")
    assert problem.row == 4


def test_error_cells_and_formulas():
    book = openpyxl.Workbook()
    tab = book.active
    tab.title = "学校"
    tab.append([*ROWS[0], "核定公用经费人数", "地址", "经度"])
    tab.append([*ROWS[1], "=SUM(1,2)", "#REF!", "#N/A"])
    tab["H2"].data_type = "e"
    tab["I2"].data_type = "e"
    buffer = BytesIO()
    book.save(buffer)
    reading = read_one(buffer.getvalue())
    assert [(problem.code, problem.cell) for problem in reading.errors] == [
        ("formula_without_result", "G2"),
        ("error_cell", "H2"),
        ("error_cell", "I2"),
    ]
    assert "1 个单元格是公式" in only(reading, "formulas").message
    columns = reading.sheets["schools"].columns
    assert columns["address"] == [None]


def test_the_result_of_a_formula_is_read_and_the_formula_is_not():
    data = rebuilt(
        lambda xml: xml.replace(
            b"</row></sheetData>",
            b'<c r="G2" t="str"><f>cmd|\'/c calc\'!A1</f><v>9</v></c></row></sheetData>',
        ).replace(b'<row r="1"', b'<row r="1"', 1)
    )
    reading = read_one(data)
    assert codes_of(reading) == ["formulas"]


def test_hidden_sheets_are_not_read():
    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active["A1"] = "请填写"
    hidden = book.create_sheet("学校")
    for row in ROWS:
        hidden.append(row)
    hidden.sheet_state = "hidden"
    buffer = BytesIO()
    book.save(buffer)
    assert "隐藏" in only(read_one(buffer.getvalue()), "hidden_tab").message


def test_one_bad_file_does_not_hide_the_others(tmp_path):
    path = tmp_path / "学校.xlsx"
    path.write_bytes(GOOD)
    reading = read_files([("坏.xlsx", b"PK\x03\x04junk"), path])
    assert codes_of(reading) == ["corrupt"]
    assert len(reading.sheets["schools"]) == 1
    assert reading.problems[0].sentence().startswith("坏.xlsx：")
