"""ffmpeg's filters between decoded and encoded pictures."""

from collections.abc import Sequence
from fractions import Fraction

from playout.transcode.encode.ladder import Rung, own_size
from playout.transcode.inspect.colours import Colours
from playout.transcode.inspect.probe import Probe, VideoStream

PICTURE = "picture"
"""The label, before the number of the input, of pictures that all have the same size and shape."""
_PROGRESSIVE_CODECS = {"vp8", "vp9", "av1", "png", "gif", "qtrle", "cinepak", "theora"}
_LEAST_INTERLACED = 3
"""The least columns and lines that can be deinterlaced."""
_WORKING_FORMAT, _HDR_WORKING_FORMAT = "yuv420p", "yuv420p10le"
_TINY = 0.01
"""The most by which shapes may differ and still count as the same."""
_WHITE_NITS, _PEAK_NITS = 203, 10_000
"""Nits of white paper (ITU-R BT.2408) become white, and those of the brightest PQ as well."""
_SHARPER = ":param0=0:param1=0.75"
"""The bicubic kernel for what was scaled before: the usual one (0.6) would soften it again."""
_DOUBLE = 3.9
"""The least factor between the pixels of two rungs of which one has sides twice as long."""
_LINEAR_SHARE = 0.6
"""The part of white below which brightness stays as it is; brighter parts are compressed."""


def uniform_pictures(probe: Probe, number: int = 0) -> str:
    """Return the graph of pictures that all have the same size, shape and colour.

    `number` is that of the input. The output is labelled by `PICTURE` and that number. The last
    picture is held for ever: what follows takes as many as it needs.

    Where a picture differs from the one before it, ffmpeg builds this graph again. It has no memory
    of time. Graphs behind it always get the same kind of picture, so they stay as they are. They
    cannot rely on an end, because ffmpeg passes none on between graphs.
    """
    chain = [*_uniform(probe), "tpad=stop=-1:stop_mode=clone"]
    return f"[{number}:{probe.video.index}]{','.join(chain)}[{PICTURE}{number}]"


def _uniform(probe: Probe) -> list[str]:
    """Return filters that give all pictures the same size, shape and colour.

    Pictures of another shape get black bars, and transparent ones lie on black. Those whose colours
    nobody knows become grey. Those whose damaged
    time is behind the end are left out. Rotation and cropping need no filter: ffmpeg does both by
    itself.
    """
    video = probe.video
    width, height = own_size(video.width, video.height)
    filters = [f"setpts=PTS-{video.shown_late:.6f}/TB"] if video.shown_late else []
    filters += [f"select='lte(t,{probe.seconds + 1:.3f})'"]
    if _may_be_interlaced(video):
        filters += ["bwdif=mode=send_frame:deint=interlaced"]
    if video.lacks_base_layer:
        filters += ["hue=s=0"]
    if video.has_alpha:
        filters += ["premultiply=inplace=1"]
    filters += [_fit(width, height, _conversion(video)), f"format={_working_format(video)}"]
    filters += [f"pad={width}:{height}:(ow-iw)/2:(oh-ih)/2"]
    return [*filters, "setsar=1", _tags(_working(video))]


def _may_be_interlaced(video: VideoStream) -> bool:
    is_large_enough = min(video.width, video.height) >= _LEAST_INTERLACED
    return is_large_enough and not video.is_rgb and video.codec not in _PROGRESSIVE_CODECS


def fit_into_frame(video: VideoStream, rate: Fraction, frame: tuple[int, int]) -> list[str]:
    """Return filters that scale uniform pictures into the frame, and fill it with black bars.

    Their frame rate becomes constant, and their colours those of an HD video.
    """
    scale = min(frame[0] / video.width, frame[1] / video.height)
    width, height = (max(round(side * scale / 2) * 2, 2) for side in (video.width, video.height))
    filters = [f"fps={rate}:start_time=0", *_standard_range(video, width, height)]
    filters += [f"{_scale(width, height)}:out_color_matrix=bt709", "format=yuv420p", "setsar=1"]
    return [*filters, f"pad={frame[0]}:{frame[1]}:(ow-iw)/2:(oh-ih)/2", _tags(Colours())]


