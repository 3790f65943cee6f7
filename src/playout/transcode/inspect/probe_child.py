"""Read one file with PyAV and print its facts as JSON.

Usage: `python -I -S probe_child.py <site-packages> '<json>'`, run by `probe_answer.py` in the
sandbox. It uses the standard library and PyAV alone: nothing of Playout can be imported. The JSON
holds:

    source        path of the file
    kind          "video" or "audio": what the file has to hold
    format        the demuxer, by ffmpeg's name
    decoders      the decoders that the file may use, by ffmpeg's names
    max_pixels    the largest picture, width times height
    max_streams   the most streams

The answer, in the last line, is a `ProbeAnswer` of `probe_answer.py`: either the facts, or
`{"rejected": "<reason>"}`. A line before it may hold the `ChosenStreams`.
"""

import json
import struct
import sys
from typing import Any

sys.path.append(sys.argv[1])

import av
from av.error import FFmpegError
from av.stream import Disposition

PACKETS_TRIED = 3000
"""The number of packets that are decoded in search of the first picture and audio."""
AUDIO_PACKETS_TRIED = 200
"""The number of audio packets of which one has to be decodable, if there are as many."""
PLACES_JUDGED = 8
"""The number of places, all over the file, at which pictures are decoded."""
PACKETS_OF_A_PLACE = 60
PICTURES_OF_A_PLACE = 2
COPIED_CODECS = {"h264", "hevc", "av1"}
"""The codecs whose pictures may be copied, and have to be alike for that."""
JOINED_FORMATS = {"mpegts", "mpeg"}
"""Formats whose files may be joined end to end: positions are bytes, as times may restart."""
UNKNOWN = 2  # as ITU-T H.273 numbers it
FrameKind = tuple[tuple[Any, ...], bool]
"""Width, height, format and rotation of a decoded picture, and whether it is interlaced."""


class Rejected(Exception):
    """The file is not what it has to be."""

    def __init__(self, reason: str, **details: Any) -> None:
        super().__init__(reason)
        self.answer = {"rejected": reason, **details}


def main() -> None:
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
        "skip_loop_filter": "all",  # what a picture says counts, not how it looks
    }
    declared = colour_tags(video.codec_context)
    right = right_channel(container, audio) if audio else None
    frame, has_audio = read_first_packets(container, video, [s for s in (audio, right) if s])
    facts: dict[str, Any] = {"video": video_facts(video, frame, declared)}
    used = [each for each in (video, audio, right) if each]
    tell_streams(video, used[1:] if has_audio else [])
    if video.codec_context.codec.canonical_name in COPIED_CODECS:
        facts["video"] |= facts_of_all_places(container, video, frame)
    others = [each for each in container.streams if each not in used]
    facts["side_tracks"] = [side_track_facts(each, question["decoders"]) for each in others]
    facts["chapters"] = chapters(container)
    if audio and has_audio:
        facts["audio"] = audio_facts(audio) | {"right_index": right.index if right else None}
        facts["language"] = language(audio)
        facts["audio_title"] = audio.metadata.get("title")
    return facts


def tell_streams(video: Any, audio: list[Any]) -> None:
    """Print which streams are played: others can read them while pictures are still judged."""
    codec, indexes = video.codec_context.codec.canonical_name, [each.index for each in audio]
    streams = {"video": video.index, "codec": codec, "audio": indexes}
    print(json.dumps({"streams": streams}), flush=True)


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


def read_first_packets(container: Any, video: Any, audio: list[Any]) -> tuple[Any, bool]:
    """Return one decoded picture, and whether nothing says that the audio cannot be decoded."""
    frame, has_audio, audio_packets = None, False, 0
    for number, packet in enumerate(container.demux(video, *audio)):
        if packet.stream is video:
            frame = frame or decode(packet)
        elif not has_audio:
            audio_packets += packet.size > 0
            has_audio = decode(packet) is not None
        is_settled = has_audio or not audio or audio_packets >= AUDIO_PACKETS_TRIED
        if (frame and is_settled) or number >= PACKETS_TRIED:
            break
    if frame is None:
        raise Rejected("undecodable")
    # Audio may begin so late that none of it has come.
    return frame, has_audio or (number >= PACKETS_TRIED and audio_packets < AUDIO_PACKETS_TRIED)


