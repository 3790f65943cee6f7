"""Recipes of small test clips, as arguments of ffmpeg; one clip per kind."""

from collections.abc import Callable
from pathlib import Path

MakeClip = Callable[[str], Path]
"""Makes the clip of that name, once, and returns its path."""
Ffmpeg = Callable[..., None]
"""Runs ffmpeg with these arguments."""

PICTURE = ("-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=2")
SOUND = ("-f", "lavfi", "-i", "sine=f=440:d=2")
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
AAC = ("-c:a", "aac")
AV = (*PICTURE, *SOUND)

RECIPES: dict[str, tuple[str, ...]] = {
    "plain.mp4": (*AV, *H264, *AAC),
    "plain.mov": (*AV, *H264, *AAC),
    "plain.mkv": (*AV, *H264, *AAC, "-metadata:s:a:0", "language=deu"),
    "plain.ts": (*AV, *H264, *AAC),
    "vp9.webm": (*AV, "-c:v", "libvpx-vp9", "-cpu-used", "8", "-c:a", "libopus"),
    "vertical.mp4": ("-f", "lavfi", "-i", "testsrc2=s=180x320:r=25:d=2", *H264),
    "silent.mp4": (*PICTURE, *H264),
    "odd.mkv": (*PICTURE, "-vf", "scale=321:181,setsar=1", "-pix_fmt", "yuv444p", "-c:v", "ffv1"),
    "pixel.mkv": (*PICTURE, "-vf", "scale=1:1,setsar=1", "-pix_fmt", "yuv444p", "-c:v", "ffv1"),
    "animated.gif": ("-f", "lavfi", "-i", "testsrc2=s=320x180:r=10:d=2"),
    "still.gif": (*PICTURE, "-frames:v", "1"),
    "animated.webp": (*PICTURE, "-frames:v", "3", "-c:v", "libwebp_anim"),
    "animated.png": (*PICTURE, "-frames:v", "3", "-f", "apng"),
    "surround.mkv": (*AV, *H264, "-ac", "6", "-c:a", "ac3"),
    "surround.mp4": (*AV, *H264, "-ac", "6", *AAC),
    "mp3.mp4": (*AV, *H264, "-c:a", "libmp3lame"),
    "one-frame.mp4": (*PICTURE, *H264, "-frames:v", "1"),
    "hevc.mp4": (*AV, "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=1"),
    "hevc-opus.mkv": (*AV, "-c:v", "libx265", "-x265-params", "log-level=1", "-c:a", "libopus"),
    "av1.mp4": (*PICTURE, "-c:v", "libsvtav1", "-preset", "12", "-svtav1-params", "lp=2"),
    "mpeg4.avi": (*AV, "-c:v", "mpeg4", "-c:a", "libmp3lame"),
    "h264.avi": (*AV, *H264, "-c:a", "libmp3lame"),
    "mpeg2.mpg": (*AV, "-c:v", "mpeg2video", "-c:a", "mp2"),
    "flash.flv": (*AV, "-c:v", "flv", "-ar", "44100", "-c:a", "libmp3lame"),
    "windows.wmv": (*AV, "-c:v", "wmv2", "-c:a", "wmav2"),
    "theora.ogv": (*AV, "-c:v", "libtheora", "-c:a", "libvorbis"),
    "broadcast.mxf": (*AV, "-c:v", "mpeg2video", "-c:a", "pcm_s16le", "-ar", "48000"),
    "ten-bit.mp4": (*PICTURE, *H264, "-pix_fmt", "yuv420p10le"),
    "four-four-four.mp4": (*PICTURE, *H264, "-pix_fmt", "yuv444p"),
    "rgb.mov": (*PICTURE, "-c:v", "qtrle"),
    "interlaced.mp4": (*PICTURE, "-vf", "tinterlace=interleave_top", *H264, "-flags", "+ildct"),
    "anamorphic.mpg": (*AV, "-vf", "scale=320:240,setsar=4/3", "-c:v", "mpeg2video"),
    "hdr.mp4": (
        *("-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=1"),
        *("-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le"),
        *("-x265-params", "log-level=1:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"),
    ),
    "vfr.mkv": (*PICTURE, "-vf", "select='gt(mod(n,5),1)'", "-fps_mode", "vfr", *H264),
    "large.mkv": (
        *("-f", "lavfi", "-i", "testsrc2=s=4096x128:r=25:d=1", "-c:v", "mpeg4", "-q:v", "5"),
    ),
    "fast.mkv": ("-f", "lavfi", "-i", "testsrc2=s=320x180:r=120:d=1", "-c:v", "mpeg4"),
    "tagged.mp4": (
        *(*AV, *H264, *AAC, "-metadata", "location=+52.5200+013.4050/"),
        *("-metadata:s:v:0", "handler_name=Jane's telephone"),
        *("-metadata", "title=At home", "-metadata:s:a:0", "language=fra"),
    ),
    "ntsc.mkv": (
        *("-f", "lavfi", "-i", "testsrc2=s=854x480:r=30000/1001:d=5"),
        *("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"),
    ),
    "sixty.mp4": ("-f", "lavfi", "-i", "testsrc2=s=1280x720:r=60:d=5", *H264),
    "clap.mp4": (
        # Black and silent in the first second, then white and loud.
        *("-f", "lavfi", "-i", "color=white:s=320x180:r=25:d=2,fade=st=0.96:d=0.04"),
        *("-f", "lavfi", "-i", "sine=f=440:r=48000:d=2,volume='gte(t,1)*4':eval=frame"),
        *H264, *AAC,
    ),
    "regular.mp4": (
        *("-f", "lavfi", "-i", "testsrc2=s=128x72:r=25:d=6", "-c:v", "libx264", "-bf", "3"),
        *("-pix_fmt", "yuv420p", "-g", "50", "-keyint_min", "50"),
    ),
    "late-index.mp4": (*AV, *H264, *AAC),
    "early-index.mp4": (*AV, *H264, "-g", "5", *AAC, "-movflags", "+faststart"),
    "tenth.mp4": (*PICTURE, *H264, "-t", "0.1"),
    "black.mp4": ("-f", "lavfi", "-i", "color=black:s=320x180:r=25:d=2", *H264),
    "black-start.mp4": (
        *("-f", "lavfi", "-i", "color=black:s=320x180:r=25:d=6"),
        *("-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=4"),
        *("-filter_complex", "[0][1]concat=n=2", *H264, "-g", "25"),
    ),
    "sound.m4a": (*SOUND, *AAC),
    "sound.mp4": (*SOUND, *AAC, "-f", "mp4"),
    "sound.wav": SOUND,
    "sound.mp3": (*SOUND, "-c:a", "libmp3lame"),
    "many.mkv": (*PICTURE, *H264, *("-map", "0:v") * 70, "-t", "0.1"),
    "huge.mkv": ("-f", "lavfi", "-i", "color=s=9000x9000:r=1:d=1", "-c:v", "mjpeg"),
    "short.mkv": (*PICTURE, "-vf", "scale=1920:1080", "-c:v", "mpeg4", "-q:v", "9"),
    "exotic.avi": (*PICTURE, "-c:v", "zmbv"),
}  # fmt: skip
