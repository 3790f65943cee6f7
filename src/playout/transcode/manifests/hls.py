"""HLS playlists (RFC 8216 and its second edition), made from the rows of renditions.

Addresses in them are relative; `QUERY` stands where each of them may be given a query.
"""

from collections.abc import Sequence
from itertools import accumulate

from playout.core.media.model import CAPTIONS, Caption, Kind, Rendition
from playout.kit.language_tags import native_name, tag_from_iso639
from playout.transcode.encode.ladder import FIRST

QUERY = "\0"
"""What no text of anybody's holds."""
_VERSION = 7
"""Fragmented MP4 outside of I-frame playlists."""
_SOUND = "sound"


def master_playlist(renditions: Sequence[Rendition], captions: Sequence[Caption] = ()) -> str:
    """The playlist that lists them; what is listed first is what many players begin with."""
    sounds = [each for each in renditions if each.kind is Kind.AUDIO]
    videos = [each for each in renditions if each.kind is Kind.VIDEO]
    videos.sort(key=lambda each: (each.name != FIRST, each.bandwidth))
    lines = ["#EXTM3U", f"#EXT-X-VERSION:{_VERSION}", "#EXT-X-INDEPENDENT-SEGMENTS"]
    lines += [_sound(each) for each in sounds]
    labels = [each.label for each in captions]
    lines += [_subtitles(each, unique=labels.count(each.label) == 1) for each in captions]
    group = f',SUBTITLES="{CAPTIONS}"' if captions else ""
    for video in videos:
        lines += [_variant(video, sounds) + group, _playlist_of(video)]
    return "\n".join(lines) + "\n"


def media_playlist(rendition: Rendition) -> str:
    """The segments of one rendition, which are ranges of its file."""
    address = f"{rendition.name}.mp4{QUERY}"
    seconds = [ticks / rendition.timescale for ticks in rendition.segment_ticks]
    starts = accumulate(rendition.segment_sizes, initial=rendition.index_end)
    lines = [
        "#EXTM3U",
        f"#EXT-X-VERSION:{_VERSION}",
        # No segment, rounded to whole seconds, may last longer.
        f"#EXT-X-TARGETDURATION:{max(int(max(seconds) + 0.5), 1)}",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        f'#EXT-X-MAP:URI="{address}",BYTERANGE="{rendition.head_end}@0"',
    ]
    for length, size, start in zip(seconds, rendition.segment_sizes, starts, strict=False):
        lines += [f"#EXTINF:{length:.6f},", f"#EXT-X-BYTERANGE:{size}@{start}", address]
    return "\n".join([*lines, "#EXT-X-ENDLIST"]) + "\n"


def captions_playlist(duration_ms: int) -> str:
    """Captions in one segment, which lasts as long as the video."""
    seconds = duration_ms / 1000
    lines = [
        "#EXTM3U",
        f"#EXT-X-VERSION:{_VERSION}",
        # Of subtitles alone it may be another one than of picture and sound.
        f"#EXT-X-TARGETDURATION:{max(int(seconds + 0.5), 1)}",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        f"#EXTINF:{seconds:.6f},",
        f"{CAPTIONS}.vtt{QUERY}",
        "#EXT-X-ENDLIST",
    ]
    return "\n".join(lines) + "\n"


def _subtitles(captions: Caption, *, unique: bool) -> str:
    name = captions.label if unique else f"{captions.label} ({captions.language})"
    default = "YES" if captions.is_default else "NO"
    return (
        f'#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="{CAPTIONS}",NAME="{name}"'
        f',LANGUAGE="{captions.language}",DEFAULT={default},AUTOSELECT=YES,FORCED=NO'
        f',URI="../{captions.version}/{CAPTIONS}.m3u8{QUERY}"'
    )


def _sound(sound: Rendition) -> str:
    name, language = "Sound", ""
    if sound.language:
        tag = tag_from_iso639(sound.language)
        name, language = native_name(tag), f',LANGUAGE="{tag}"'
    return (
        f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="{_SOUND}",NAME="{name}"'
        f'{language},DEFAULT=YES,AUTOSELECT=YES,CHANNELS="{sound.channels}"'
        f',URI="{_playlist_of(sound)}"'
    )


def _variant(video: Rendition, sounds: Sequence[Rendition]) -> str:
    codecs = ",".join([video.codecs, *(sound.codecs for sound in sounds)])
    peak = video.bandwidth + sum(sound.bandwidth for sound in sounds)
    average = video.average_bandwidth + sum(sound.average_bandwidth for sound in sounds)
    rate = f",FRAME-RATE={video.fps:.3f}" if video.fps else ""
    group = f',AUDIO="{_SOUND}"' if sounds else ""
    return (
        f"#EXT-X-STREAM-INF:BANDWIDTH={peak},AVERAGE-BANDWIDTH={average}"
        f',CODECS="{codecs}",RESOLUTION={video.width}x{video.height}{rate}{group}'
    )


def _playlist_of(rendition: Rendition) -> str:
    return f"../{rendition.version}/{rendition.name}.m3u8{QUERY}"
