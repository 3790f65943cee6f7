"""Renditions and captions as manifests list them."""

from playout.core.media.captions import Caption
from playout.core.media.model import Rendition
from playout.transcode.inspect.fragments import Fragments
from playout.transcode.manifests.streams import Captions, Stream


def stream_of(rendition: Rendition) -> Stream:
    """Return what a manifest says of a rendition. It needs no segments to be loaded."""
    return Stream(
        name=rendition.name,
        version=rendition.version,
        kind=rendition.kind,
        codecs=rendition.codecs,
        bandwidth=rendition.bandwidth,
        average_bandwidth=rendition.average_bandwidth,
        file=rendition.file_name,
        is_aligned=rendition.is_aligned,
        key_bandwidth=rendition.key_bandwidth,
        init_start=rendition.head_start,
        init_end=rendition.head_end,
        index_end=rendition.index_end,
        timescale=rendition.timescale,
        start=rendition.start,
        seconds=rendition.duration,
        width=rendition.width,
        height=rendition.height,
        fps=rendition.fps,
        channels=rendition.channels,
        language=rendition.language,
        title=rendition.title,
        purpose=rendition.purpose,
        video_range=rendition.video_range,
    )


def fragments_of(rendition: Rendition) -> Fragments:
    """Return the layout of a rendition's file, segment by segment."""
    return Fragments(
        codecs=rendition.codecs,
        init_end=rendition.head_end,
        index_end=rendition.index_end,
        timescale=rendition.timescale,
        start=rendition.start,
        ticks=tuple(rendition.segment_ticks),
        sizes=tuple(rendition.segment_sizes),
        init_start=rendition.head_start,
        padding=tuple(rendition.segment_padding),
        key_sizes=tuple(rendition.key_sizes),
    )


def captions_of(caption: Caption) -> Captions:
    """Return what a manifest says of captions. It needs no text to be loaded."""
    return Captions(
        version=str(caption.version),
        language=caption.language,
        label=caption.label,
        is_default=caption.is_default,
        size=caption.size,
    )
