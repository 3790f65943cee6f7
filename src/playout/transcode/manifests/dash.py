"""The DASH manifest (ISO/IEC 23009-1, on-demand profile) of the same files that HLS plays."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from playout.core.media.model import CAPTIONS, Caption, Kind, Rendition
from playout.kit.language_tags import tag_from_iso639
from playout.transcode.encode.tracks import COPY
from playout.transcode.manifests.hls import QUERY

_SCHEMA = "urn:mpeg:dash:schema:mpd:2011"
_PROFILE = "urn:mpeg:dash:profile:isoff-on-demand:2011"


def manifest(renditions: Sequence[Rendition], captions: Sequence[Caption] = ()) -> str:
    """The manifest that lists them; `QUERY` stands where an address may be given a query."""
    longest = max(each.start / each.timescale + each.duration for each in renditions)
    root = Element(
        "MPD",
        xmlns=_SCHEMA,
        profiles=_PROFILE,
        type="static",
        mediaPresentationDuration=f"PT{longest:.3f}S",
        minBufferTime="PT4S",
    )
    period = SubElement(root, "Period", id="0", start="PT0S")
    for kind, members in groupby(sorted(renditions, key=_set), key=_set):
        _adaptation_set(period, list(members), aligned=kind[1])
    for each in captions:
        _captions(period, each, longest)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _set(rendition: Rendition) -> tuple[str, bool]:
    """What can be switched between stands together: a copy has key frames of its own."""
    return rendition.kind, rendition.name != COPY


def _adaptation_set(period: Element, members: list[Rendition], *, aligned: bool) -> None:
    kind = members[0].kind
    own = SubElement(
        period,
        "AdaptationSet",
        contentType=kind,
        mimeType=f"{kind}/mp4",
        subsegmentAlignment=str(aligned).lower(),
        subsegmentStartsWithSAP="1",
    )
    if members[0].language:
        own.set("lang", tag_from_iso639(members[0].language))
    for each in sorted(members, key=lambda member: member.bandwidth):
        _representation(own, each)


def _captions(period: Element, captions: Caption, seconds: float) -> None:
    own = SubElement(
        period,
        "AdaptationSet",
        contentType="text",
        mimeType="text/vtt",
        lang=captions.language,
    )
    SubElement(own, "Label").text = captions.label
    SubElement(own, "Role", schemeIdUri="urn:mpeg:dash:role:2011", value="subtitle")
    bandwidth = max(round(captions.size * 8 / max(seconds, 1)), 1)
    name = f"{CAPTIONS}-{captions.language}"
    shown = SubElement(own, "Representation", id=name, bandwidth=str(bandwidth))
    SubElement(shown, "BaseURL").text = f"../{captions.version}/{CAPTIONS}.vtt{QUERY}"


def _representation(parent: Element, rendition: Rendition) -> None:
    own = SubElement(
        parent,
        "Representation",
        id=rendition.name,
        codecs=rendition.codecs,
        bandwidth=str(rendition.bandwidth),
    )
    if rendition.kind is Kind.VIDEO:
        own.set("width", str(rendition.width))
        own.set("height", str(rendition.height))
        if rendition.fps:
            own.set("frameRate", str(Fraction(rendition.fps).limit_denominator(1001)))
    else:
        scheme = "urn:mpeg:dash:23003:3:audio_channel_configuration:2011"
        SubElement(
            own, "AudioChannelConfiguration", schemeIdUri=scheme, value=str(rendition.channels)
        )
    address = SubElement(own, "BaseURL")
    address.text = f"../{rendition.version}/{rendition.name}.mp4{QUERY}"
    base = SubElement(
        own,
        "SegmentBase",
        timescale=str(rendition.timescale),
        indexRange=f"{rendition.head_end}-{rendition.index_end - 1}",
    )
    SubElement(base, "Initialization", range=f"0-{rendition.head_end - 1}")
