"""Short animated pictures for e-mails, which play no video."""

from pathlib import Path

from playout.transcode.ffmpeg import ffmpeg_command, input_options
from playout.transcode.inspect.sniff import sniff_container
from playout.transcode.sandbox.run import run
from playout.transcode.sandbox.tools import Tools

_FRAMES, _DRAWN = "frame-%03d.png", "drawn-%03d.png"
_COLOURS = 96
_FEW_COLOURS = (
    f"split[a][b];[a]palettegen=max_colors={_COLOURS}:stats_mode=diff[p];"
    "[b][p]paletteuse=dither=bayer:bayer_scale=4:diff_mode=rectangle"
)


def write_frames(  # noqa: PLR0917  each is an option of ffmpeg
    film: Path, start: float, seconds: float, fps: int, width: int, tools: Tools
) -> list[Path]:
    """Write frames of a film beside it, at a steady rate; return their files, in their order.

    Raise `MediaRejected` for a file that is no video.
    """
    begin = ["-ss", f"{max(start, 0):.3f}", "-t", f"{seconds:.3f}"]
    source = input_options(film.absolute(), sniff_container(film), tools, begin)
    scale = f"fps={fps},scale=w=iw*sar:h=ih,scale=w={width}:h=-2,setsar=1,format=rgb24"
    options = ["-map", "0:v:0", "-vf", scale, "-map_metadata", "-1", "-f", "image2"]
    _run([*source, *options, "-y", f"file:{_FRAMES}"], film, tools)
    return sorted(film.parent.glob(_FRAMES.replace("%03d", "*")))


def drawn_file(frame: Path) -> Path:
    """Return the file in which a frame with what is drawn over it belongs."""
    return frame.with_name(frame.name.replace(_FRAMES[:6], _DRAWN[:6]))


def write_animation(folder: Path, fps: int, out: Path, tools: Tools) -> bool:
    """Write a GIF of the drawn frames in a folder, which begins again; return whether it worked."""
    source = ["-protocol_whitelist", "file", "-f", "image2", "-c:v", "png", "-framerate", str(fps)]
    options = ["-i", f"file:{folder.absolute() / _DRAWN}", "-vf", _FEW_COLOURS, "-loop", "0"]
    _run([*source, *options, "-f", "gif", "-y", f"file:{out.name}"], out, tools)
    return out.exists() and out.stat().st_size > 0


def _run(options: list[str], file: Path, tools: Tools) -> None:
    confinement = tools.confinement(tools.limits.probe_seconds)
    readable = [tools.ffmpeg]
    run(
        [*ffmpeg_command(tools), *options],
        confinement,
        folder=file.parent.absolute(),
        readable=readable,
    )
