"""Make the one MP4 that everything else is cut from."""

from collections.abc import Callable
from pathlib import Path

from playout.core.media.errors import MediaRejected
from playout.core.media.ffmpeg import Progress, input_of, start_of
from playout.core.media.plan import Plan, plan
from playout.core.media.probe import Probe, probe
from playout.core.media.sandbox import Finished, never, run
from playout.core.media.tools import Tools

KEYFRAME_SECONDS = 2
AUDIO_BITS = "128k"


def make_mp4(
    source: Path,
    before: Probe,
    way: Plan,
    target: Path,
    tools: Tools,
    *,
    on_progress: Callable[[float], None] = lambda _: None,
    cancelled: Callable[[], bool] = never,
) -> Probe:
    """Turn `source` into a progressive MP4 at `target`, and say what came out.

    The folder of `target` is what the sandbox may write. `on_progress` gets fractions from 0 to 1,
    never falling. What cannot be copied is tried once more by encoding. On an error no file is
    left at `target`.

    Raises `MediaRejected`, `StorageFull`, `WorkCancelled`.
    """
    progress = Progress(before.duration_ms, on_progress)
    encoded = plan(before, encode_all=True)
    try:
        for attempt in [way, encoded] if way.copies else [way]:
            try:
                return _made(
                    source, before, attempt, target, tools, progress=progress, cancelled=cancelled
                )
            except MediaRejected:
                if not attempt.copies:
                    raise
        raise AssertionError("the last attempt returns or raises")
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _made(
    source: Path,
    before: Probe,
    way: Plan,
    target: Path,
    tools: Tools,
    *,
    progress: Progress,
    cancelled: Callable[[], bool],
) -> Probe:
    source, target = source.absolute(), target.absolute()
    done = run(
        command(source, before, way, target, tools),
        tools.confinement(tools.limits.wall_seconds),
        folder=target.parent,
        readable=[tools.ffmpeg, source],
        on_line=progress.line,
        cancelled=cancelled,
    )
    if done.returncode != 0:
        raise _rejected(done)
    after = probe(target, tools)
    _check_duration(before, after)
    progress.finish()
    return after


def command(source: Path, before: Probe, way: Plan, target: Path, tools: Tools) -> list[str]:
    """The command line of ffmpeg."""
    return [
        *start_of(tools),
        *input_of(source, before.container, tools),
        *_video(before, way, tools),
        *_audio(before, way),
        # Places, names and devices in the file are nobody's business; the language is.
        *("-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn"),
        *_language(before),
        *("-max_muxing_queue_size", "4096"),
        *("-movflags", "+faststart", "-f", "mp4", "-y", f"file:{target}"),
    ]


def _video(before: Probe, way: Plan, tools: Tools) -> list[str]:
    chosen = ["-map", f"0:{before.video.index}"]
    if way.video == "copy":
        return [*chosen, "-c:v", "copy"]
    rate = ["-fps_mode", "cfr", "-r", f"{way.fps:.6g}"] if way.fps else []
    return [
        *chosen,
        *("-vf", ",".join(way.filters)),
        *rate,
        *("-c:v", "libx264", "-preset", "veryfast", "-crf", "21", "-profile:v", "high"),
        *("-pix_fmt", "yuv420p", "-threads:v", str(tools.limits.threads)),
        # Segments are cut at these, whatever the frame rate.
        *("-force_key_frames", f"expr:gte(t,n_forced*{KEYFRAME_SECONDS})"),
    ]


def _audio(before: Probe, way: Plan) -> list[str]:
    if before.audio is None or way.audio is None:
        return ["-an"]
    chosen = ["-map", f"0:{before.audio.index}"]
    if way.audio == "copy":
        return [*chosen, "-c:a", "copy"]
    rate = 44100 if before.audio.sample_rate == 44100 else 48000
    # Gaps and drift in the sound's times become silence and stretching, not lost sync.
    return [
        *chosen,
        *("-af", "aresample=async=1", "-c:a", "aac", "-b:a", AUDIO_BITS),
        *("-ac", "2", "-ar", str(rate)),
    ]


def _language(before: Probe) -> list[str]:
    if not (before.audio and before.language):
        return []
    return ["-metadata:s:a:0", f"language={before.language}"]


def _check_duration(before: Probe, after: Probe) -> None:
    """A result much shorter or longer than declared means that frames were lost or invented."""
    if before.is_cut_short:
        return
    allowed = max(1000, before.duration_ms // 20)
    if abs(after.duration_ms - before.duration_ms) > allowed:
        raise MediaRejected(
            f"This video says that it lasts {before.duration_ms / 1000:.1f} seconds, but "
            f"{after.duration_ms / 1000:.1f} seconds can be played: the file is damaged."
        )


def _rejected(done: Finished) -> MediaRejected:
    if "File too large" in done.stderr:
        reason = "This video would take more room than Playout allows for one file."
    elif "Cannot allocate memory" in done.stderr:
        reason = "This video needs more memory than Playout allows for one file."
    else:
        reason = "Playout cannot convert this video: the file is damaged."
    rejected = MediaRejected(reason)
    rejected.add_note(done.stderr)
    return rejected
