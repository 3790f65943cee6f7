"""VMAF of each rendition against its source: `python -m bench.quality [CLIP]` prints a table.

Without a clip of one's own it makes one. Each rendition is scaled to the source's size, as a player
fills a screen (https://github.com/Netflix/vmaf).
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.clips import natural
from playout.transcode.encode.encode import EncodeRequest, encode
from playout.transcode.encode.ladder import ladder_for
from playout.transcode.encode.tracks import Track
from playout.transcode.inspect.probe import VideoStream, probe
from playout.transcode.trial import find_tools

SIZE, SECONDS = "1920x1080", 6


def main(arguments: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = (
            Path(arguments[0]).absolute()
            if arguments
            else natural(folder / "source.mp4", SIZE, SECONDS)
        )
        tools = find_tools()
        found = probe(source, tools)
        rungs = ladder_for(found.video)
        made = encode(source, found, EncodeRequest(rungs), folder, tools)
        table = Table("rendition", "kbit/s", "VMAF", "worst 1 %")
        for rung, track in zip(rungs, made.tracks, strict=True):
            table.add_row(rung.name, *_judged(source, found.video, track))
        Console().print(table)


def _judged(source: Path, picture: VideoStream, track: Track) -> list[str]:
    scores = sorted(_vmaf(source, f"{picture.width}:{picture.height}", track.file))
    mean = sum(scores) / len(scores)
    rate = track.file.stat().st_size * 8 / track.fragments.seconds / 1000
    return [f"{rate:,.0f}", f"{mean:.1f}", f"{scores[len(scores) // 100]:.1f}"]


def _vmaf(source: Path, size: str, rendition: Path) -> list[float]:
    """The score of each picture."""
    log = rendition.with_suffix(".json")
    graph = (
        f"[0:v]scale={size}:flags=bicubic,setpts=PTS-STARTPTS[made];"
        "[1:v]setpts=PTS-STARTPTS[source];"
        f"[made][source]libvmaf=log_fmt=json:log_path={log}:n_threads=2"
    )
    line = [str(find_tools().ffmpeg), "-v", "error", "-i", str(rendition), "-i", str(source)]
    subprocess.run([*line, "-lavfi", graph, "-f", "null", "-"], check=True)
    return [frame["metrics"]["vmaf"] for frame in json.loads(log.read_text())["frames"]]


if __name__ == "__main__":
    main(sys.argv[1:])
