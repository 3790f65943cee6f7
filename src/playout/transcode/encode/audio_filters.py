"""ffmpeg's filters between decoded and encoded audio."""

from playout.transcode.inspect.probe import AudioStream, Probe

LOUDNESS_FILE = "loudness.txt"
SYNCED_AUDIO = "aresample=async=1:min_hard_comp=0.05:first_pts=0"
"""Fills gaps with silence and stretches away drift, so that audio and video stay in sync."""


def audio_graph(probe: Probe, audio: AudioStream, *, encode: bool, measure_loudness: bool) -> str:
    """Return the graph of the audio, to be encoded (output `a`), measured, or both.

    It sounds from 0 until the video ends: where there is no sound, there is silence. Ten times a
    second the loudness so far, as EBU R 128 defines it, is written to `LOUDNESS_FILE`.
    """
    meter = (
        f"ebur128=metadata=1,ametadata=mode=print:key=lavfi.r128.I:file={LOUDNESS_FILE},anullsink"
    )
    whole = f"{audio_source(audio)},apad,atrim=end={probe.seconds:.6f}"
    if not encode:
        return f"{whole},{meter}"
    return f"{whole},asplit=2[a][m];[m]{meter}" if measure_loudness else f"{whole}[a]"


def audio_source(audio: AudioStream, number: int = 0) -> str:
    """Return the beginning of a graph: the audio of an input, in step with its picture.

    A single channel sounds on both sides, as loud as a player would play it.
    """
    if audio.right_index is not None:
        sides = ((audio.index, f"left{number}"), (audio.right_index, f"right{number}"))
        chains = [f"[{number}:{index}]{SYNCED_AUDIO},apad[{side}]" for index, side in sides]
        join = f"[left{number}][right{number}]join=inputs=2:channel_layout=stereo"
        return ";".join([*chains, join])
    both_sides = ",pan=stereo|c0=c0|c1=c0" if audio.channels == 1 else ""
    return f"[{number}:{audio.index}]{SYNCED_AUDIO}{both_sides}"
