"""A short sample clip, made by ffmpeg alone: drifting colours, a title, a soft chord."""

from pathlib import Path

from playout.transcode.errors import MediaRejected
from playout.transcode.ffmpeg import ffmpeg_command
from playout.transcode.lettering import svg_of_text
from playout.transcode.sandbox.run import run
from playout.transcode.sandbox.tools import Tools

SECONDS = 8
FPS = 30
WIDTH, HEIGHT = 1280, 720
# Each pixel is computed by a formula, so the picture is drawn tiny. Scaled up, it is smooth.
_COLOURS = (
    f"nullsrc=s=96x54:r={FPS}:d={SECONDS},"
    "geq=r='128+100*sin(X/18+T*0.9)*cos(Y/15-T*0.7)'"
    ":g='70+55*sin((X+Y)/21-T*0.8)'"
    ":b='160+85*cos(X/24-Y/18+T*0.6)',"
    f"scale={WIDTH}:{HEIGHT}:flags=bicubic,format=yuv420p"
)
# Of each plucked note: hertz, seconds between strokes, seconds until the first.
_PLUCKS = ((440, 1, 0), (554.37, 1, 0.5), (659.26, 2, 0.25), (880, 4, 1.75), (739.99, 4, 3.75))
_PAD = (220, 277.18, 329.63)


def make_sample_clip(target: Path, tools: Tools, title: str = "Playout") -> None:
    """Write an MP4 of 8 s, 1280 by 720 at 30 frames per second, H.264 and AAC.

    `title` is in its metadata, and in its picture if ffmpeg can read SVG. Raise `StorageFull`.
    """
    target = target.absolute()
    svg = target.with_suffix(".svg")
    svg.write_text(svg_of_text(title, max_width=900, max_height=130), encoding="utf-8")
    try:
        if not _render(target, tools, title, svg) and not _render(target, tools, title):
            raise MediaRejected("The sample clip could not be made with this ffmpeg.")
    finally:
        svg.unlink(missing_ok=True)


def _render(target: Path, tools: Tools, title: str, svg: Path | None = None) -> bool:
    svg_input = ["-framerate", str(FPS), "-f", "svg_pipe", "-i", f"file:{svg}"] if svg else []
    command = [
        *ffmpeg_command(tools),
        *("-f", "lavfi", "-i", _COLOURS, "-f", "lavfi", "-i", _chord()),
        *svg_input,
        *("-filter_complex", _graph(has_title=svg is not None), "-map", "[v]", "-map", "1:a"),
        *("-c:v", "libx264", "-preset", "superfast", "-crf", "22", "-profile:v", "high"),
        *("-force_key_frames", "expr:gte(t,n_forced*2)", "-t", str(SECONDS)),
        *("-c:a", "aac", "-b:a", "128k", "-metadata", f"title={title}"),
        *("-movflags", "+faststart", "-f", "mp4", "-y", f"file:{target}"),
    ]
    confinement = tools.confinement(tools.limits.probe_seconds)
    completed = run(command, confinement, folder=target.parent, readable=[tools.ffmpeg])
    return completed.returncode == 0


def _graph(*, has_title: bool) -> str:
    fades = f"fade=in:d=0.4,fade=out:st={SECONDS - 0.6}:d=0.6,format=yuv420p[v]"
    if not has_title:
        return f"[0:v]{fades}"
    return (
        "[2:v]format=yuva420p,loop=loop=-1:size=1,fade=in:st=0.3:d=1:alpha=1[title];"
        # The title rises into its place, ever slower.
        "[0:v][title]overlay=x=(W-w)/2:y='(H-h)/2+60*exp(-2.5*t)':shortest=1[titled];"
        f"[titled]{fades}"
    )


def _chord() -> str:
    """Return a source of audio: an A major chord whose notes are plucked one after the other.

    The channels differ slightly in pitch, which makes the sound wide.
    """
    sides = "|".join(_side(detune) for detune in (1.0, 1.0015))
    fades = f"afade=in:d=0.3,afade=out:st={SECONDS - 1.5}:d=1.5"
    return f"aevalsrc='{sides}':s=48000:d={SECONDS},{fades}"


def _side(detune: float) -> str:
    pad = [
        f"0.05*sin(2*PI*{hertz * detune}*t)*(0.7+0.3*sin(t*{1 + i}))"
        for i, hertz in enumerate(_PAD)
    ]
    plucks = [
        # The ramp at the beginning of each stroke avoids a click.
        f"0.12*sin(2*PI*{hertz * detune}*t)*exp(-4*{since})*min(1,150*{since})"
        for hertz, every, delay in _PLUCKS
        for since in [f"mod(t+{every - delay},{every})"]
    ]
    return "+".join(pad + plucks)
