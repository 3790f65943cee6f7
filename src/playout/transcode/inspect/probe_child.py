"""Read one file with PyAV and print its facts as one JSON object.

Usage: `python -I -S probe_child.py <site-packages> '<json>'`, run by `probe.py` in the sandbox. It
uses the standard library and PyAV alone: nothing of Playout can be imported. The JSON holds:

    source        path of the file
    kind          "video" or "audio": what the file has to hold
    format        the demuxer, by ffmpeg's name
    decoders      the decoders that the file may use, by ffmpeg's names
    max_pixels    the largest picture, width times height
    max_streams   the most streams

The answer is a `ProbeAnswer` of `probe.py`: either the facts, or `{"rejected": "<reason>"}`.
"""

import json
import sys
from itertools import pairwise
from statistics import median
from typing import Any

sys.path.append(sys.argv[1])

import av
from av.error import FFmpegError
from av.stream import Disposition

HDR_TRANSFERS = {16, 18}  # PQ and HLG, as numbered by ITU-T H.273
PACKETS_JUDGED = 300
"""The number of packets that tell the frame rate and the interval of key frames."""
PACKETS_REORDERED = 16
"""The number of times left out at the end, because packets that belong between them may follow."""
PACKETS_TRIED = 3000
"""The number of packets that are decoded in search of the first picture or audio."""


class Rejected(Exception):
    """The file is not what it has to be."""

    def __init__(self, reason: str, **details: Any) -> None:
        super().__init__(reason)
        self.answer = {"rejected": reason, **details}


def main() -> None:
    if len(sys.argv) < 3:
        return  # a trial run: it is enough that PyAV could be loaded
    try:
        answer = answer_to(json.loads(sys.argv[2]))
    except Rejected as rejected:
        answer = rejected.answer
    except MemoryError:
        answer = {"rejected": "memory"}
    except (FFmpegError, ValueError, ArithmeticError, AssertionError):
        answer = {"rejected": "damaged"}
    print(json.dumps(answer))


def answer_to(question: dict[str, Any]) -> dict[str, Any]:
    options = {
        "protocol_whitelist": "file",
        "format_whitelist": question["format"],
        "codec_whitelist": ",".join(question["decoders"]),
    }
    with av.open(
        f"file:{question['source']}",
        format=question["format"],
        options=options,
        metadata_errors="replace",
    ) as container:
        if len(container.streams) > question["max_streams"]:
            raise Rejected("streams")
        if question["kind"] == "audio":
            return audio_file_facts(container, question["decoders"])
        return video_file_facts(container, question)


def video_file_facts(container: Any, question: dict[str, Any]) -> dict[str, Any]:
    video = select_video(container)
    check_video(video, question)
    audio = select_audio(container, question["decoders"])
    video.codec_context.options = {
        "codec_whitelist": ",".join(question["decoders"]),
        "max_pixels": str(question["max_pixels"]),
    }
    frame, times, keyframe_times = read_first_packets(container, video)
    facts: dict[str, Any] = {
        "duration_ms": duration_ms(container, video, max(times, default=0)),
        "video": {
            **video_facts(video, frame, times[:PACKETS_JUDGED]),
            "starts_late": starts_late(container, video),
            "keyframe_interval_ms": longest_step_ms(keyframe_times, float(video.time_base)),
        },
    }
    if audio:
        facts["audio"] = {**audio_facts(audio), "starts_late": starts_late(container, audio)}
        facts["language"] = language(audio)
    return facts


def audio_file_facts(container: Any, decoders: list[str]) -> dict[str, Any]:
    """Return the facts of a file of which only the audio counts.

    Its duration is the end of its last packet, whatever the file declares: a video is made longer
    to play all of it.
    """
    audio = select_audio(container, decoders)
    if audio is None:
        raise Rejected("no_audio")
    is_decodable, end = False, 0
    for number, packet in enumerate(container.demux(audio)):
        is_decodable = is_decodable or decode(packet) is not None
        if not is_decodable and number >= PACKETS_TRIED:
            break
        if packet.pts is not None:
            end = max(end, packet.pts + (packet.duration or 0))
    if not is_decodable:
        raise Rejected("undecodable")
    seconds = float((end - (audio.start_time or 0)) * audio.time_base)
    return {"duration_ms": seconds * 1000, "audio": audio_facts(audio)}


def select_video(container: Any) -> Any:
    """Return the video stream: no cover, if possible the default one, then the largest one."""
    covers = Disposition.attached_pic | Disposition.timed_thumbnails
    moving = [s for s in container.streams.video if not s.disposition & covers]
    if moving:
        return max(moving, key=lambda s: (bool(s.disposition & 1), s.width * s.height))
    raise Rejected("no_video" if container.streams.audio else "no_streams")


def select_audio(container: Any, decoders: list[str]) -> Any:
    """Return the audio stream that ffmpeg would choose, or another one that can be decoded."""
    best = container.streams.best("audio")
    readable = [
        s
        for s in container.streams.audio
        if s.codec_context and s.codec_context.codec.name in decoders and s.sample_rate
    ]
    return best if best in readable else next(iter(readable), None)


