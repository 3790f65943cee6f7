"""Dolby Vision, made by hand: no free encoder writes its metadata."""

START = b"\x00\x00\x00\x01"
NAL_HEADER = b"\x7c\x01"  # of type 62
FIRST_OTHER_TYPE = 32
"""The type of the first units of HEVC that hold no picture."""


class Bits:
    """Bits that are written one after the other."""

    def __init__(self) -> None:
        self.written = ""

    def number(self, value: int, bits: int) -> "Bits":
        self.written += format(value, f"0{bits}b")
        return self

    def golomb(self, *values: int) -> "Bits":
        for value in values:
            binary = format(value + 1, "b")
            self.written += "0" * (len(binary) - 1) + binary
        return self

    def to_bytes(self) -> bytes:
        whole = self.written + "0" * (-len(self.written) % 8)
        return int(whole, 2).to_bytes(len(whole) // 8, "big")


def metadata(profile: int, *, is_full_range: bool) -> bytes:
    """What Dolby calls an RPU: `profile` is 0 for one without a base layer, else 1."""
    bits = Bits().number(2, 6).number(18, 11).number(profile, 4).number(1, 4)
    bits.number(0b1000, 4).golomb(23).number(1, 2).number(is_full_range, 1)
    bits.golomb(2, 2, 4).number(1, 6)  # 10, 10 and 12 bits; no enhancement layer
    bits.number(0, 2).golomb(0, 0, 0)
    for _ in range(3):
        bits.golomb(0).number(0, 10).number(1023, 10)  # one piece from black to white
    bits.golomb(0, 0)
    for _ in range(3):
        bits.golomb(0, 0).number(0, 1).golomb(0).number(0, 23).golomb(1).number(0, 23)
    content = bits.to_bytes()
    return b"\x19" + content + _checksum(content).to_bytes(4, "big") + b"\x80"


def with_metadata(stream: bytes, rpu: bytes) -> bytes:
    """The HEVC stream, of one slice a picture, with the metadata behind each picture."""
    units = stream.replace(START, START[1:]).split(START[1:])[1:]
    written = b""
    for unit in units:
        written += START + unit
        if (unit[0] >> 1) & 0x3F < FIRST_OTHER_TYPE:
            written += START + NAL_HEADER + _escaped(rpu)
    return written


def _escaped(content: bytes) -> bytes:
    """The content of a unit, in which no start code may occur."""
    written, zeros = bytearray(), 0
    for each in content:
        if zeros == 2 and each <= 3:
            written.append(3)
            zeros = 0
        written.append(each)
        zeros = zeros + 1 if each == 0 else 0
    return bytes(written)


def _checksum(content: bytes) -> int:
    """CRC-32 as MPEG-2 has it."""
    crc = 0xFFFFFFFF
    for each in content:
        crc ^= each << 24
        for _ in range(8):
            crc = (crc << 1 ^ 0x04C11DB7 if crc & 0x80000000 else crc << 1) & 0xFFFFFFFF
    return crc
