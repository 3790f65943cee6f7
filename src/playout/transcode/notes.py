"""Notes: plain sentences that say what of a source is changed or left out."""

from collections.abc import Iterable

from playout.transcode.encode.ladder import MAX_FPS, MAX_SIDE, fit_within
from playout.transcode.encode.stream_copy import can_copy_audio, can_copy_video
from playout.transcode.inspect.colours import PQ
from playout.transcode.inspect.probe import Probe
from playout.transcode.inspect.side_tracks import MAX_AUDIO_TRACKS, SideTrack, more_audio

_SPELLED = {
    "hdmv_pgs_subtitle": "PGS",
    "dvb_subtitle": "DVB",
    "dvd_subtitle": "VobSub",
    "xsub": "XSUB",
    "dvb_teletext": "teletext",
    "eia_608": "CEA-608",
}
_BITMAPS = {"hdmv_pgs_subtitle", "dvb_subtitle", "dvd_subtitle", "xsub"}


def notes_of(probe: Probe) -> list[str]:
    """Return what Playout changes in a source, or leaves out of it."""
    tracks = probe.side_tracks
    return [
        *_range_notes(probe),
        *_picture_notes(probe),
        *_sound_notes(probe),
        *_subtitle_notes(tracks),
        *_rest(tracks),
    ]


def _range_notes(probe: Probe) -> Iterable[str]:
    video = probe.video
    if video.lacks_base_layer:
        yield "The picture is Dolby Vision of profile 5. Only its own players know the colours."
        yield "It is played in grey. For colours, export the video as HDR10 or SDR."
        return
    if video.is_hdr:
        name = "PQ" if video.colours.transfer == PQ else "HLG"
        yield f"The picture has a high dynamic range ({name}). Most screens get it mapped to SDR."
        if not can_copy_video(probe):
            yield "No player gets the high dynamic range: the picture cannot be copied as it is."
    if video.has_dolby_vision:
        yield "The picture is Dolby Vision. Its base layer is played."


def _picture_notes(probe: Probe) -> Iterable[str]:
    video = probe.video
    if max(video.width, video.height) > MAX_SIDE:
        width, height = fit_within(video.width, video.height, MAX_SIDE)
        yield (
            f"The picture of {video.width} × {video.height} pixels is reduced to "
            f"{width} × {height}."
        )
    if video.fps is not None and video.fps > MAX_FPS + 1:
        yield f"The picture has {video.fps:.0f} frames per second. At most {MAX_FPS} are played."
    if video.is_interlaced:
        yield "The picture is interlaced. It is played as whole frames."
    if video.has_alpha:
        yield "Parts of the picture may be transparent. They are shown on black."
    if probe.is_truncated:
        yield "The end of the file is missing. The rest is played."


def _sound_notes(probe: Probe) -> Iterable[str]:
    audio, tracks = probe.audio, [each for each in probe.side_tracks if each.kind == "audio"]
    if audio and audio.channels > 2 and not can_copy_audio(audio):
        yield f"The sound has {audio.channels} channels. They are mixed to stereo."
    unreadable = [each for each in tracks if not each.is_sound]
    if unreadable:
        yield f"{_count(unreadable, 'audio track')} left out: Playout cannot read the codec."
    left_out = [each for each in tracks if each.is_sound][len(more_audio(probe.side_tracks)) :]
    if left_out:
        yield (
            f"{_count(left_out, 'audio track')} left out: "
            f"a video has {MAX_AUDIO_TRACKS} at the most."
        )


def _subtitle_notes(tracks: Iterable[SideTrack]) -> Iterable[str]:
    for each in tracks:
        if each.kind == "subtitle" and not each.is_text:
            codec = _SPELLED.get(each.codec or "", each.codec or "unknown codec")
            reason = "they are pictures" if each.codec in _BITMAPS else "Playout cannot read them"
            name = ", ".join(filter(None, [codec, each.language]))
            yield f"Subtitles ({name}) are left out: {reason}."


def _rest(tracks: Iterable[SideTrack]) -> Iterable[str]:
    pictures = [each for each in tracks if each.kind == "video" and not each.is_cover]
    if pictures:
        yield f"{_count(pictures, 'video track')} left out: a video has one picture."
    attachments = [each for each in tracks if each.kind == "attachment"]
    if attachments:
        yield f"{_count(attachments, 'attachment')} left out, such as a font or a picture."


def _count(tracks: list[SideTrack], name: str) -> str:
    return f"1 {name} is" if len(tracks) == 1 else f"{len(tracks)} {name}s are"
