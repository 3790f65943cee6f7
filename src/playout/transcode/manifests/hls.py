"""HLS playlists (RFC 8216 and its second edition).

URLs in them are relative, and a `QUERY_PLACEHOLDER` follows each of them.
"""

from collections.abc import Container, Mapping, Sequence
from itertools import accumulate

from playout.kit.language_tags import native_name, tag_from_iso639
from playout.transcode.encode.ladder import FIRST_RUNG
from playout.transcode.inspect.fragments import Fragments
from playout.transcode.manifests.streams import QUERY_PLACEHOLDER, Captions, Stream
from playout.transcode.names import CAPTIONS, AudioPurpose, TrackKind

_VERSION = 7
"""The version that allows fragmented MP4 in playlists of ordinary segments."""
_AUDIO_GROUP = "sound"
_DESCRIBES_VIDEO = "public.accessibility.describes-video"
KEY_FRAMES = "-keyframes"
"""The end of the name of a playlist of key frames, after the name of the rendition."""
_NONE_RENDERED: Mapping[int, str] = {}


def master_playlist(streams: Sequence[Stream], captions: Sequence[Captions] = ()) -> str:
    """Return the playlist that lists the streams and the captions of a video.

    Many players begin with the variant that is listed first, so the first rung leads the list.
    """
    audio = [stream for stream in streams if stream.kind is TrackKind.AUDIO]
    video = [stream for stream in streams if stream.kind is TrackKind.VIDEO]
    video.sort(key=lambda stream: (stream.name != FIRST_RUNG, stream.bandwidth))
    lines = ["#EXTM3U", f"#EXT-X-VERSION:{_VERSION}", "#EXT-X-INDEPENDENT-SEGMENTS"]
    audio.sort(key=lambda stream: stream.name if stream.is_more_audio else "")
    lines += map(_audio_media, audio, _audio_names(audio))
    labels = [each.label for each in captions]
    lines += [_subtitles_media(each, unique=labels.count(each.label) == 1) for each in captions]
    is_mixed = any(stream.video_range for stream in video)
    for stream in video:
        rest = _video_range(stream, is_mixed=is_mixed)
        rest += f',SUBTITLES="{CAPTIONS}"' if captions else ""
        lines += [_stream_inf(stream, audio) + rest, _playlist_url(stream)]
    for stream in video:
        if stream.key_bandwidth:
            lines.append(_key_frames_inf(stream) + _video_range(stream, is_mixed=is_mixed))
    return "\n".join(lines) + "\n"


def media_playlist(file: str, fragments: Fragments) -> str:
    """Return the playlist of one rendition, whose segments are byte ranges of the file."""
    return _ranges_playlist(file, fragments, fragments.media_sizes, ["#EXT-X-INDEPENDENT-SEGMENTS"])


def personal_playlist(
    file: str,
    fragments: Fragments,
    rendered: Mapping[int, str] = _NONE_RENDERED,
    left_out: Container[int] = (),
) -> str:
    """Return the playlist of one rendition, or of the sound, for one viewer.

    `rendered` are the URLs of the segments that are drawn for somebody, by their numbers. All
    others are byte ranges of the file, as for every viewer, but those that are `left_out`. Where
    some are, times jump, which a tag tells the player.
    """
    tags = ["#EXT-X-INDEPENDENT-SEGMENTS"]
    sizes = fragments.media_sizes
    return _ranges_playlist(file, fragments, sizes, tags, rendered=rendered, left_out=left_out)


def key_frames_playlist(file: str, fragments: Fragments) -> str:
    """Return the playlist of the key frames of one rendition, the first of each segment.

    Each one is shown until the next. Its range begins with the header of its segment.
    """
    return _ranges_playlist(file, fragments, fragments.key_sizes, ["#EXT-X-I-FRAMES-ONLY"])


def _ranges_playlist(
    file: str,
    fragments: Fragments,
    sizes: Sequence[int],
    tags: Sequence[str],
    *,
    rendered: Mapping[int, str] = _NONE_RENDERED,
    left_out: Container[int] = (),
) -> str:
    url = f"{file}{QUERY_PLACEHOLDER}"
    durations = [ticks / fragments.timescale for ticks in fragments.ticks]
    offsets = accumulate(fragments.sizes, initial=fragments.index_end)
    head = fragments.init_end - fragments.init_start
    lines = [
        "#EXTM3U",
        f"#EXT-X-VERSION:{_VERSION}",
        f"#EXT-X-TARGETDURATION:{_target_duration(max(durations))}",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        *tags,
        f'#EXT-X-MAP:URI="{url}",BYTERANGE="{head}@{fragments.init_start}"',
    ]
    places = enumerate(zip(durations, sizes, offsets, strict=False))
    last = None
    for number, (duration, size, offset) in places:
        if number in left_out:
            continue
        if last is not None and last != number - 1:
            lines.append("#EXT-X-DISCONTINUITY")
        last = number
        lines.append(f"#EXTINF:{duration:.6f},")
        if number in rendered:
            lines.append(f"{rendered[number]}{QUERY_PLACEHOLDER}")
        else:
            lines += [f"#EXT-X-BYTERANGE:{size}@{offset}", url]
    return "\n".join([*lines, "#EXT-X-ENDLIST"]) + "\n"