def facts_of_all_places(container: Any, video: Any, first: Any) -> dict[str, Any]:
    """Return what pictures from all over the file say of their scanning and their size."""
    # Decoded frames are large: only what they say is kept.
    kinds = {frame_kind(first), *kinds_of_all_places(container, video)}
    return {
        "is_interlaced": any(is_interlaced for _, is_interlaced in kinds),
        "is_uniform": len({shape for shape, _ in kinds}) == 1,
        "has_own_tags": has_own_tags(first),
    }


def frame_kind(frame: Any) -> FrameKind:
    shape = frame.width, frame.height, frame.format.name, frame.rotation
    return shape, bool(frame.interlaced_frame)


def has_own_tags(frame: Any) -> bool:
    return UNKNOWN not in colour_tags(frame)[:3] and bool(colour_tags(frame)[3])


def kinds_of_all_places(container: Any, video: Any) -> list[FrameKind]:
    kinds: list[FrameKind] = []
    is_joined = container.format.name in JOINED_FORMATS
    length = container.size if is_joined else container.duration or 0
    for place in range(1, PLACES_JUDGED):
        try:
            where = length * place // PLACES_JUDGED
            if is_joined:
                container.seek(where, stream=video, unsupported_byte_offset=True)
            else:
                container.seek(where + (container.start_time or 0))
            kinds += kinds_from_here(container, video)
        except FFmpegError:
            continue
    return kinds


def kinds_from_here(container: Any, video: Any) -> list[FrameKind]:
    kinds: list[FrameKind] = []
    for number, packet in enumerate(container.demux(video)):
        frame = decode(packet)
        kinds += [frame_kind(frame)] if frame else []
        if len(kinds) >= PICTURES_OF_A_PLACE or number >= PACKETS_OF_A_PLACE:
            break
    return kinds


def right_channel(container: Any, left: Any) -> Any:
    """Return the stream of the right channel if two mono streams are left and right.

    Cameras and editors write them so: two streams of the same kind, and nothing that tells them
    apart.
    """
    if len(container.streams.audio) != 2 or container.streams.audio[0] is not left:
        return None
    right = container.streams.audio[1]
    kinds = {
        (s.codec_context.name, s.channels, s.sample_rate, s.metadata.get("language", "und"))
        if s.codec_context
        else None
        for s in (left, right)
    }
    are_alike = len(kinds) == 1 and left.channels == 1
    is_named = any(s.metadata.get("title") for s in (left, right))
    return right if are_alike and not is_named else None


def decode(packet: Any) -> Any:
    """Return the first frame of a packet, or None if there is none or it is damaged."""
    try:
        return next(iter(packet.decode()), None)
    except MemoryError:
        raise
    except FFmpegError:
        return None


def colour_tags(coded: Any) -> tuple[int, int, int, int]:
    """Return primaries, transfer, matrix and range of a picture, or of a stream's declaration."""
    fields = coded.color_primaries, coded.color_trc, coded.colorspace, coded.color_range
    primaries, transfer, matrix, colour_range = (int(each) for each in fields)
    return primaries, transfer, matrix, colour_range


def video_facts(video: Any, frame: Any, declared: tuple[int, ...]) -> dict[str, Any]:
    rotation = round(-frame.rotation / 90) * 90 % 360
    sar = video.sample_aspect_ratio or 1
    width, height = max(round(frame.width * sar), 1), frame.height
    if rotation in {90, 270}:
        width, height = height, width
    own = colour_tags(frame)
    # The stream itself knows best; but what it leaves open, its container may tell.
    tags = [a if a != UNKNOWN else b for a, b in zip(own[:3], declared[:3], strict=True)]
    return {
        "index": video.index,
        "codec": video.codec_context.codec.canonical_name,
        "profile": video.profile,
        "pix_fmt": frame.format.name,
        "width": width,
        "height": height,
        "rotation": rotation,
        "rates": rates(video),
        "is_interlaced": bool(frame.interlaced_frame),
        "is_rgb": frame.format.is_rgb,
        "lines": frame.height,
        "tags": tags,
        "is_full_range": (own[3] or declared[3]) == 2 or frame.format.name.startswith("yuvj"),
        "has_alpha": has_alpha(video, frame),
        "has_dolby_vision": has_dolby_vision(frame),
        "lacks_base_layer": lacks_base_layer(frame),
        "has_oblong_pixels": sar != 1,
        "is_mirrored": is_mirrored(frame),
    }


