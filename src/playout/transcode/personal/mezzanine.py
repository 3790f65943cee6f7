"""The mezzanine: the touched segments of a film in better quality, to be drawn over.

Each rendition has a file of its own, with a fragment for each touched segment, in order.
"""

from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path

from playout.transcode.encode.encode import CUTS_FILE, forced_times
from playout.transcode.encode.filters import rungs_graph, uniform_pictures
from playout.transcode.encode.ladder import Rung
from playout.transcode.encode.source import source_options, streams_in_step
from playout.transcode.errors import MediaRejected
from playout.transcode.ffmpeg import ffmpeg_command, fragmented_mp4_options, run_ffmpeg
from playout.transcode.inspect.fragments import Fragments, read_fragments
from playout.transcode.inspect.probe import Probe
from playout.transcode.personal.cuts import Cut
from playout.transcode.sandbox.run import never_cancelled
from playout.transcode.sandbox.tools import Tools

CRF = 18
_PRESET = "superfast"


def encode_mezzanine(
    source: Path,
    probe: Probe,
    folder: Path,
    tools: Tools,
    *,
    rungs: Sequence[Rung],
    cuts: Sequence[Cut],
    cancelled: Callable[[], bool] = never_cancelled,
) -> list[tuple[Path, Fragments]]:
    """Write a mezzanine for each rung into `folder`; return the files and their layouts.

    Raise `MediaRejected`, `StorageFull` or `WorkCancelled`.
    """
    source, folder = source.absolute(), folder.absolute()
    touched = [cut for cut in cuts if cut.is_touched]
    fps = max(float(rung.fps) for rung in rungs)
    (folder / CUTS_FILE).write_text(forced_times([float(cut.start) for cut in touched], fps))
    run_ffmpeg(
        _command(source, probe, folder, tools, rungs=rungs, cuts=cuts),
        tools,
        folder=folder,
        readable=[source],
        cancelled=cancelled,
    )
    (folder / CUTS_FILE).unlink()
    made = [(file := folder / _name(rung), read_fragments(file)) for rung in rungs]
    if any(len(fragments.sizes) != len(touched) for _, fragments in made):
        raise MediaRejected("Playout cannot cut this video where its template needs it.")
    return made


def _command(
    source: Path,
    probe: Probe,
    folder: Path,
    tools: Tools,
    *,
    rungs: Sequence[Rung],
    cuts: Sequence[Cut],
) -> list[str]:
    graphs = [rungs_graph(probe, rungs)]
    for number, rung in enumerate(rungs):
        graphs.append(f"[v{number}]select='{_selected(cuts, rung)}'[m{number}]")
    command = [
        *ffmpeg_command(tools),
        *source_options(source, probe, tools),
        *streams_in_step(probe),
        *("-filter_complex", uniform_pictures(probe), "-filter_complex", ";".join(graphs)),
    ]
    for number, rung in enumerate(rungs):
        command += ["-map", f"[m{number}]", "-fps_mode", "passthrough"]
        # Without pictures that refer to later ones, the times of decoding are those of showing.
        command += ["-c:v", "libx264", "-preset", _PRESET, "-crf", str(CRF), "-bf", "0"]
        # It is decoded for each viewer: a few more bytes are cheaper than that.
        command += ["-tune", "fastdecode"]
        command += ["-g", "100000", "-forced-idr", "1", "-sc_threshold", "0", "-flags", "+cgop"]
        command += ["-/force_key_frames", f"{folder / CUTS_FILE}"]
        command += ["-threads:v", str(tools.limits.threads)]
        command += fragmented_mp4_options(folder / _name(rung), at_keyframes=True)
    return command


def _selected(cuts: Sequence[Cut], rung: Rung) -> str:
    """Return the expression of the frames of touched segments; neighbours are one range."""
    ranges = []
    for is_touched, group in groupby(cuts, lambda cut: cut.is_touched):
        joined = list(group)
        if is_touched:
            first, end = (round(time * rung.fps) for time in (joined[0].start, joined[-1].end))
            # The film may end a picture later than the cuts, which all renditions share.
            last = "1e9" if joined[-1] is cuts[-1] else str(end - 1)
            ranges.append(f"between(n,{first},{last})")
    return "+".join(ranges)


def _name(rung: Rung) -> str:
    return f"{rung.name}-mezzanine.mp4"
