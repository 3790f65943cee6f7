"""Cut a source into segments as it is: playable in a moment, whatever its length."""

from collections.abc import Callable
from pathlib import Path

from playout.transcode.encode.ffmpeg import Progress, input_of, start_of
from playout.transcode.encode.filters import EVEN_SOUND
from playout.transcode.encode.ladder import AUDIO_BITS, SEGMENT_SECONDS
from playout.transcode.encode.stream_copy import LONGEST_SEGMENT, copies_audio, is_final_audio
from playout.transcode.encode.tracks import (
    Track,
    audio_track,
    check_duration,
    copy_track,
    fragmented,
    progressive,
    run_on,
)
from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.probe import AudioStream, Probe
from playout.transcode.names import AUDIO, AUDIO_COPY, MP4, VIDEO_COPY
from playout.transcode.sandbox.run import never
from playout.transcode.sandbox.tools import Tools


def cut(
    source: Path,
    before: Probe,
    folder: Path,
    tools: Tools,
    *,
    on_progress: Callable[[float], None] = lambda _: None,
    cancelled: Callable[[], bool] = never,
) -> list[Track]:
    """The tracks of `source`, picture first, written into `folder`.

    The picture is copied, and so is sound that browsers play; other sound is encoded. Where none
    is, the `MP4` of the tracks is written by the way. Raises `MediaRejected` when the picture
    cannot be copied, or has key frames too far apart; `StorageFull`, `WorkCancelled`.
    """
    source, folder = source.absolute(), folder.absolute()
    picture = folder / f"{VIDEO_COPY}.mp4"
    name = _sound_name(before.audio)
    sound = folder / f"{name}.mp4"
    late = before.video.starts_late
    command = [
        *start_of(tools),
        *input_of(source, before.container, tools),
        *_copied_picture(before),
        *fragmented(picture, keyed=True, late=late, least=SEGMENT_SECONDS),
        *(_sound(before, sound) if before.audio else ()),
        *_whole(before, folder / MP4),
    ]
    progress = Progress(before.duration_ms, on_progress)
    run_on(source, folder, command, tools, on_line=progress.line, cancelled=cancelled)
    track = copy_track(picture, before)
    check_duration(before, track)
    if track.fragments.longest > LONGEST_SEGMENT:
        raise MediaRejected("The key frames of this video are too far apart to be copied.")
    progress.finish()
    if before.audio is None:
        return [track]
    channels = before.audio.channels if copies_audio(before.audio) else 2
    return [track, audio_track(sound, name, channels, before)]


def encoded_audio(audio: AudioStream) -> list[str]:
    """Options for sound that everyone plays: AAC in stereo."""
    rate = 44100 if audio.sample_rate == 44100 else 48000
    return ["-c:a", "aac", "-b:a", str(AUDIO_BITS), "-ac", "2", "-ar", str(rate)]


def _sound_name(audio: AudioStream | None) -> str:
    copied = audio is not None and copies_audio(audio) and not is_final_audio(audio)
    return AUDIO_COPY if copied else AUDIO


def _copied_picture(before: Probe) -> list[str]:
    # Apple's players want the parameters in the head of the file, which this tag promises.
    tag = ["-tag:v", "hvc1"] if before.video.codec == "hevc" else []
    return ["-map", f"0:{before.video.index}", "-c:v", "copy", *tag]


def _copied_sound(before: Probe, audio: AudioStream) -> list[str]:
    # Out of a transport stream AAC has to be unwrapped; what is unwrapped already stays.
    unwrap = ["-bsf:a", "aac_adtstoasc"] if audio.codec == "aac" else []
    return ["-map", f"0:{audio.index}", "-c:a", "copy", *unwrap, *language(before)]


def _sound(before: Probe, file: Path) -> list[str]:
    audio = before.audio
    assert audio is not None  # noqa: S101  for the type checker
    if copies_audio(audio):
        late = audio.starts_late
        return [*_copied_sound(before, audio), *fragmented(file, keyed=False, late=late)]
    made = ["-map", f"0:{audio.index}", "-af", EVEN_SOUND, *encoded_audio(audio)]
    return [*made, *language(before), *fragmented(file, keyed=False)]


def _whole(before: Probe, file: Path) -> list[str]:
    """The MP4, from the same reading of the source; sound that is encoded is not encoded twice."""
    audio = before.audio
    if audio is None:
        return [*_copied_picture(before), *progressive(file)]
    if not copies_audio(audio):
        return []
    return [*_copied_picture(before), *_copied_sound(before, audio), *progressive(file)]


def language(before: Probe) -> list[str]:
    """Options that name the language of the sound."""
    return ["-metadata:s:a:0", f"language={before.language}"] if before.language else []