def has_alpha(video: Any, frame: Any) -> bool:
    """Return whether pixels may be transparent. WebM says so where the decoder leaves it out."""
    in_format = any(component.is_alpha for component in frame.format.components)
    return in_format or video.metadata.get("alpha_mode", video.metadata.get("ALPHA_MODE")) == "1"


def has_dolby_vision(frame: Any) -> bool:
    return any("DOVI" in kind for kind in side_data(frame))


def lacks_base_layer(frame: Any) -> bool:
    """Return whether the picture is Dolby Vision of profile 5, whose colours only its players know.

    The header of the metadata (`AVDOVIRpuDataHeader` of ffmpeg) says so as ffmpeg itself guesses
    the profile: by the profile of the metadata, and the full range of the picture.
    """
    metadata = side_data(frame).get("DOVI_METADATA", b"")
    header = metadata[int.from_bytes(metadata[:8], sys.byteorder) :]
    return len(header) > 10 and header[4] == 0 and header[10] == 1


def is_mirrored(frame: Any) -> bool:
    """Return whether the display matrix mirrors the picture, as selfie cameras write it."""
    matrix = side_data(frame).get("DISPLAYMATRIX")
    if matrix is None:
        return False
    a, b, _, c, d = struct.unpack_from("=5i", matrix)
    return bool(a * d - b * c < 0)


def side_data(frame: Any) -> dict[str, bytes]:
    """Return what comes with a picture, by the name of its kind."""
    try:
        return {each.type.name: bytes(each) for each in frame.side_data}
    except ValueError:  # a kind of data that PyAV does not know
        return {}


def audio_facts(audio: Any) -> dict[str, Any]:
    return {
        "index": audio.index,
        "codec": audio.codec_context.codec.canonical_name,
        "profile": audio.profile,
        "channels": audio.channels,
        "sample_rate": audio.sample_rate,
    }


def side_track_facts(stream: Any, decoders: list[str]) -> dict[str, Any]:
    """Return the facts of a stream that is neither the picture nor the sound that is played."""
    codec = stream.codec_context.codec if stream.codec_context else None
    purposes = (
        ("is_default", Disposition.default),
        ("is_forced", Disposition.forced),
        ("is_commentary", Disposition.comment),
        ("is_for_blind", Disposition.visual_impaired | Disposition.descriptions),
        ("is_for_deaf", Disposition.hearing_impaired | Disposition.captions),
        ("is_cover", Disposition.attached_pic | Disposition.timed_thumbnails),
    )
    is_audio = stream.type == "audio" and codec is not None
    return {
        "index": stream.index,
        "kind": stream.type,
        "codec": codec.canonical_name if codec else None,
        "is_decodable": codec is not None and codec.name in decoders,
        "language": stream.metadata.get("language"),
        "title": stream.metadata.get("title"),
        "channels": stream.channels if is_audio else 0,
        "sample_rate": stream.sample_rate if is_audio else 0,
        **{name: bool(stream.disposition & flags) for name, flags in purposes},
    }


def chapters(container: Any) -> list[tuple[float, str]]:
    """Return the start, in seconds, and the title of each chapter."""
    return [
        (float(each["start"] * each["time_base"]), each["metadata"].get("title", ""))
        for each in container.chapters()
    ]


def language(audio: Any) -> str | None:
    tag = str(audio.language or "").lower()
    return tag if len(tag) == 3 and tag.isascii() and tag.isalpha() and tag != "und" else None


def rates(video: Any) -> list[float]:
    """Return the frame rates that the file declares."""
    declared = (video.average_rate, video.base_rate, video.guessed_rate)
    return [float(rate) for rate in declared if rate and 0 < rate <= 1000]


main()