def check_video(video: Any, question: dict[str, Any]) -> None:
    if video.codec_context is None:
        raise Rejected("codec", codec=video.codec_tag)
    if video.codec_context.codec.name not in question["decoders"]:
        raise Rejected("codec", codec=video.codec_context.name)
    if video.width * video.height > question["max_pixels"]:
        raise Rejected("pixels", width=video.width, height=video.height)


def read_first_packets(container: Any, video: Any) -> tuple[Any, list[int], list[int]]:
    """Return one decoded picture, the times of the first packets, and those of key frames.

    Times are ticks.
    """
    frame, times, keyframe_times = None, [], []
    for number, packet in enumerate(container.demux(video)):
        if frame is None:
            frame = decode(packet)
        time = packet.pts if packet.pts is not None else packet.dts
        if time is not None:
            times.append(time)
            keyframe_times += [time] if packet.is_keyframe else []
        if (frame and number >= PACKETS_JUDGED) or number >= PACKETS_TRIED:
            break
    if frame is None:
        raise Rejected("undecodable")
    return frame, times, keyframe_times


def longest_step_ms(times: list[int], tick_seconds: float) -> int | None:
    """Return the longest step between neighbouring times; None if there are too few to tell."""
    steps = [b - a for a, b in pairwise(times)]
    return round(max(steps) * tick_seconds * 1000) if len(steps) >= 2 else None


def decode(packet: Any) -> Any:
    """Return the first frame of a packet, or None if there is none or it is damaged."""
    try:
        return next(iter(packet.decode()), None)
    except MemoryError:
        raise
    except FFmpegError:
        return None


def video_facts(video: Any, frame: Any, times: list[int]) -> dict[str, Any]:
    rotation = round(-frame.rotation / 90) * 90 % 360
    sar = video.sample_aspect_ratio or 1
    width, height = max(round(frame.width * sar), 1), frame.height
    if rotation in {90, 270}:
        width, height = height, width
    transfers = {video.color_trc, int(frame.color_trc)}
    return {
        "index": video.index,
        "codec": video.codec_context.codec.canonical_name,
        "profile": video.profile,
        "pix_fmt": frame.format.name,
        "width": width,
        "height": height,
        "rotation": rotation,
        "fps": fps(video),
        "is_square": sar == 1,
        "is_hdr": bool(transfers & HDR_TRANSFERS),
        "is_vfr": is_variable(sorted(times)[:-PACKETS_REORDERED], float(video.time_base)),
        "is_interlaced": bool(frame.interlaced_frame),
        "is_rgb": frame.format.is_rgb,
        "duration_ms": stream_duration_ms(video),
    }


def stream_duration_ms(stream: Any) -> int | None:
    """Return the duration that a stream declares; Matroska has a tag: `00:01:30.040000000`."""
    if stream.duration:
        return int(stream.duration * stream.time_base * 1000)
    hours, minutes, seconds = (stream.metadata.get("DURATION", "") + "::").split(":")[:3]
    try:
        return round((int(hours) * 3600 + int(minutes) * 60 + float(seconds)) * 1000)
    except (ValueError, OverflowError):
        return None


def audio_facts(audio: Any) -> dict[str, Any]:
    return {
        "index": audio.index,
        "codec": audio.codec_context.codec.canonical_name,
        "profile": audio.profile,
        "channels": audio.channels,
        "sample_rate": audio.sample_rate,
    }


def starts_late(container: Any, stream: Any) -> bool:
    """Return whether the stream starts after the file does, by more than rounding."""
    start = float((stream.start_time or 0) * stream.time_base)
    return start - (container.start_time or 0) / 1_000_000 > 0.002


def language(audio: Any) -> str | None:
    tag = str(audio.language or "").lower()
    return tag if len(tag) == 3 and tag.isascii() and tag.isalpha() and tag != "und" else None


def fps(video: Any) -> float | None:
    for rate in (video.average_rate, video.guessed_rate):
        if rate and 0 < rate <= 1000:
            return float(rate)
    return None


def is_variable(times: list[int], tick_seconds: float) -> bool:
    """Return whether the steps between times vary.

    They do if more than one step in twenty differs from the median by a fifth, and by more than
    rounding.
    """
    steps = [(b - a) * tick_seconds for a, b in pairwise(times)]
    if len(steps) < 3:
        return False
    usual = median(steps)
    allowed = max(usual / 5, 0.002, 1.5 * tick_seconds)
    return sum(abs(step - usual) > allowed for step in steps) > len(steps) / 20


def duration_ms(container: Any, video: Any, last: int) -> Any:
    """Return the declared duration; if there is none, read to the end to measure it.

    A video lasts for one frame at least. `last` is the highest time of a packet so far, in ticks.
    """
    one_frame: float = 1000 / (fps(video) or 25)
    if container.duration:
        return max(container.duration / 1000, one_frame)
    if video.duration:
        return max(float(video.duration * video.time_base * 1000), one_frame)
    start = video.start_time or 0
    for packet in container.demux(video):
        last = max(last, packet.pts or 0)
    return float((last - start) * video.time_base) * 1000 + one_frame


main()
