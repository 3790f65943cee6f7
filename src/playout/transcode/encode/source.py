"""The options that read a source, with the decoders that its pictures need."""

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from playout.transcode.ffmpeg import input_options
from playout.transcode.inspect.probe import Probe
from playout.transcode.inspect.restarts import gap_options
from playout.transcode.sandbox.tools import Tools

_ALPHA_DECODERS = {"vp8": "libvpx", "vp9": "libvpx-vp9"}
"""The decoders that know of transparency where ffmpeg's own ones do not."""


def source_options(
    source: Path, probe: Probe, tools: Tools, options: Sequence[str] = ()
) -> list[str]:
    """Return the options that read a probed source.

    Its first picture or sound is then at 0, or that at the position that `options` seek (`-ss`).
    """
    is_shifted = probe.begins_at and "-ss" not in options
    shift = ["-itsoffset", f"{-probe.begins_at:.6f}"] if is_shifted else []
    decoder = _ALPHA_DECODERS.get(probe.video.codec) if probe.video.has_alpha else None
    decoding = [f"-c:{probe.video.index}", decoder] if decoder else []
    gaps = gap_options(probe.longest_gap)
    return input_options(source, probe.container, tools, [*shift, *decoding, *gaps, *options])


def streams_in_step(probe: Probe) -> list[str]:
    """Return an output that is thrown away: it makes ffmpeg read both the picture and the sound.

    Where times jump, all streams that ffmpeg reads go on together, from the end of one of them.
    A stream that it reads alone goes on from its own end, a moment earlier or later each time.
    """
    if not probe.is_joined:
        return []
    audio = probe.audio
    indexes = [probe.video.index, audio and audio.index, audio and audio.right_index]
    maps = [("-map", f"0:{index}") for index in indexes if index is not None]
    return [*chain.from_iterable(maps), "-c", "copy", "-f", "null", "-"]
