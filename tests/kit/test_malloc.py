"""Freed memory is returned to the system."""

import subprocess
import sys

import pytest

SCRIPT = """
import psutil
from playout.kit.malloc import set_mmap_threshold
set_mmap_threshold()
bytearray(16 << 20)  # from here on glibc would keep blocks as large as that
blocks = [(bytearray(2 << 20), bytes(5000)) for _ in range(50)]
kept = [small for _, small in blocks]
held = psutil.Process().memory_info().rss
del blocks
print((held - psutil.Process().memory_info().rss) >> 20)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's habit")
def test_large_blocks_are_returned_to_the_system():
    freed = subprocess.check_output([sys.executable, "-c", SCRIPT], text=True)
    assert int(freed) >= 90
