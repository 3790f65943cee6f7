"""From the last uploaded byte to what plays, and to all of its renditions, beside bare ffmpeg."""

import os
import statistics
import subprocess
import time
from pathlib import Path

import psycopg

from bench.clips import natural, repeated
from bench.measure import Rates, Result, by_turns, in_process
from bench.site import Server, create_video, found_organization, put
from playout.core.processing.ladder import runs_of
from playout.kit.database.embedded import EmbeddedPostgres
from playout.transcode.encode.encode import EncodeRequest, encode_command
from playout.transcode.encode.ladder import ladder_for
from playout.transcode.inspect.probe import probe
from playout.transcode.trial import find_tools

MADE = (
    "SELECT status, ladder FROM videos LEFT JOIN assets ON assets.id = asset_id"
    " WHERE videos.id = %s"
)
BUSY = "SELECT FROM procrastinate_jobs WHERE status = 'doing'"
SHORT, LONG = 15, 60
"""Seconds of the clip that is encoded, and of the one that is only copied."""
PLAYABLE_ROUNDS = 5
LADDER_ROUNDS = 3
LOOK = 0.01
ALLOWED = 1.5
"""How many times as long as bare copying it may take, beside the aim in seconds."""


class Bench:
    """Brings files to a server, and sees in its database what has become of them."""

    def __init__(self, server: Server, data_dir: Path, url: str) -> None:
        self._server = server
        self._key, self._project = found_organization(data_dir, "Encoding")
        self._database = psycopg.connect(url, autocommit=True)

    def bring(self, file: Path) -> int:
        """Upload it; return the id of its video once its last byte is answered."""
        video = create_video(self._server, self._key, self._project)
        head = put(f"/api/v1/videos/{video}/source/", self._key, file.stat().st_size)
        in_process("bench.send", {"port": self._server.port, "head": head, "file": str(file)})
        return video

    def until(self, video: int, status: str, *ladders: str | None) -> None:
        """Wait for the video to be that far. Raises `RuntimeError` when it never will be."""
        while True:
            now, ladder = self._database.execute(MADE, (video,)).fetchone() or ("gone", None)
            if now == status and (not ladders or ladder in ladders):
                return
            if "failed" in (now, ladder) or now == "gone":
                raise RuntimeError(f"Video {video}: {now}, ladder {ladder}.")
            time.sleep(10 * LOOK if ladders else LOOK)

    def cancel(self, video: int) -> None:
        """Give its ladder up, and see its pictures made: what comes next has the machine alone."""
        self._server.ask("POST", f"/api/v1/videos/{video}/cancel/", self._key)
        while self._database.execute(BUSY).fetchall():
            time.sleep(LOOK)

    def retry(self, video: int) -> None:
        """Begin with its ladder once more."""
        self._server.ask("POST", f"/api/v1/videos/{video}/retry/", self._key)

    def publish(self, video: int) -> str:
        """Let everybody have it; return the address of its MP4."""
        path = f"/api/v1/videos/{video}/publish/"
        made = self._server.ask("POST", path, self._key, {"visibility": "public"})
        return str(made["video"])


def encoding(server: Server, data_dir: Path, folder: Path) -> tuple[list[Result], str]:
    """Three results, and the address of an MP4 that is public."""
    short = natural(folder / "short.mp4", "1280x720", SHORT)
    long = repeated(short, folder / "long.mp4", LONG // SHORT)
    postgres = EmbeddedPostgres(data_dir / "postgres")
    bench = Bench(server, data_dir, postgres.start())
    try:
        results = [*_climbed(bench, short, folder), _playable(bench, long, folder)]
        video = bench.bring(short)
        bench.until(video, "completed", "ready")
        return results, bench.publish(video)
    finally:
        postgres.stop()


def _playable(bench: Bench, file: Path, folder: Path) -> Result:
    ours, bare = [], []
    for number in range(PLAYABLE_ROUNDS):
        video = bench.bring(file)
        started = time.perf_counter()
        bench.until(video, "completed")
        ours.append(time.perf_counter() - started)
        bench.cancel(video)
        bare.append(_copied(file, folder / f"hls-{number}"))
        os.sync()  # what it has not written to disk yet would be written in our time
    more = statistics.median(one - ALLOWED * other for one, other in zip(ours, bare, strict=True))
    detail = (
        f"{statistics.median(ours):.2f} s from the answer to the upload of {_told(file)} until it"
        f" plays, less {ALLOWED:g} times the {statistics.median(bare):.2f} s of ffmpeg -c copy to"
        f" HLS; {PLAYABLE_ROUNDS} rounds"
    )
    return Result("last byte to playable", more, 0.5, "s", detail)


def _copied(file: Path, folder: Path) -> float:
    folder.mkdir()
    line = [
        *(str(find_tools().ffmpeg), "-v", "error", "-nostdin", "-i", str(file), "-c", "copy"),
        *("-f", "hls", "-hls_segment_type", "fmp4", "-hls_flags", "single_file"),
        *("-hls_time", "2", "-hls_playlist_type", "vod", str(folder / "out.m3u8")),
    ]
    started = time.perf_counter()
    subprocess.run(line, check=True)
    return time.perf_counter() - started


def _climbed(bench: Bench, file: Path, folder: Path) -> list[Result]:
    """The ladder by itself, as its commands are, and as it is with the pictures' job beside it."""
    commands = _commands(file, folder)

    def ours(_: int) -> float:
        video = bench.bring(file)
        bench.until(video, "completed")
        bench.cancel(video)
        started = time.perf_counter()
        bench.retry(video)
        bench.until(video, "completed", "ready")
        return 1 / (time.perf_counter() - started)

    def beside(_: int) -> float:
        video = bench.bring(file)
        bench.until(video, "completed")
        started = time.perf_counter()
        bench.until(video, "completed", "ready")
        return 1 / (time.perf_counter() - started)

    def bare(_: int) -> float:
        os.sync()
        started = time.perf_counter()
        for command in commands:
            subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)
        took = time.perf_counter() - started
        os.sync()
        return 1 / took

    alone, together = (by_turns(LADDER_ROUNDS, side, bare) for side in (ours, beside))
    told = f"every rendition of {_told(file)} stored and announced"
    pictures = f"{told}, its pictures made beside it"
    return [
        Result("ladder", alone.ratio, 1 / 1.08, "×", _ladder_told(told, commands, alone)),
        Result(
            *("ladder beside pictures", together.ratio, None, "×"),
            _ladder_told(pictures, commands, together),
        ),
    ]


def _commands(file: Path, folder: Path) -> list[list[str]]:
    """What a worker runs for that file, to write into the folder."""
    tools = find_tools()
    found = probe(file, tools)
    commands = []
    for number, rungs in enumerate(runs_of(ladder_for(found.video), {})):
        request = EncodeRequest(rungs, encode_audio=number == 0, measure_loudness=number == 0)
        commands.append(encode_command(file, found, request, folder, tools))
    return [[*command[:1], "-y", *command[1:]] for command in commands]


def _ladder_told(what: str, commands: list[list[str]], rates: Rates) -> str:
    ours, bare = (1 / statistics.median(each) for each in (rates.ours, rates.bare))
    return (
        f"{ours:.1f} s beside {bare:.1f} s: {what}, beside the same {len(commands)} commands of"
        f" bare ffmpeg, {LADDER_ROUNDS} rounds"
    )


def _told(file: Path) -> str:
    return f"{file.stat().st_size / 1e6:.0f} MB"
