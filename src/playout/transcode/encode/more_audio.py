"""Encode the audio tracks beside the main one: other languages, and commentaries."""

from collections.abc import Callable, Collection
from pathlib import Path

from playout.kit.language_tags import iso639_from_tag
from playout.transcode.encode.audio_filters import audio_graph
from playout.transcode.encode.remux import aac_options
from playout.transcode.encode.segment_index import join_short_end
from playout.transcode.encode.source import source_options, streams_in_step
from playout.transcode.encode.tracks import Track
from playout.transcode.errors import MediaRejected
from playout.transcode.ffmpeg import ffmpeg_command, fragmented_mp4_options, run_ffmpeg
from playout.transcode.inspect.probe import AudioStream, Probe
from playout.transcode.inspect.side_tracks import SideTrack, more_audio
from playout.transcode.names import MORE_AUDIO, TrackKind
from playout.transcode.sandbox.run import never_cancelled
from playout.transcode.sandbox.tools import Tools


def encode_more_audio(
    source: Path,
    probe: Probe,
    present: Collection[str],
    folder: Path,
    tools: Tools,
    *,
    cancelled: Callable[[], bool] = never_cancelled,
) -> list[Track]:
    """Encode the audio tracks that are not among the names `present`, each as long as the video.

    Tracks that cannot be decoded are left out. Raise `StorageFull` or `WorkCancelled`.
    """
    source, folder = source.absolute(), folder.absolute()
    named = zip(MORE_AUDIO, more_audio(probe.side_tracks), strict=False)
    missing = {name: track for name, track in named if name not in present}

    def encode(some: dict[str, SideTrack]) -> list[Track]:
        command = _command(source, probe, some, folder, tools)
        run_ffmpeg(command, tools, folder=folder, readable=[source], cancelled=cancelled)
        return [_track(folder / f"{name}.mp4", name, each) for name, each in some.items()]

    if not missing:
        return []
    try:
        return encode(missing)
    except MediaRejected:
        # One of them is damaged, or has no packet: the others may be whole.
        return [made for name in missing for made in _encode_alone(encode, name, missing[name])]


def _encode_alone(
    encode: Callable[[dict[str, SideTrack]], list[Track]], name: str, track: SideTrack
) -> list[Track]:
    try:
        return encode({name: track})
    except MediaRejected:
        return []


def _command(
    source: Path, probe: Probe, tracks: dict[str, SideTrack], folder: Path, tools: Tools
) -> list[str]:
    source_input = source_options(source, probe, tools)
    command = [*ffmpeg_command(tools), *source_input, *streams_in_step(probe)]
    outputs = []
    for number, (name, track) in enumerate(tracks.items()):
        codec = track.codec or ""
        audio = AudioStream(track.index, codec, None, track.channels, track.sample_rate)
        graph = audio_graph(probe, audio, encode=True, measure_loudness=False)
        label = f"[more{number}]"
        command += ["-filter_complex", f"{graph.removesuffix('[a]')}{label}"]
        outputs += ["-map", label, *aac_options(audio)]
        outputs += fragmented_mp4_options(folder / f"{name}.mp4", at_keyframes=False)
    return [*command, *outputs]


def _track(file: Path, name: str, track: SideTrack) -> Track:
    return Track(
        TrackKind.AUDIO,
        name,
        file,
        join_short_end(file),
        channels=2,
        language=iso639_from_tag(track.language) if track.language else None,
        title=track.title,
        purpose=track.purpose,
    )
