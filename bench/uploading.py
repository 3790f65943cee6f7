"""Taking in files: how fast beside a bare server, and in how much memory."""

from pathlib import Path

import psutil

from bench.measure import Result, by_turns, in_process
from bench.site import Server, answering, create_video, found_organization, free_port, put

ROUNDS = 3
MEGABYTES = 512
LARGE = 2048


def uploading(server: Server, data_dir: Path, folder: Path) -> list[Result]:
    """Throughput, then the most memory that the server holds during a larger upload."""
    key, project = found_organization(data_dir, "Uploading")
    port = free_port()
    arguments = ["bench.bare_sink", str(port), str(folder / "sunk")]
    with answering(arguments, port, "/", folder / "sink.log") as sink:
        return [
            _throughput(server, sink, key, project, folder),
            _memory(server, key, project, folder),
        ]


def _throughput(server: Server, sink: Server, key: str, project: int, folder: Path) -> Result:
    file = _file(folder, MEGABYTES)

    def ours(_: int) -> float:
        return MEGABYTES / _sent(server, key, project, file)

    def bare(_: int) -> float:
        head = put("/", key, file.stat().st_size)
        return MEGABYTES / in_process(
            "bench.send", {"port": sink.port, "head": head, "file": str(file)}
        )

    rates = by_turns(ROUNDS, ours, bare)
    file.unlink()
    (folder / "sunk").unlink()
    detail = (
        f"{rates.told()} MB: one PUT of {MEGABYTES} MB, hashed and synced, beside bare Starlette"
        f" that only writes it, {ROUNDS} rounds"
    )
    return Result("upload", rates.ratio, 0.7, "×", detail)


def _memory(server: Server, key: str, project: int, folder: Path) -> Result:
    file = _file(folder, LARGE)
    Path(f"/proc/{server.pid}/clear_refs").write_text("5")  # forget the peak until now
    before = psutil.Process(server.pid).memory_info().rss / 1e6
    _sent(server, key, project, file)
    file.unlink()
    status = Path(f"/proc/{server.pid}/status").read_text()
    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1e3
    detail = f"peak RSS of the server during a PUT of {LARGE} MB; {before:.0f} MB before it"
    return Result("memory while uploading", peak, 200, "MB", detail)


def _sent(server: Server, key: str, project: int, file: Path) -> float:
    video = create_video(server, key, project)
    head = put(f"/api/v1/videos/{video}/source/", key, file.stat().st_size)
    return in_process("bench.send", {"port": server.port, "head": head, "file": str(file)})


def _file(folder: Path, megabytes: int) -> Path:
    """A file that is no video, so that nothing is made of it while others are measured."""
    file = folder / f"{megabytes}.bin"
    block = bytes(range(256)) * 4096
    with file.open("wb") as out:
        for number in range(megabytes):
            out.write(number.to_bytes(4, "big") + block[4:])
    return file
