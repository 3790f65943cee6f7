"""Rows of recipients, parsed while they arrive."""

import pytest

from playout.core.recipients import rows
from playout.kit.errors import Invalid


class TestRows:
    @pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
    def test_pieces_of_any_size_give_the_same_rows(self, size):
        files = {
            rows.CsvRows: 'name,"saved"\r\n"Ä, ""b""\nc",1\r\n\r\nDé,2'.encode(),
            rows.LineRows: '{"reference": "ä"}\r\n\n{"reference": "b"}\n'.encode(),
            rows.ArrayRows: ' [\n{"reference": "ä}]"}\n,\n\n {"reference": "b"} ]\n'.encode(),
        }
        lines = {rows.CsvRows: [2, 5], rows.LineRows: [1, 3], rows.ArrayRows: [2, 5]}
        for kind, content in files.items():
            parser = kind()
            pieces = [content[at : at + size] for at in range(0, len(content), size)]
            found = [row for piece in pieces for row in parser.feed(piece)]
            found += parser.feed(b"", is_last=True)
            assert [row.line for row in found] == lines[kind], kind
            assert not any(row.problem for row in found)

    def test_a_row_that_never_ends_is_not_waited_for(self):
        for kind, begin in ((rows.CsvRows, b'"'), (rows.LineRows, b"{"), (rows.ArrayRows, b"[{")):
            parser = kind()
            with pytest.raises(Invalid):
                list(parser.feed(begin + b" x" * 50_000))

    def test_a_quoted_row_is_bounded_by_its_line_ends_as_well(self):
        content = b'name\n"' + b"\n" * (rows.MOST_CHARACTERS + 10)
        with pytest.raises(Invalid, match="quotation mark"):
            list(rows.CsvRows().feed(content))
