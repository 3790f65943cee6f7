"""Subtitles in a source, converted into captions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from playout.kit.errors import Invalid, TooLarge
from playout.transcode.encode.source import source_options, streams_in_step
from playout.transcode.errors import MediaRejected
from playout.transcode.ffmpeg import ffmpeg_command, run_ffmpeg
from playout.transcode.inspect.probe import Probe
from playout.transcode.inspect.side_tracks import SideTrack, text_tracks
from playout.transcode.sandbox.run import never_cancelled
from playout.transcode.sandbox.tools import Tools
from playout.transcode.webvtt import WebVttFile, to_webvtt

_DECODERS = "srt,subrip,mov_text,ass,ssa,webvtt,text"


@dataclass(frozen=True, slots=True)
class EmbeddedCaptions:
    """Captions that a source contains."""

    language: str | None
    """A BCP 47 tag."""
    label: str | None
    cues: WebVttFile


@dataclass(frozen=True, slots=True)
class Subtitles:
    """The captions that were made of a source, and notes about those that could not be made."""

    captions: list[EmbeddedCaptions]
    notes: list[str]


def extract_captions(
    source: Path,
    probe: Probe,
    folder: Path,
    tools: Tools,
    *,
    cancelled: Callable[[], bool] = never_cancelled,
) -> Subtitles:
    """Convert the text subtitles of a source, with files in the empty `folder` meanwhile.

    Subtitles that cannot be converted are left out. Raise `StorageFull` or `WorkCancelled`.
    """
    tracks = text_tracks(probe.side_tracks)
    if not tracks:
        return Subtitles([], [])
    source, folder = source.absolute(), folder.absolute()

    def convert(some: Sequence[SideTrack]) -> None:
        command = _command(source, probe, some, folder, tools)
        run_ffmpeg(command, tools, folder=folder, readable=[source], cancelled=cancelled)

    try:
        convert(tracks)
    except MediaRejected:
        # One of them is damaged: the others may not be.
        _convert_each(tracks, convert)
    result = Subtitles([], [])
    for track in tracks:
        try:
            cues = _read(folder / f"{track.index}.vtt")
        except (Invalid, TooLarge, OSError) as error:
            name = f" ({track.language})" if track.language else ""
            reason = "They cannot be read." if isinstance(error, OSError) else str(error)
            result.notes.append(f"Subtitles{name} are left out. {reason}")
        else:
            result.captions.append(EmbeddedCaptions(track.language, track.title, cues))
    return result


def _convert_each(
    tracks: Sequence[SideTrack], convert: Callable[[Sequence[SideTrack]], None]
) -> None:
    for track in tracks:
        try:
            convert([track])
        except MediaRejected:
            continue


def _command(
    source: Path, probe: Probe, tracks: Sequence[SideTrack], folder: Path, tools: Tools
) -> list[str]:
    decoders = ["-codec_whitelist", _DECODERS]
    source_input = source_options(source, probe, tools, decoders)
    command = [*ffmpeg_command(tools), *source_input, *streams_in_step(probe)]
    for track in tracks:
        file = folder / f"{track.index}.vtt"
        command += ["-map", f"0:{track.index}", "-c:s", "webvtt", "-map_metadata", "-1"]
        command += ["-f", "webvtt", "-y", f"file:{file}"]
    return command


def _read(file: Path) -> WebVttFile:
    data = file.read_bytes()
    if b"-->" not in data:
        raise Invalid("There is no text in them.")
    return to_webvtt(data, skips_timeless=True)
