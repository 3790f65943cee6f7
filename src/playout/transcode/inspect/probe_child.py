"""Look into one file with PyAV and print what is found, as one JSON object.

Run by `probe`, inside the sandbox, as `python -I -S probe_child.py <site-packages> '<json>'`.
Standard library and PyAV only; nothing of Playout can be imported. The answer is either the facts
or `{"rejected": "<reason>"}`, whose reasons `probe` turns into sentences.
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
REORDERED = 16
PACKETS_TRIED = 3000


class Rejected(Exception):
    def __init__(self, reason: str, **details: Any) -> None:
        super().__init__(reason)
        self.answer = {"rejected": reason, **details}


def main() -> None:
    if len(sys.argv) < 3:
        return  # a trial: PyAV could be loaded
    try:
        answer = look(json.loads(sys.argv[2]))
    except Rejected as rejected:
        answer = rejected.answer
    except MemoryError:
        answer = {"rejected": "memory"}
    except (FFmpegError, ValueError, ArithmeticError, AssertionError):
        answer = {"rejected": "damaged"}
    print(json.dumps(answer))


def look(question: dict[str, Any]) -> dict[str, Any]:
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
        if question["wants"] == "sound":
            return heard(container, question["decoders"])
        video = chosen_video(container)
        check(video, question)
        audio = chosen_audio(container, question["decoders"])
        video.codec_context.options = {
            "codec_whitelist": options["codec_whitelist"],
            "max_pixels": str(question["max_pixels"]),
        }
        frame, times, keys = first_frame(container, video)
        return {
            "duration_ms": duration_ms(container, video, max(times, default=0)),
            "video": video_facts(video, frame, times[:PACKETS_JUDGED])
            | late(container, video)
            | {"keys_apart_ms": apart_ms(keys, float(video.time_base))},
            "audio": audio_facts(audio) | late(container, audio) if audio else None,
            "language": language(audio) if audio else None,
        }


def heard(container: Any, decoders: list[str]) -> dict[str, Any]:
    """The facts of a file of which the sound alone counts, some of which could be decoded.

    It lasts until the end of its last packet, whatever it declares: pictures wait for it.
    """
    audio = chosen_audio(container, decoders)
    if audio is None:
        raise Rejected("no_sound")
    is_sound, end = False, 0
    for number, packet in enumerate(container.demux(audio)):
        is_sound = is_sound or decoded(packet) is not None
        if not is_sound and number >= PACKETS_TRIED:
            break
        if packet.pts is not None:
            end = max(end, packet.pts + (packet.duration or 0))
    if not is_sound:
        raise Rejected("undecodable")
    seconds = float((end - (audio.start_time or 0)) * audio.time_base)
    return {"duration_ms": seconds * 1000, "audio": audio_facts(audio)}


def chosen_video(container: Any) -> Any:
    """The picture: not a cover, preferably the default stream, then the largest one."""
    covers = Disposition.attached_pic | Disposition.timed_thumbnails
    moving = [s for s in container.streams.video if not s.disposition & covers]
    if moving:
        return max(moving, key=lambda s: (bool(s.disposition & 1), s.width * s.height))
    raise Rejected("no_picture" if container.streams.audio else "nothing")


def chosen_audio(container: Any, decoders: list[str]) -> Any:
    """The sound that ffmpeg would choose; none rather than one that cannot be decoded."""
    best = container.streams.best("audio")
    readable = [
        s
        for s in container.streams.audio
        if s.codec_context and s.codec_context.codec.name in decoders and s.sample_rate
    ]
    return best if best in readable else next(iter(readable), None)


def check(video: Any, question: dict[str, Any]) -> None:
    if video.codec_context is None:
        raise Rejected("codec", codec=video.codec_tag)
    if video.codec_context.codec.name not in question["decoders"]:
        raise Rejected("codec", codec=video.codec_context.name)
    if video.width * video.height > question["max_pixels"]:
        raise Rejected("pixels", width=video.width, height=video.height)


def first_frame(container: Any, video: Any) -> tuple[Any, list[int], list[int]]:
    """One decoded picture; the times of the first packets, and of the key frames among them, in
    ticks."""
    frame, times, keys = None, [], []
    for number, packet in enumerate(container.demux(video)):
        if frame is None:
            frame = decoded(packet)
        time = packet.pts if packet.pts is not None else packet.dts
        if time is not None:
            times.append(time)
            keys += [time] if packet.is_keyframe else []
        if (frame and number >= PACKETS_JUDGED) or number >= PACKETS_TRIED:
            break
    if frame is None:
        raise Rejected("undecodable")
    return frame, times, keys


def apart_ms(keys: list[int], tick: float) -> int | None:
    """The longest time from one key frame to the next; None with too few to tell."""
    steps = [b - a for a, b in pairwise(keys)]
    return round(max(steps) * tick * 1000) if len(steps) >= 2 else None


def decoded(packet: Any) -> Any:
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
        "is_vfr": is_uneven(sorted(times)[:-REORDERED], float(video.time_base)),
        "is_interlaced": bool(frame.interlaced_frame),
        "is_rgb": frame.format.is_rgb,
        "duration_ms": own_duration_ms(video),
    }


def own_duration_ms(stream: Any) -> int | None:
    """What a stream says of itself; Matroska in a tag such as `00:01:30.040000000`."""
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


def late(container: Any, stream: Any) -> dict[str, bool]:
    """Whether the stream starts after the file does, by more than rounding."""
    start = float((stream.start_time or 0) * stream.time_base)
    return {"starts_late": start - (container.start_time or 0) / 1_000_000 > 0.002}


def language(audio: Any) -> str | None:
    tag = str(audio.language or "").lower()
    return tag if len(tag) == 3 and tag.isascii() and tag.isalpha() and tag != "und" else None


def fps(video: Any) -> float | None:
    for rate in (video.average_rate, video.guessed_rate):
        if rate and 0 < rate <= 1000:
            return float(rate)
    return None


def is_uneven(times: list[int], tick: float) -> bool:
    """Whether one in twenty steps is off the usual one by a fifth, and by more than rounding."""
    steps = [(b - a) * tick for a, b in pairwise(times)]
    if len(steps) < 3:
        return False
    usual = median(steps)
    allowed = max(usual / 5, 0.002, 1.5 * tick)
    return sum(abs(step - usual) > allowed for step in steps) > len(steps) / 20


def duration_ms(container: Any, video: Any, last: int) -> Any:
    """As declared; else counted by reading to the end; a single picture lasts its frame."""
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
