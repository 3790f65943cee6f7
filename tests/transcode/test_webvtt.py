"""Captions that a user sent are converted into clean WebVTT, or rejected with a reason."""

import contextlib
import time

import pytest

from playout.kit.errors import Invalid, TooLarge
from playout.transcode.webvtt import MAX_BYTES, MAX_CUES, to_webvtt

pytestmark = pytest.mark.slow

HEAD = "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n\n"
SRT = "1\n00:00:01,000 --> 00:00:02,500\nFour days,\none hut.\n"
VTT = "WEBVTT\n\n00:01.000 --> 00:02.500\nFour days,\none hut.\n"
CONVERTED = f"{HEAD}00:00:01.000 --> 00:00:02.500\nFour days,\none hut.\n"


def srt(*texts: str) -> bytes:
    """Return captions of one second each."""
    cues = [
        f"{number}\n00:00:{number:02},000 --> 00:00:{number + 1:02},000\n{text}\n"
        for number, text in enumerate(texts, 1)
    ]
    return "\n".join(cues).encode()


def text_of(line: str) -> str:
    """Return what a line of text becomes."""
    return to_webvtt(srt(line)).text.split("\n")[4]


class TestConvertCaptions:
    @pytest.mark.parametrize(
        "data",
        [
            SRT.encode(),
            VTT.encode(),
            SRT.replace("\n", "\r\n").encode(),
            SRT.replace("\n", "\r").encode(),
            b"\xef\xbb\xbf" + VTT.encode(),
            SRT.encode("utf-16"),
            b"\r\n\n" + SRT.encode() + b"\n\n\n",
            VTT.replace("WEBVTT", "WEBVTT - made by hand\nKind: captions").encode(),
            VTT.replace(
                "\n\n", "\n\nNOTE nothing\n\nSTYLE\n::cue {color: red}\n\nintro\n"
            ).encode(),
        ],
    )
    def test_srt_and_webvtt_become_the_same_file(self, data: bytes) -> None:
        file = to_webvtt(data)
        assert (file.text, file.cue_count) == (CONVERTED, 1)

    def test_converted_file_is_converted_to_itself(self) -> None:
        assert to_webvtt(CONVERTED.encode()).text == CONVERTED

    def test_captions_may_overlap_and_are_in_the_order_of_time(self) -> None:
        late, early = (
            b"2\n00:00:05,000 --> 00:00:09,000\nB\n\n",
            b"1\n00:00:01,000 --> 00:00:08,000\nA",
        )
        assert to_webvtt(late + early).text.split("\n")[4::3] == ["A", "B"]

    def test_only_settings_of_the_place_are_kept(self) -> None:
        settings = "line:0 region:x align:start"
        text = to_webvtt(VTT.replace("02.500", f"02.500 {settings}").encode()).text
        assert "--> 00:00:02.500 line:0 align:start\n" in text

    def test_empty_line_in_srt_ends_no_caption(self) -> None:
        assert to_webvtt(srt("A\n\nB", "C")).cue_count == 2


class TestCleanText:
    @pytest.mark.parametrize(
        ("line", "cleaned"),
        [
            ("<i>Over</i> <b>there</b>", "<i>Over</i> <b>there</b>"),
            ("<v Anna>Yes.", "<v Anna>Yes."),
            ('<font color="#fff">White</font>', "White"),
            ("<script>alert(1)</script>", "alert(1)"),
            ("<img src=x onerror=alert(1)>Hm", "Hm"),
            ("<b onmouseover=alert(1)>Hm</b>", "Hm</b>"),
            ("<v Anna onclick=x>Hm", "Hm"),
            ("<scr<script>ipt>", "&lt;script&gt;"),
            ("<img src=x", "&lt;img src=x"),
            ("5 < 6 & 7 > 2", "5 &lt; 6 &amp; 7 &gt; 2"),
            ("R&amp;D &copy; &lt;", "R&amp;D &amp;copy; &lt;"),
            (r"{\an8}Above", "Above"),
            ("a\x07b\x1b[0m", "ab[0m"),
            ("日本語 العربية", "日本語 العربية"),
        ],
    )
    def test_only_allowed_tags_are_kept(self, line: str, cleaned: str) -> None:
        assert text_of(line) == cleaned


class TestRejectCaptions:
    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", "neither SRT nor WebVTT"),
            (b"WEBVTT\n", "no line says"),
            (b"Hello", "neither SRT nor WebVTT"),
            (b"\xff\xd8\xff\xe0", "UTF-8"),
            ("Größe".encode("latin-1"), "UTF-8"),
            (SRT.encode("utf-16-le"), "NUL"),
            (SRT.encode("utf-16")[:-1], "UTF-8"),
            (SRT.replace("02,500", "2,5").encode(), "Line 2"),
            (SRT.replace("1\n", "one\n").encode(), "Before line 2"),
            (VTT.replace("02.500", "72.500").encode(), "Line 3"),
            (VTT.replace("-->", "->").encode(), "no line says"),
            (VTT.encode() + b"00:03.000 --> 00:04.000\nNo line between\n", "not well-formed"),
            (VTT.replace("02.500", "02.500 size:900%").encode(), "not well-formed"),
            (SRT.replace("02,500", "00,500").encode(), "it should end after it begins"),
            (SRT.replace("02,500", "01,000").encode(), "it should end after it begins"),
            (SRT.replace("00:00:02", "25:00:02").encode(), "it should end after it begins"),
            (SRT.replace("00:00:02", "9" * 5000 + ":00:02").encode(), "Line 2"),
            (b"1\n00:00:01,000 --> 00:00:02,000\n<script>\n", "no caption"),
        ],
    )
    def test_message_says_what_is_wrong(self, data: bytes, reason: str) -> None:
        with pytest.raises(Invalid, match=reason):
            to_webvtt(data)

    def test_more_bytes_or_captions_than_a_film_has_are_rejected(self) -> None:
        with pytest.raises(TooLarge):
            to_webvtt(b"x" * (MAX_BYTES + 1))
        with pytest.raises(Invalid, match="20,000"):
            to_webvtt(b"1\n0:0:1,000 --> 0:0:2,000\nx\n" * (MAX_CUES + 1))

    @pytest.mark.parametrize(
        "unit",
        ["<", "&", "<a", "{\\", "1\n", "-->", "9", "\n", "<v ", "1\n0:0:1,000 --> 0:0:2,000\n"],
    )
    def test_text_that_is_meant_to_take_long_does_not(self, unit: str) -> None:
        began = time.process_time()
        for start in ("", SRT, VTT):
            with contextlib.suppress(Invalid):
                to_webvtt((start + unit * 300_000)[: MAX_BYTES - 1].encode())
        assert time.process_time() - began < 5
