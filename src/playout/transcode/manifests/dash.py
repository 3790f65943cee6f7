"""DASH manifests (ISO/IEC 23009-1, on-demand profile) of the files that HLS plays, too.

URLs in them are relative, and a `QUERY_PLACEHOLDER` follows each of them.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from playout.kit.language_tags import tag_from_iso639
from playout.transcode.manifests.streams import QUERY_PLACEHOLDER, Captions, Stream, Thumbnails
from playout.transcode.names import CAPTIONS, AudioPurpose, TrackKind, VideoRange

_SCHEMA = "urn:mpeg:dash:schema:mpd:2011"
_ROLE_SCHEME = "urn:mpeg:dash:role:2011"
_ROLES = {
    None: "alternate",
    AudioPurpose.COMMENTARY: "commentary",
    AudioPurpose.DESCRIPTIONS: "description",
}
_TRANSFERS = {VideoRange.PQ: 16, VideoRange.HLG: 18}
"""The transfer characteristics as ITU-T H.273 numbers them."""
_PROFILE = "urn:mpeg:dash:profile:isoff-on-demand:2011"


def dash_manifest(
    streams: Sequence[Stream],
    captions: Sequence[Captions] = (),
    thumbnails: Thumbnails | None = None,
) -> str:
    """Return the MPD that lists the streams, the captions and the storyboard of a video."""
    seconds = max(stream.end_seconds for stream in streams)
    root = Element(
        "MPD",
        xmlns=_SCHEMA,
        profiles=_PROFILE,
        type="static",
        mediaPresentationDuration=f"PT{seconds:.3f}S",
        minBufferTime="PT4S",
    )
    period = SubElement(root, "Period", id="0", start="PT0S")
    by_set = groupby(sorted(streams, key=_set_key), key=_set_key)
    for (_, is_aligned, _), members in by_set:
        _add_adaptation_set(period, list(members), is_aligned=is_aligned)
    for each in captions:
        _add_captions(period, each, seconds)
    if thumbnails:
        _add_thumbnails(period, thumbnails)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _set_key(stream: Stream) -> tuple[TrackKind, bool, str]:
    """Return what the members of an adaptation set share: kind, aligned segments, and content.

    A player may switch between the members of a set. Not every player switches between codecs,
    and none between segments that are not aligned.
    """
    if stream.kind is TrackKind.AUDIO:
        return stream.kind, stream.is_aligned, stream.name if stream.is_more_audio else ""
    codec = stream.codecs.partition(".")[0]
    return stream.kind, stream.is_aligned, f"{codec} {stream.video_range}"


def _add_adaptation_set(period: Element, members: list[Stream], *, is_aligned: bool) -> None:
    kind = members[0].kind
    adaptation_set = SubElement(
        period,
        "AdaptationSet",
        contentType=kind,
        mimeType=f"{kind}/mp4",
        subsegmentAlignment=str(is_aligned).lower(),
        subsegmentStartsWithSAP="1",
    )
    _add_video_range(adaptation_set, members[0])
    if members[0].language:
        adaptation_set.set("lang", tag_from_iso639(members[0].language))
    if kind is TrackKind.AUDIO:
        _add_audio_role(adaptation_set, members[0])
    for stream in sorted(members, key=lambda member: member.bandwidth):
        _add_representation(adaptation_set, stream)


def _add_video_range(adaptation_set: Element, stream: Stream) -> None:
    """Say which range of brightness a set has: players that cannot show it leave the set alone."""
    if stream.video_range is None:
        return
    colours = ("ColourPrimaries", 9), ("TransferCharacteristics", _TRANSFERS[stream.video_range])
    for name, value in (*colours, ("MatrixCoefficients", 9)):
        scheme = f"urn:mpeg:mpegB:cicp:{name}"
        SubElement(adaptation_set, "EssentialProperty", schemeIdUri=scheme, value=str(value))


def _add_audio_role(adaptation_set: Element, audio: Stream) -> None:
    """Name the audio of a set, and say what it is for."""
    if audio.title:
        SubElement(adaptation_set, "Label").text = audio.title
    role = _ROLES[audio.purpose] if audio.is_more_audio else "main"
    SubElement(adaptation_set, "Role", schemeIdUri=_ROLE_SCHEME, value=role)


def _add_captions(period: Element, captions: Captions, seconds: float) -> None:
    adaptation_set = SubElement(
        period,
        "AdaptationSet",
        contentType="text",
        mimeType="text/vtt",
        lang=captions.language,
    )
    SubElement(adaptation_set, "Label").text = captions.label
    SubElement(adaptation_set, "Role", schemeIdUri=_ROLE_SCHEME, value="subtitle")
    representation = SubElement(
        adaptation_set,
        "Representation",
        id=f"{CAPTIONS}-{captions.language}",
        bandwidth=str(max(round(captions.size * 8 / max(seconds, 1)), 1)),
    )
    url = f"../{captions.version}/{CAPTIONS}.vtt{QUERY_PLACEHOLDER}"
    SubElement(representation, "BaseURL").text = url


def _add_thumbnails(period: Element, thumbnails: Thumbnails) -> None:
    """Add the tiles of the storyboard, which players show while a viewer searches.

    That is how DASH-IF Interoperability Points, 6.2.6, describe them.
    """
    adaptation_set = SubElement(period, "AdaptationSet", contentType="image", mimeType="image/jpeg")
    tiles = thumbnails.columns * thumbnails.rows
    SubElement(
        adaptation_set,
        "SegmentTemplate",
        media=f"../{thumbnails.version}/{thumbnails.file}{QUERY_PLACEHOLDER}",
        timescale="1000",
        duration=str(round(thumbnails.seconds * tiles * 1000)),
        startNumber="1",
    )
    width, height = (
        thumbnails.width * thumbnails.columns,
        thumbnails.height * thumbnails.rows,
    )
    representation = SubElement(
        adaptation_set,
        "Representation",
        id="storyboard",
        bandwidth=str(max(round(width * height / (thumbnails.seconds * tiles)), 1)),
        width=str(width),
        height=str(height),
    )
    SubElement(
        representation,
        "EssentialProperty",
        schemeIdUri="http://dashif.org/guidelines/thumbnail_tile",
        value=f"{thumbnails.columns}x{thumbnails.rows}",
    )


def _add_representation(adaptation_set: Element, stream: Stream) -> None:
    representation = SubElement(
        adaptation_set,
        "Representation",
        id=stream.name,
        codecs=stream.codecs,
        bandwidth=str(stream.bandwidth),
    )
    if stream.kind is TrackKind.VIDEO:
        representation.set("width", str(stream.width))
        representation.set("height", str(stream.height))
        if stream.fps:
            representation.set("frameRate", str(Fraction(stream.fps).limit_denominator(1001)))
    else:
        SubElement(
            representation,
            "AudioChannelConfiguration",
            schemeIdUri="urn:mpeg:dash:23003:3:audio_channel_configuration:2011",
            value=str(stream.channels),
        )
    url = f"../{stream.version}/{stream.file}{QUERY_PLACEHOLDER}"
    SubElement(representation, "BaseURL").text = url
    segment_base = SubElement(
        representation,
        "SegmentBase",
        timescale=str(stream.timescale),
        indexRange=f"{stream.init_end}-{stream.index_end - 1}",
    )
    SubElement(segment_base, "Initialization", range=f"{stream.init_start}-{stream.init_end - 1}")
