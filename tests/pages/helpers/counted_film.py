"""A film whose pictures bear their number, and its streams, of which the best is the source."""

import subprocess
from pathlib import Path

from playout.transcode.encode.encode import EncodeRequest, encode
from playout.transcode.encode.ladder import ladder_for
from playout.transcode.encode.package import make_playable
from playout.transcode.encode.top_rendition import rungs_below, segment_starts
from playout.transcode.encode.tracks import Track
from playout.transcode.inspect.probe import probe
from playout.transcode.manifests.hls import media_playlist
from playout.transcode.manifests.streams import QUERY_PLACEHOLDER
from playout.transcode.names import TrackKind
from playout.transcode.trial import find_tools

SECONDS, RATE = 12, 25
BITS = 10
NUMBERS = r"geq=lum=16+219*mod(floor(N/pow(2\,X))\,2):cb=128:cr=128,scale=640:64:flags=neighbor"
SOURCE = (
    *("-f", "lavfi", "-i", f"color=gray:s={BITS}x1:r={RATE}:d={SECONDS},format=yuv444p,{NUMBERS}"),
    *("-f", "lavfi", "-i", f"testsrc2=s=640x296:r={RATE}:d={SECONDS}"),
    *("-f", "lavfi", "-i", f"sine=r=48000:d={SECONDS}", "-filter_complex", "[1][0]vstack"),
    *(
        "-map",
        "2:a",
        "-c:a",
        "aac",
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-pix_fmt",
        "yuv420p",
    ),
    *("-bf", "2", "-g", "50", "-keyint_min", "50", "-sc_threshold", "0", "-flags", "+cgop"),
)


def make_counted_film(folder: Path) -> list[int]:
    """Write `master.m3u8` and all that it names, and return the heights of its streams.

    The bottom of each picture is a row of black and white fields: the bits of its number.
    """
    folder.mkdir()
    tools, source = find_tools(), folder / "source.mp4"
    command = [tools.ffmpeg, "-v", "error", "-nostdin", *SOURCE, source]
    subprocess.run(command, check=True)
    found = probe(source, tools)
    top, sound = make_playable(source, found, folder, tools).tracks
    assert top.is_aligned, "the source is not the top rendition"
    rungs = rungs_below(ladder_for(found.video), top.fragments.codecs)
    request = EncodeRequest(rungs, preset="ultrafast", cuts=segment_starts(top.fragments))
    lower = encode(source, found, request, folder, tools).tracks
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    lines += ['#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="sound",DEFAULT=YES,URI="audio.m3u8"']
    for track in (*lower, top, sound):
        playlist = media_playlist(track.file.name, track.fragments)
        (folder / f"{track.name}.m3u8").write_text(playlist.replace(QUERY_PLACEHOLDER, ""))
        lines += _variant(track, sound) if track.kind is TrackKind.VIDEO else []
    (folder / "master.m3u8").write_text("\n".join(lines) + "\n")
    return [track.height or 0 for track in (*lower, top)]


def _variant(track: Track, sound: Track) -> list[str]:
    bandwidth = track.file.stat().st_size * 8 // SECONDS
    codecs = f"{track.fragments.codecs},{sound.fragments.codecs}"
    facts = f"BANDWIDTH={bandwidth},RESOLUTION={track.width}x{track.height}"
    return [f'#EXT-X-STREAM-INF:{facts},CODECS="{codecs}",AUDIO="sound"', f"{track.name}.m3u8"]
