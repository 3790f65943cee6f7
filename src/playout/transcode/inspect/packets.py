"""The times of all packets of a file, as ffmpeg sees them: what it lists is what it will encode.

Headers may lie, and timestamps may restart in the middle. ffmpeg goes on where they restart, so the
times are taken from ffmpeg itself, and never from a header.
"""

import re
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from statistics import median

from playout.transcode.errors import MediaRejected
from playout.transcode.ffmpeg import input_options
from playout.transcode.inspect.sniff import Container
from playout.transcode.sandbox.run import never_cancelled, run
from playout.transcode.sandbox.tools import Tools

_BYTES_PER_SECOND = 20_000_000
"""The least speed at which a file is read. A large file may take longer than other probes."""
_KEY, _DISCARD = 1, 4
_UNKNOWN = -(2**63)
"""The spelling of a time that ffmpeg does not know."""
_FARTHEST = 10.0
"""Seconds between decoding and presentation from which on the latter must be damaged."""
_JUMP = re.compile(r"timestamp discontinuity \(stream id=-?\d+\): (-?\d+), ")
"""The line that ffmpeg logs where times jump and it goes on, with the microseconds of the jump."""
_PARAMETER_SETS = {"h264": 7, "hevc": 33, "av1": 1}
"""The type of the units that say how large pictures are, and whether they are interlaced."""


@dataclass(slots=True)
class Packets:
    """The packets of one stream, in seconds from the beginning of the file."""

    tick: float = 1.0
    count: int = 0
    start: float = 0.0
    """The time of the first picture or sound that can be decoded."""
    end: float = 0.0
    """The time at which the last packet has been presented."""
    last_decoding: float = 0.0
    """The decoding time of the packet that comes last in the file."""
    has_discarded: bool = False
    """True if an edit list leaves out packets that others are decoded from."""
    lacks_times: bool = False
    """True if the file tells of some packets only when they are decoded, not when presented."""
    has_misplaced: bool = False
    """True if the times of some packets are damaged."""
    times: "array[float]" = field(default_factory=lambda: array("d"))
    """The times at which packets are presented, in their order in the file."""
    key_times: "array[float]" = field(default_factory=lambda: array("d"))
    parameter_sets: set[str] = field(default_factory=set)
    """Checksums of the parameters of the stream: two if they change midway, however often."""
    bytes: int = 0
    has_closed_groups: bool = True
    """True if no packet is presented before the key frame that it follows."""

    @property
    def longest_gap(self) -> float:
        """The longest time by which a packet comes later, or earlier, than is usual.

        The durations of packets tell nothing: some containers stretch the last one before a gap.
        """
        steps = array("d", (after - before for before, after in pairwise(self.times)))
        usual = median(steps) if steps else 0
        return max((abs(step - usual) for step in steps), default=0.0)

    @property
    def bitrate(self) -> int:
        """Bits per second."""
        seconds = self.end - self.start
        return round(self.bytes * 8 / seconds) if seconds > 0 else 0

    def add(
        self, decoding: float, time: float, duration: float, *, size: int, is_key: bool
    ) -> None:
        """Add the packet that comes next."""
        if self.count == 0:
            self.start = time
        self.count += 1
        self.end = max(self.end, time + duration)
        self.last_decoding = decoding
        self.times.append(time)
        self.bytes += size
        if is_key:
            self.key_times.append(time)
        elif self.key_times and time < self.key_times[-1]:
            self.has_closed_groups = False

    def add_parameters(self, checksum: str) -> None:
        """Add the checksum of parameters that a packet brings."""
        if len(self.parameter_sets) < 2:
            self.parameter_sets.add(checksum)


@dataclass(frozen=True, slots=True)
class PacketList:
    """The packets of the video stream of a file, and of its audio streams."""

    video: Packets
    audio: list[Packets]
    jumps: list[float]
    """The seconds by which times jump wherever ffmpeg goes on: below 0 if they jump back. Of very
    many jumps, these are the last ones."""

    @property
    def ends(self) -> list[float]:
        """The end of each stream, in seconds."""
        return [each.end for each in (self.video, *self.audio)]


