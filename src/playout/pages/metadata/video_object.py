"""The video of a page as structured data (schema.org), which search engines read."""

from itertools import pairwise

from playout.pages.formats import absolute, iso_duration, iso_time
from playout.pages.views import CaptionTrack, WatchView

SECOND = "seek_to_second_number"
"""The name by which Google fills the second into the address of a SeekToAction."""


def video_object(view: WatchView) -> dict[str, object]:
    """Return the video as a schema.org VideoObject, without unknown properties."""
    poster = absolute(view.poster_url, view.base_url) if view.poster_url else None
    known = {
        "@context": "https://schema.org",
        "@type": "VideoObject",
        "name": view.title,
        "description": view.description.strip(),
        "url": view.url,
        "thumbnailUrl": poster,
        "thumbnail": _picture(poster, view.poster_size),
        "uploadDate": iso_time(view.published_at),
        "dateModified": iso_time(view.updated_at),
        "duration": iso_duration(view.duration_ms) if view.duration_ms else None,
        "contentUrl": absolute(view.video_url, view.base_url),
        "embedUrl": view.player_url,
        "encodingFormat": view.video_type,
        "width": _pixels(view.width),
        "height": _pixels(view.height),
        "inLanguage": view.language,
        "keywords": list(view.tags),
        # Not `creator`: it must be a Person or an Organization, and which of them is not known.
        "creditText": view.creator,
        "publisher": {"@type": "Organization", "name": view.site_name, "url": f"{view.base_url}/"},
        "accessibilityFeature": ["captions"] if view.has_subtitles else None,
        "caption": [_caption(track, view.base_url) for track in view.captions],
        "interactionStatistic": _views(view.views),
        "hasPart": _clips(view),
        "potentialAction": None if view.chapters else _seek_action(view),
    }
    return {name: value for name, value in known.items() if value}


def _picture(url: str | None, size: tuple[int, int] | None) -> dict[str, object] | None:
    if url is None or size is None:
        return None
    width, height = map(_pixels, size)
    return {"@type": "ImageObject", "url": url, "width": width, "height": height}


def _pixels(count: int | None) -> dict[str, object] | None:
    # E37 is the code of pixels (UN/CEFACT).
    return {"@type": "QuantitativeValue", "value": count, "unitCode": "E37"} if count else None


def _caption(track: CaptionTrack, base_url: str) -> dict[str, object]:
    return {
        "@type": "MediaObject",
        "name": track.label,
        "inLanguage": track.language,
        "encodingFormat": "text/vtt",
        "contentUrl": absolute(track.url, base_url),
    }


def _views(count: int | None) -> dict[str, object] | None:
    if count is None:
        return None
    action = {"@type": "WatchAction"}
    return {
        "@type": "InteractionCounter",
        "interactionType": action,
        "userInteractionCount": count,
    }


def _clips(view: WatchView) -> list[dict[str, object]]:
    """Return the chapters as clips, each of which ends where the next one begins."""
    last = (view.duration_ms or 0) // 1000
    starts = [*(each.start for each in view.chapters), last]
    return [
        {
            "@type": "Clip",
            "name": chapter.title,
            "startOffset": start,
            **({"endOffset": end} if end > start else {}),
            "url": f"{view.url}?t={start}",
        }
        for chapter, (start, end) in zip(view.chapters, pairwise(starts), strict=True)
    ]


def _seek_action(view: WatchView) -> dict[str, object] | None:
    """Return how a search engine links to a moment that it finds by itself."""
    if not view.duration_ms:
        return None
    return {
        "@type": "SeekToAction",
        "target": f"{view.url}?t={{{SECOND}}}",
        "startOffset-input": f"required name={SECOND}",
    }
