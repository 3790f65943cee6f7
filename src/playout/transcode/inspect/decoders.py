"""The decoders that a file may use: those of common cameras, phones, editors and archives.

ffmpeg knows several hundred, and its faults are found in the ones that nobody uses.
"""

VIDEO_DECODERS = (
    "h264 hevc av1 libdav1d vp8 vp9 libvpx libvpx-vp9 vvc theora "
    "mpeg1video mpeg2video mpegvideo mpeg4 msmpeg4v1 msmpeg4v2 msmpeg4 wmv1 wmv2 wmv3 vc1 "
    "flv vp6 vp6f h263 h263i svq1 svq3 cinepak dvvideo mjpeg "
    "prores dnxhd cfhd ffv1 huffyuv ffvhuff utvideo qtrle png gif rawvideo v210"
)
AUDIO_DECODERS = (
    "aac aac_latm mp1 mp1float mp2 mp2float mp3 mp3float ac3 eac3 dca truehd flac alac "
    "opus libopus vorbis libvorbis speex libspeex nellymoser amrnb amrwb "
    "libopencore_amrnb libopencore_amrwb wmav1 wmav2 wmapro wmalossless "
    "adpcm_ms adpcm_ima_wav adpcm_ima_qt adpcm_swf "
    "pcm_u8 pcm_s8 pcm_s16le pcm_s16be pcm_s24le pcm_s24be pcm_s32le pcm_s32be pcm_f32le "
    "pcm_f32be pcm_f64le pcm_f64be pcm_alaw pcm_mulaw pcm_dvd pcm_bluray"
)
DECODERS = tuple(VIDEO_DECODERS.split() + AUDIO_DECODERS.split())
