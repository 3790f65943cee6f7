"""A short clip to start with, made on the spot: drifting colours, a title, a soft chord."""

from pathlib import Path

from playout.transcode.encode.ffmpeg import start_of
from playout.transcode.errors import MediaRejected
from playout.transcode.lettering import lettered
from playout.transcode.sandbox.run import run
from playout.transcode.sandbox.tools import Tools

SECONDS = 8
FPS = 30
WIDTH, HEIGHT = 1280, 720
# Drawn tiny and scaled up: the colours are smooth, and each pixel is a formula.
_COLOURS = (
    f"nullsrc=s=96x54:r={FPS}:d={SECONDS},"
    "geq=r='128+100*sin(X/18+T*0.9)*cos(Y/15-T*0.7)'"
    ":g='70+55*sin((X+Y)/21-T*0.8)'"
    ":b='160+85*cos(X/24-Y/18+T*0.6)',"
    f"scale={WIDTH}:{HEIGHT}:flags=bicubic,format=yuv420p"
)
# Hertz, seconds between strokes, seconds of delay.
_PLUCKS = ((440, 1, 0), (554.37, 1, 0.5), (659.26, 2, 0.25), (880, 4, 1.75), (739.99, 4, 3.75))
_PAD = (220, 277.18, 329.63)


def make_demo_clip(target: Path, tools: Tools, title: str = "Playout") -> None:
    """Write an MP4 of 8 s, 1280 by 720 at 30 frames a second, H.264 and AAC, titled `title`.

    Letters need ffmpeg's SVG reader; where it is missing, the clip has none. Raises `StorageFull`.
    """
    target = target.absolute()
    drawing = target.with_suffix(".svg")
    drawing.write_text(lettered(title, most_width=900, most_height=130), encoding="utf-8")
    try:
        if not _rendered(target, tools, title, drawing) and not _rendered(target, tools, title):
            raise MediaRejected("The demonstration clip could not be made with this ffmpeg.")
    finally:
        drawing.unlink(missing_ok=True)


def _rendered(target: Path, tools: Tools, title: str, drawing: Path | None = None) -> bool:
    letters = ["-framerate", str(FPS), "-f", "svg_pipe", "-i", f"file:{drawing}"] if drawing else []
    line = [
        *start_of(tools),
        *("-f", "lavfi", "-i", _COLOURS, "-f", "lavfi", "-i", _sound()),
        *letters,
        *("-filter_complex", _graph(has_letters=drawing is not None), "-map", "[v]", "-map", "1:a"),
        *("-c:v", "libx264", "-preset", "superfast", "-crf", "22", "-profile:v", "high"),
        *("-force_key_frames", "expr:gte(t,n_forced*2)", "-t", str(SECONDS)),
        *("-c:a", "aac", "-b:a", "128k", "-metadata", f"title={title}"),
        *("-movflags", "+faststart", "-f", "mp4", "-y", f"file:{target}"),
    ]
    bounds = tools.confinement(tools.limits.probe_seconds)
    return run(line, bounds, folder=target.parent, readable=[tools.ffmpeg]).returncode == 0


def _graph(*, has_letters: bool) -> str:
    fades = f"fade=in:d=0.4,fade=out:st={SECONDS - 0.6}:d=0.6,format=yuv420p[v]"
    if not has_letters:
        return f"[0:v]{fades}"
    return (
        "[2:v]format=yuva420p,loop=loop=-1:size=1,fade=in:st=0.3:d=1:alpha=1[letters];"
        # Rises into place, ever slower.
        "[0:v][letters]overlay=x=(W-w)/2:y='(H-h)/2+60*exp(-2.5*t)':shortest=1[titled];"
        f"[titled]{fades}"
    )


def _sound() -> str:
    """An A major chord, its notes plucked in turn; left and right slightly apart in pitch."""
    sides = "|".join(_side(detune) for detune in (1.0, 1.0015))
    fades = f"afade=in:d=0.3,afade=out:st={SECONDS - 1.5}:d=1.5"
    return f"aevalsrc='{sides}':s=48000:d={SECONDS},{fades}"


def _side(detune: float) -> str:
    pad = [
        f"0.05*sin(2*PI*{hertz * detune}*t)*(0.7+0.3*sin(t*{1 + i}))"
        for i, hertz in enumerate(_PAD)
    ]
    plucks = [
        # The ramp keeps the stroke from clicking.
        f"0.12*sin(2*PI*{hertz * detune}*t)*exp(-4*{since})*min(1,150*{since})"
        for hertz, every, delay in _PLUCKS
        for since in [f"mod(t+{every - delay},{every})"]
    ]
    return "+".join(pad + plucks)