def rungs_graph(probe: Probe, rungs: Sequence[Rung]) -> str:
    """Return the graph that makes the pictures of each of the rungs from `PICTURE`.

    Each one but the largest is scaled from a larger one. The outputs are labelled `v0`, `v1` and so
    on. They begin at 0 and last until the video ends: the first picture is shown from the
    beginning, and the last one is held.
    """
    video = probe.video
    largest = max(rungs, key=lambda rung: rung.pixels)
    shared = [f"fps={largest.fps}:start_time=0", f"trim=end_frame={frames_of(probe, largest.fps)}"]
    shared += _standard_range(video, largest.width, largest.height)
    parents = [_scaled_from(rung, rungs) for rung in rungs]
    chains = [f"[{PICTURE}0]{','.join(shared)}[s{rungs.index(largest)}]"]
    for number, rung in enumerate(rungs):
        filters, parent = [], parents[number]
        if parent and rung.fps != parent.fps:
            filters += [f"fps={rung.fps}", f"trim=end_frame={frames_of(probe, rung.fps)}"]
        is_again = parent and (parent.width, parent.height) != own_size(video.width, video.height)
        filters += [_scale(rung.width, rung.height, _SHARPER if is_again else "")]
        filters += ["format=yuv420p", "setsar=1", _tags(video.colours.target)]
        children = [f"[s{each}]" for each, its in enumerate(parents) if its == rung]
        filters += [f"split={len(children) + 1}"] if children else []
        chains.append(f"[s{number}]{','.join(filters)}[v{number}]{''.join(children)}")
    return ";".join(chains)


def _scaled_from(rung: Rung, rungs: Sequence[Rung]) -> Rung | None:
    """Return the rung that this one is scaled from; None for the largest.

    It is the smallest one with sides twice as long, or else the largest: the fewer pixels are
    scaled, the less time it takes.
    """
    larger = sorted((each for each in rungs if each.pixels > rung.pixels), key=lambda r: r.pixels)
    doubles = [each for each in larger if each.pixels >= rung.pixels * _DOUBLE]
    return next(iter(doubles), larger[-1] if larger else None)


def frames_of(probe: Probe, rate: Fraction) -> int:
    """Return the number of pictures of a rendition at that rate, at least 1."""
    return max(1, round(probe.duration_ms * rate / 1000))


def stills_graph(probe: Probe, rate: str | int | None, size: tuple[int, int]) -> str:
    """Return the graph that makes stills of that size, in the colours of JPEG.

    `rate` is how many pictures per second there are; None keeps each one that is decoded. The graph
    ends without a label.
    """
    filters = [f"fps={rate}:start_time=0:round=up"] if rate else []
    filters += _standard_range(probe.video, *size)
    filters += [f"{_scale(*size)}:out_color_matrix=bt470bg", "format=yuv420p", "setsar=1"]
    chain = [*_uniform(probe), *filters, "setparams=colorspace=bt470bg"]
    return f"[0:{probe.video.index}]{','.join(chain)}"


def _working(video: VideoStream) -> Colours:
    """Return the colours of uniform pictures."""
    if video.is_hdr or video.colours.is_wide:
        return video.colours
    return video.colours.target


def _working_format(video: VideoStream) -> str:
    return _HDR_WORKING_FORMAT if video.is_hdr else _WORKING_FORMAT


def _conversion(video: VideoStream) -> str:
    """Return the options of a scaler that tell it the colours on both sides."""
    _, _, matrix = _working(video).names
    source = "" if video.is_rgb else f":in_color_matrix={_scaler_matrix(video.colours)}"
    in_range = "pc" if video.colours.is_full_range else "tv"
    return f"{source}:in_range={in_range}:out_color_matrix={matrix}:out_range=tv"


def _scaler_matrix(colours: Colours) -> str:
    """Return the matrix by the name that the scaler knows."""
    name = colours.names[2]
    return "bt2020" if name.startswith("bt2020") else name


def _fit(width: int, height: int, options: str) -> str:
    """Return the scaler that fits pictures of any shape into that size, with square pixels."""
    is_same = f"lt(abs(dar*{height}/{width}-1),{_TINY})"
    fitted = (
        f"if({is_same},{width},clip(2*round({height}*dar/2),2,{width}))",
        f"if({is_same},{height},clip(2*round({width}/dar/2),2,{height}))",
    )
    return f"scale=w='{fitted[0]}':h='{fitted[1]}':flags=bicubic{options}"


def _scale(width: int, height: int, options: str = "") -> str:
    return f"scale={width}:{height}:flags=bicubic{options}"


def _tags(colours: Colours) -> str:
    primaries, transfer, matrix = colours.names
    return (
        f"setparams=color_primaries={primaries}:color_trc={transfer}:colorspace={matrix}:range=tv"
    )


def _standard_range(video: VideoStream, width: int, height: int) -> list[str]:
    """Return filters from a wide or high range of colours to that of ordinary screens, if needed.

    Light is computed with floats, which is slow: they scale first.
    """
    if not (video.is_hdr or video.colours.is_wide):
        return []
    tone_map = [f"tonemap=mobius:param={_LINEAR_SHARE}:peak={_PEAK_NITS / _WHITE_NITS:.2f}:desat=0"]
    return [
        f"zscale=w={width}:h={height}:t=linear:npl={_WHITE_NITS}",
        "format=gbrpf32le",
        "zscale=p=bt709",
        *(tone_map if video.is_hdr else []),
        "zscale=t=bt709:m=bt709:r=tv",
        "format=yuv420p",
        _tags(Colours()),
    ]
