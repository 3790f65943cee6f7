"""Remux a source: copy its streams into segments, which takes seconds whatever its length."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from playout.transcode.encode.audio_filters import audio_graph
from playout.transcode.encode.picture_copy import copied_video_options
from playout.transcode.encode.source import source_options
from playout.transcode.encode.stream_copy import (
    MAX_SEGMENT_SECONDS,
    can_copy_audio,
    plays_everywhere,
)
from playout.transcode.encode.top_rendition import may_be_top
from playout.transcode.encode.tracks import (
    Track,
    audio_track,
    check_duration,
    video_copy_track,
)
from playout.transcode.errors import MediaRejected
from playout.transcode.ffmpeg import (
    WITHOUT_PRIMING,
    Progress,
    ffmpeg_command,
    fragmented_mp4_options,
    run_ffmpeg,
)
from playout.transcode.inspect.probe import AudioStream, Probe
from playout.transcode.names import AUDIO, AUDIO_COPY, VIDEO_COPY
from playout.transcode.sandbox.run import never_cancelled
from playout.transcode.sandbox.tools import Tools

AUDIO_BITRATE = 128_000
LEAST_SECONDS = Fraction(7, 4)
"""The least time from one segment of a copy to the next. Key frames every two seconds are cut at
each of them: ffmpeg counts the time of decoding, and the first pictures are decoded early."""


def remux(
    source: Path,
    probe: Probe,
    folder: Path,
    tools: Tools,
    *,
    on_progress: Callable[[float], None] = lambda _: None,
    cancelled: Callable[[], bool] = never_cancelled,
) -> list[Track]:
    """Write the tracks of `source` into `folder` and return them, video first.

    The video stream is copied, and so is audio that browsers play; other audio is encoded. Beside
    a top rendition, audio that some players do not know is encoded, too: its MP4 is for all. Raise
    `MediaRejected` if the video stream cannot be copied or its key frames are too far apart,
    `StorageFull` or `WorkCancelled`.
    """
    source, folder = source.absolute(), folder.absolute()
    video_file = folder / f"{VIDEO_COPY}.mp4"
    audio_name = _audio_name(probe)
    audio_file = folder / f"{audio_name}.mp4"
    command = [
        *ffmpeg_command(tools),
        *source_options(source, probe, tools),
        *_audio_graphs(probe),
        *copied_video_options(probe),
        *fragmented_mp4_options(video_file, at_keyframes=True, min_seconds=LEAST_SECONDS),
        *(_audio_options(probe, probe.audio, audio_file) if probe.audio else ()),
    ]
    progress = Progress(probe.duration_ms, on_progress)
    run_ffmpeg(
        command,
        tools,
        folder=folder,
        readable=[source],
        on_line=progress.read_line,
        cancelled=cancelled,
    )
    video = video_copy_track(video_file, probe)
    check_duration(video, probe)
    if video.fragments.longest_seconds > MAX_SEGMENT_SECONDS:
        raise MediaRejected("The key frames of this video are too far apart to be copied.")
    progress.finish()
    if probe.audio is None:
        return [video]
    channels = probe.audio.channels if _copies(probe, probe.audio) else 2
    return [video, audio_track(audio_file, audio_name, channels, probe)]


def aac_options(audio: AudioStream) -> list[str]:
    """Return the options that encode audio for every player: AAC in stereo."""
    rate = 44100 if audio.sample_rate == 44100 else 48000
    options = ["-c:a", "aac", "-b:a", str(AUDIO_BITRATE), "-ac", "2", "-ar", str(rate)]
    return [*options, "-bsf:a", WITHOUT_PRIMING]


def language_options(probe: Probe) -> list[str]:
    """Return the options that write the language of the audio."""
    return ["-metadata:s:a:0", f"language={probe.language}"] if probe.language else []


def _audio_name(probe: Probe) -> str:
    audio = probe.audio
    needs_better = audio is not None and _copies(probe, audio) and not plays_everywhere(audio)
    return AUDIO_COPY if needs_better else AUDIO


def _copies(probe: Probe, audio: AudioStream) -> bool:
    is_final = probe.video.codec == "h264" and may_be_top(probe)
    return plays_everywhere(audio) if is_final else can_copy_audio(audio)


def _copy_audio_options(probe: Probe, audio: AudioStream) -> list[str]:
    # AAC of a transport stream has ADTS headers, which MP4 does not allow. The filter does nothing
    # to AAC without them.
    filters = ["aac_adtstoasc"] if audio.codec == "aac" else []
    filters += [WITHOUT_PRIMING, "setts=ts=TS-STARTPTS"]
    copy = ["-map", f"0:{audio.index}", "-c:a", "copy", "-bsf:a", ",".join(filters)]
    return [*copy, *language_options(probe)]


def _audio_graphs(probe: Probe) -> list[str]:
    """Return the graph of audio that is encoded."""
    if probe.audio is None or _copies(probe, probe.audio):
        return []
    graph = audio_graph(probe, probe.audio, encode=True, measure_loudness=False)
    return ["-filter_complex", graph]


def _audio_options(probe: Probe, audio: AudioStream, file: Path) -> list[str]:
    """Return the options that write the audio track."""
    if _copies(probe, audio):
        stream = _copy_audio_options(probe, audio)
    else:
        stream = ["-map", "[a]", *aac_options(audio), *language_options(probe)]
    return [*stream, *fragmented_mp4_options(file, at_keyframes=False)]
