"""What of a source is played as it is, without being encoded anew."""

from playout.transcode.encode.ladder import LONGEST_SIDE
from playout.transcode.inspect.probe import AudioStream, Probe, VideoStream

# What the MP4 writer takes over as it is. AVI and MPEG program streams lack the times that
# reordered frames need, so copying out of them gives pictures in the wrong order.
_COPYABLE_FROM = {"mp4", "matroska", "mpegts", "flv"}
_H264_PROFILES = {"Baseline", "Constrained Baseline", "Main", "High", "Progressive High"}
_AAC_PROFILES = {"LC", "HE-AAC", "HE-AACv2"}
_EIGHT_BITS = {"yuv420p", "yuvj420p"}
_TEN_BITS = {*_EIGHT_BITS, "yuv420p10le"}
LONGEST_SEGMENT = 30.0
"""Seconds. A copy is cut at the source's own key frames; where they are further apart than that,
even the wait for a copy would be long."""


def copies_video(probe: Probe) -> bool:
    """Whether browsers play the picture as it is: H.264, or HEVC or AV1 where they know it."""
    video = probe.video
    return (
        _is_played(video)
        and probe.container in _COPYABLE_FROM
        and not video.is_interlaced
        and max(video.width, video.height) <= LONGEST_SIDE
    )


def copies_audio(audio: AudioStream) -> bool:
    """Whether browsers play the sound as it is: AAC or Opus, in stereo at the most."""
    known = audio.codec == "opus" or (audio.codec == "aac" and audio.profile in _AAC_PROFILES)
    return known and audio.channels <= 2 and audio.sample_rate <= 48000


def is_final_audio(audio: AudioStream) -> bool:
    """Whether the sound, as it is, is what every player plays: nothing better is made of it."""
    return audio.codec == "aac" and copies_audio(audio)


def _is_played(video: VideoStream) -> bool:
    if video.codec == "h264":
        return video.profile in _H264_PROFILES and video.pix_fmt in _EIGHT_BITS and not video.is_hdr
    if video.codec == "hevc":
        return video.profile in {"Main", "Main 10"} and video.pix_fmt in _TEN_BITS
    return video.codec == "av1" and video.profile == "Main" and video.pix_fmt in _TEN_BITS
