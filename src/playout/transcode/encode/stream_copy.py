"""The streams of a source that are copied, because browsers play them as they are."""

from playout.transcode.encode.ladder import MAX_SIDE
from playout.transcode.inspect.probe import AudioStream, Probe, VideoStream

# The containers that ffmpeg can copy into MP4. AVI and MPEG program streams lack the times that
# reordered frames need, so a copy from them would show the pictures in the wrong order.
_COPYABLE_FROM = {"mp4", "matroska", "mpegts", "flv"}
_H264_PROFILES = {"Baseline", "Constrained Baseline", "Main", "High", "Progressive High"}
_AAC_PROFILES = {"LC", "HE-AAC", "HE-AACv2"}
_EIGHT_BIT = {"yuv420p", "yuvj420p"}
_TEN_BIT = {*_EIGHT_BIT, "yuv420p10le"}
MAX_SEGMENT_SECONDS = 30.0
"""The longest segment of a copy, which is cut at the source's own key frames. If these are further
apart, a viewer waits too long for a segment, even of a copy."""


def can_copy_video(probe: Probe) -> bool:
    """Return whether browsers play the video stream: H.264, or HEVC or AV1 where they know it."""
    video = probe.video
    return (
        _plays_in_browsers(video)
        and probe.container in _COPYABLE_FROM
        and video.is_uniform
        and not (video.is_interlaced or video.has_discarded or video.has_alpha)
        # WebKit plays streams without the turn that their header asks for.
        and not (video.rotation or video.is_mirrored or video.lacks_base_layer)
        and max(video.width, video.height) <= MAX_SIDE
    )


def can_copy_audio(audio: AudioStream) -> bool:
    """Return whether browsers play the audio stream: AAC or Opus, with at most two channels.

    It has to sound from the beginning to the end of the video, without a gap.
    """
    is_whole = audio.covers_video and audio.right_index is None
    is_known = audio.codec == "opus" or (audio.codec == "aac" and audio.profile in _AAC_PROFILES)
    return is_known and is_whole and audio.channels <= 2 and audio.sample_rate <= 48000


def plays_everywhere(audio: AudioStream) -> bool:
    """Return whether every player plays the audio stream, so that it never needs encoding."""
    return audio.codec == "aac" and can_copy_audio(audio)


def _plays_in_browsers(video: VideoStream) -> bool:
    if video.codec == "h264":
        return video.profile in _H264_PROFILES and video.pix_fmt in _EIGHT_BIT and not video.is_hdr
    if video.codec == "hevc":
        return video.profile in {"Main", "Main 10"} and video.pix_fmt in _TEN_BIT
    return video.codec == "av1" and video.profile == "Main" and video.pix_fmt in _TEN_BIT
