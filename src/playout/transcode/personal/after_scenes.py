"""The first segment after a scene that is left out.

Where times jump, players put a segment at the time of its first decoding, and it is shown a few
pictures later: they would stop in the hole. So its first pictures are decoded at once, as those at
the beginning of every film are.
"""

from playout.transcode.inspect.samples import segment_samples
from playout.transcode.personal.fragments import Sample, fragment

_FIRST_NUMBER = 1


def without_delay(segment: bytes, track_id: int) -> bytes:
    """Return a segment whose first picture is decoded when it is shown, with the same pictures.

    Raise `MediaRejected` if the segment is damaged.
    """
    samples = segment_samples(segment)
    shown = sorted(samples.times)
    delay = max(a - b for a, b in zip(shown, samples.times, strict=True))
    # In ticks: one after the other until their own times have come.
    decoded = [max(time - delay, shown[0] + number) for number, time in enumerate(shown)]
    places, sync = samples.places(), set(samples.sync)
    pictures = [
        Sample(segment[place : place + size], decoded[number], time, is_key=number + 1 in sync)
        for number, (place, size, time) in enumerate(
            zip(places, samples.sizes, samples.times, strict=True)
        )
    ]
    return fragment(track_id, _FIRST_NUMBER, pictures, samples.end)
