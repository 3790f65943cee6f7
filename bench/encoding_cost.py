"""CPU seconds and bytes from a source to all of its renditions, beside bare ffmpeg.

`python -m bench.encoding_cost` prints these lines alone. CPU seconds are those of all processes.
"""

import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from bench.clips import natural, repeated
from bench.measure import Result
from playout.core.media.renditions import rendition_of
from playout.core.processing.ladder import plan_of, runs_of
from playout.kit.clock import utcnow
from playout.kit.ids import uuid7
from playout.transcode.encode.encode import EncodeRequest, encode, encode_command
from playout.transcode.encode.ladder import ladder_for
from playout.transcode.encode.mp4 import write_mp4
from playout.transcode.encode.package import make_playable
from playout.transcode.encode.tracks import Track
from playout.transcode.inspect.probe import Probe, probe
from playout.transcode.names import AUDIO, MP4
from playout.transcode.pictures.picture_set import make_pictures
from playout.transcode.sandbox.tools import Tools
from playout.transcode.trial import find_tools

SIZE, SECONDS, TIMES = "1920x1080", 20, 3
REGULAR = ("-c:v", "libx264", "-preset", "veryfast", "-r", "30", "-g", "60", "-keyint_min", "60")
CAMERA = (*REGULAR, "-sc_threshold", "0", "-b:v", "8M", "-maxrate", "8M", "-bufsize", "8M")
FOREIGN = ("-c:v", "mpeg4", "-r", "30", "-b:v", "8M", "-g", "60")
KEPT_AIM, WHOLE_AIM, BYTES_AIM = 0.55, 1.05, 2.7


def encoding_cost(folder: Path) -> Iterator[Result]:
    """Yield CPU and bytes of a source that is kept, then of one that is encoded whole."""
    # The kernel does not add up the CPU of what ended within bubblewrap.
    tools = replace(find_tools(), bubblewrap=None)
    sources = (("kept", "kept.mp4", CAMERA, KEPT_AIM), ("encoded", "whole.mkv", FOREIGN, WHOLE_AIM))
    for name, file_name, options, aim in sources:
        clip = natural(folder / f"clip-{file_name}", SIZE, SECONDS, *options)
        source = repeated(clip, folder / file_name, TIMES)
        bare = _cpu_of(partial(_bare, source, folder / f"bare-{source.stem}", tools))
        out = folder / f"ours-{source.stem}"
        ours = _cpu_of(partial(_all, source, out, tools))
        stored = sum(file.stat().st_size for file in out.rglob("*") if file.is_file())
        detail = f"{ours:.0f} CPU seconds beside {bare:.0f} s of bare ffmpeg with the whole ladder"
        yield Result(f"CPU, source {name}", ours / bare, aim, "of bare", detail)
        size = source.stat().st_size
        detail = f"{(stored + size) / 1e6:.0f} MB with the source of {size / 1e6:.0f} MB"
        byte_aim = BYTES_AIM if name == "kept" else None
        share = (stored + size) / size
        yield Result(f"bytes, source {name}", share, byte_aim, "of source", detail)


def _cpu_of(work: Callable[[], object]) -> float:
    before = cpu_seconds()
    work()
    return cpu_seconds() - before


def cpu_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _bare(source: Path, folder: Path, tools: Tools) -> None:
    """Encode all rungs and the sound in one run, each scaled from the source, as people do it."""
    folder.mkdir()
    found = probe(source, tools)
    rungs = ladder_for(found.video)
    command = encode_command(source, found, EncodeRequest(rungs), folder, tools)
    first, last = (at for at, each in enumerate(command) if each == "-filter_complex")
    graph = f"[0:{found.video.index}]split={len(rungs)}"
    graph += "".join(f"[s{number}]" for number in range(len(rungs)))
    for number, rung in enumerate(rungs):
        graph += f";[s{number}]scale={rung.width}:{rung.height}:flags=bicubic[v{number}]"
    command[first : last + 2] = ["-filter_complex", graph]
    command += ["-map", "0:a", "-c:a", "aac", "-b:a", "128k", "audio.mp4"]
    subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)


def _all(source: Path, folder: Path, tools: Tools) -> None:
    """Do the work of all jobs on a source, as they do it, and leave the files that they store."""
    out, pictures = folder / "out", folder / "pictures"
    for each in (folder, out, pictures):
        each.mkdir()
    found = probe(source, tools)
    tracks = list(make_playable(source, found, out, tools).tracks)
    _climb(source, found, tracks, folder, tools)
    make_pictures(source, found, pictures, tools)


def _climb(source: Path, found: Probe, tracks: list[Track], folder: Path, tools: Tools) -> None:
    asset, now = uuid7(), utcnow()
    present = {track.name: rendition_of(asset, "", track, now) for track in tracks}
    plan = plan_of(ladder_for(found.video), present)
    for number, run in enumerate(runs_of(plan.rungs, present)):
        out = folder / f"run{number}"
        out.mkdir()
        sound = next((track for track in tracks if track.name == AUDIO), None)
        request = EncodeRequest(
            run, encode_audio=sound is None, measure_loudness=number == 0, cuts=plan.cuts
        )
        for track in encode(source, found, request, out, tools).tracks:
            is_mp4 = track.name == plan.mp4_rung
            tracks.append(write_mp4(track, sound, out / MP4) if is_mp4 else track)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="playout-bench-") as name:
        for each in encoding_cost(Path(name)):
            sys.stdout.write(f"{each.name}: {each.ratio:.2f} {each.unit} ({each.detail})\n")
            sys.stdout.flush()