def captions_playlist(duration_ms: int) -> str:
    """Return the playlist of captions: one segment that lasts as long as the video."""
    seconds = duration_ms / 1000
    lines = [
        "#EXTM3U",
        f"#EXT-X-VERSION:{_VERSION}",
        # The standard allows subtitles, and them alone, another target duration than the video.
        f"#EXT-X-TARGETDURATION:{_target_duration(seconds)}",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        f"#EXTINF:{seconds:.6f},",
        f"{CAPTIONS}.vtt{QUERY_PLACEHOLDER}",
        "#EXT-X-ENDLIST",
    ]
    return "\n".join(lines) + "\n"


def _target_duration(longest_seconds: float) -> int:
    """Return the least target duration; no segment, in rounded seconds, may last longer."""
    return max(int(longest_seconds + 0.5), 1)


def _subtitles_media(captions: Captions, *, unique: bool) -> str:
    name = captions.label if unique else f"{captions.label} ({captions.language})"
    default = "YES" if captions.is_default else "NO"
    return (
        f'#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="{CAPTIONS}",NAME="{name}"'
        f',LANGUAGE="{captions.language}",DEFAULT={default},AUTOSELECT=YES,FORCED=NO'
        f',URI="../{captions.version}/{CAPTIONS}.m3u8{QUERY_PLACEHOLDER}"'
    )


def _audio_media(audio: Stream, name: str) -> str:
    language = f',LANGUAGE="{tag_from_iso639(audio.language)}"' if audio.language else ""
    default = "NO" if audio.is_more_audio else "YES"
    # A player that chooses by language must not take a commentary for the film.
    autoselect = "NO" if audio.purpose is AudioPurpose.COMMENTARY else "YES"
    described = audio.purpose is AudioPurpose.DESCRIPTIONS
    purpose = f',CHARACTERISTICS="{_DESCRIBES_VIDEO}"' if described else ""
    return (
        f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="{_AUDIO_GROUP}",NAME="{name}"'
        f"{language},DEFAULT={default},AUTOSELECT={autoselect}{purpose}"
        f',CHANNELS="{audio.channels}",URI="{_playlist_url(audio)}"'
    )


def _audio_names(audio: Sequence[Stream]) -> list[str]:
    """Return a name for each audio track that no other of them has."""
    names: list[str] = []
    for stream in audio:
        name, number = _audio_name(stream), 1
        while name in names:
            number += 1
            name = f"{_audio_name(stream)} {number}"
        names.append(name)
    return names


def _audio_name(audio: Stream) -> str:
    language = native_name(tag_from_iso639(audio.language)) if audio.language else "Sound"
    return audio.title or (f"{language} ({audio.purpose})" if audio.purpose else language)


def _stream_inf(video: Stream, audio: Sequence[Stream]) -> str:
    codecs = ",".join(dict.fromkeys([video.codecs, *(each.codecs for each in audio)]))
    peak = video.bandwidth + max((each.bandwidth for each in audio), default=0)
    average = video.average_bandwidth + max((each.average_bandwidth for each in audio), default=0)
    rate = f",FRAME-RATE={video.fps:.3f}" if video.fps else ""
    group = f',AUDIO="{_AUDIO_GROUP}"' if audio else ""
    return (
        f"#EXT-X-STREAM-INF:BANDWIDTH={peak},AVERAGE-BANDWIDTH={average}"
        f',CODECS="{codecs}",RESOLUTION={video.width}x{video.height}{rate}{group}'
    )


def _video_range(video: Stream, *, is_mixed: bool) -> str:
    """Return the attribute that each variant has if some have a high dynamic range."""
    return f",VIDEO-RANGE={video.video_range or 'SDR'}" if is_mixed else ""


def _key_frames_inf(video: Stream) -> str:
    return (
        f"#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH={video.key_bandwidth}"
        f',CODECS="{video.codecs}",RESOLUTION={video.width}x{video.height}'
        f',URI="{_playlist_url(video, KEY_FRAMES)}"'
    )


def _playlist_url(stream: Stream, suffix: str = "") -> str:
    return f"../{stream.version}/{stream.name}{suffix}.m3u8{QUERY_PLACEHOLDER}"
