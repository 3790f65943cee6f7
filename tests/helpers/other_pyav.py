"""A PyAV of another version, which knows less than Playout asks for."""

from pathlib import Path

OPEN = """\
def open(file, format=None, options=None):
    raise AssertionError
"""


def other_pyav(folder: Path) -> Path:
    """Write a package `av` without `metadata_errors`; return the folder for `sys.path`."""
    package = folder / "other" / "av"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(OPEN)
    (package / "error.py").write_text("class FFmpegError(Exception): ...\n")
    (package / "stream.py").write_text("class Disposition: ...\n")
    return package.parent
