"""All that is read of a video file, by commands that run side by side."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.first_picture import FirstPicture, first_picture
from playout.transcode.inspect.packets import PacketList
from playout.transcode.inspect.probe_answer import (
    ChosenStreams,
    ProbeAnswer,
    rejection_text,
    run_probe,
)
from playout.transcode.inspect.restarts import list_joined_packets
from playout.transcode.inspect.sniff import Container
from playout.transcode.names import TrackKind
from playout.transcode.sandbox.tools import Tools


@dataclass(frozen=True, slots=True)
class Facts:
    """The findings of the commands."""

    answer: ProbeAnswer
    packets: PacketList
    longest_gap: float | None
    first: FirstPicture


def find_facts(
    source: Path, container: Container, tools: Tools, *, cancelled: Callable[[], bool]
) -> Facts:
    """Return the facts of a local file.

    Its packets are listed, and its first picture is looked at, while the child process still
    judges pictures from all over the file. `cancelled` is called in several threads. If several
    commands fail, the error is that of the child process, or else that of the list. Raise
    `MediaRejected` and `WorkCancelled`.
    """
    has_failed = Event()

    def is_over() -> bool:
        return has_failed.is_set() or cancelled()

    with ThreadPoolExecutor(2) as threads:
        lists: list[Future[tuple[PacketList, float | None]]] = []
        firsts: list[Future[FirstPicture]] = []

        def read_more(streams: ChosenStreams) -> None:
            picture, audio = (streams["video"], streams["codec"]), streams["audio"]
            reading = source, container, picture, audio, tools
            lists.append(threads.submit(list_joined_packets, *reading, cancelled=is_over))
            looking = source, container, streams["video"], tools
            firsts.append(threads.submit(first_picture, *looking, cancelled=is_over))

        try:
            answer = run_probe(
                source, container, TrackKind.VIDEO, tools, on_streams=read_more, cancelled=is_over
            )
            if "rejected" in answer:
                raise MediaRejected(rejection_text(answer, tools.limits))
            packets, longest_gap = lists[0].result()
            return Facts(answer, packets, longest_gap, firsts[0].result())
        except BaseException:
            has_failed.set()
            raise