def list_packets(
    source: Path,
    container: Container,
    video: tuple[int, str],
    audio: Sequence[int],
    tools: Tools,
    *,
    options: Sequence[str] = (),
    cancelled: Callable[[], bool] = never_cancelled,
) -> PacketList:
    """Return the packets of a local file: `video` is a stream's index and codec, `audio` indexes.

    `options` are further ones of ffmpeg for reading it.
    Video packets before the first key frame are left out. Raise `WorkCancelled`. Raise
    `MediaRejected` if the file takes too long to read, has too many packets, or makes ffmpeg crash.
    """
    index, codec = video
    units = _PARAMETER_SETS.get(codec)
    maps = ["-map", f"0:{index}"] + [part for each in audio for part in ("-map", f"0:{each}")]
    if units:
        maps += ["-map", f"0:{index}", "-bsf:v:1", f"filter_units=pass_types={units}"]
    options = [*_longer_than_allowed(tools), *options]
    command = [
        *(str(tools.ffmpeg), "-hide_banner", "-nostdin", "-v", "warning"),
        *input_options(source.absolute(), container, tools, options),
        *(*maps, "-c", "copy", "-max_muxing_queue_size", "65536", "-f", "framecrc", "pipe:1"),
    ]
    streams = [Packets() for _ in range(len(audio) + (2 if units else 1))]
    reader = _Reader(streams, streams[-1] if units else None, tools.limits.packets)
    seconds = tools.limits.probe_seconds + source.stat().st_size / _BYTES_PER_SECOND
    completed = run(
        command,
        tools.confinement(seconds),
        readable=[tools.ffmpeg, source.absolute()],
        on_line=reader.read_line,
        cancelled=cancelled,
    )
    if completed.returncode > 128:
        # A signal ended ffmpeg: what it listed until then is not the whole file.
        raise MediaRejected("Playout cannot read this video: the file is damaged or incomplete.")
    if streams[0].count == 0:
        raise MediaRejected("Not one picture of this video can be read: the file is damaged.")
    if units:
        streams[0].parameter_sets = streams.pop().parameter_sets
    jumps = [int(jump) / 1_000_000 for jump in _JUMP.findall(completed.stderr)]
    return PacketList(streams[0], streams[1:], jumps)


def _longer_than_allowed(tools: Tools) -> list[str]:
    """Return the option that lists a little more than a video may last, to tell that it does."""
    return ["-t", str(tools.limits.duration_seconds + 60)]


@dataclass(slots=True)
class _Reader:
    """A reader of the lines of ffmpeg's `framecrc` format."""

    streams: list[Packets]
    parameters: Packets | None
    most_packets: int
    """The number of packets that it reads before it raises `MediaRejected`."""
    count: int = 0

    def read_line(self, line: str) -> None:
        if line.startswith("#tb "):
            number, _, base = line[4:].partition(": ")
            self.streams[int(number)].tick = float(Fraction(base.strip()))
        elif not line.startswith("#"):
            self._read_packet(line)

    def _read_packet(self, line: str) -> None:
        fields = line.split(",", 7)
        if len(fields) < 6:
            return
        self.count += 1
        if self.count > self.most_packets:
            raise MediaRejected("This video has more packets than Playout accepts.")
        stream = self.streams[int(fields[0])]
        if stream is self.parameters:
            stream.add_parameters(fields[4] + fields[5])
            return
        rest = fields[6:]
        flags = int(rest[0].strip()[2:], 16) if rest and rest[0].lstrip()[:2] == "F=" else _KEY
        if "New Extradata" in line:
            self.streams[0].add_parameters(fields[5])
        if flags & _DISCARD:
            stream.has_discarded = True
            return
        decoding, time = int(fields[1]), int(fields[2])
        stream.lacks_times = stream.lacks_times or time == _UNKNOWN
        known = [each for each in (time, decoding) if each != _UNKNOWN]
        if known:
            time, decoding, tick = known[0], known[-1], stream.tick
            if abs(time - decoding) * tick > _FARTHEST:
                time, stream.has_misplaced = decoding, True
            duration = int(fields[3]) * tick
            stream.add(
                decoding * tick,
                time * tick,
                duration,
                size=int(fields[4]),
                is_key=bool(flags & _KEY),
            )


def steps_between(times: Sequence[float]) -> Iterator[float]:
    """Yield the seconds from each time to the next, in the order of time."""
    ordered = sorted(times)
    return (after - before for before, after in pairwise(ordered))
