"""Files that are too large for memory: a form whose file is taken while it arrives."""

from collections.abc import Callable
from typing import ParamSpec, Protocol, TypeVar

from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from playout.console.forms import FIELD_BYTES, MAX_PARTS
from playout.console.visit import Outcome
from playout.kit.errors import Invalid, PlayoutError, TooLarge

PIECE = 256 * 1024
"""Bytes that are taken at once."""


class Receiver(Protocol):
    """The taker of the file of a form."""

    def feed(self, chunk: bytes, *, is_last: bool = False) -> None:
        """Take the next bytes. Raise an error for a file that is not taken on."""

    def outcome(self) -> Outcome:
        """Return what to show once the whole file is taken."""


Begin = Callable[[dict[str, str]], Receiver]
Refuse = Callable[[dict[str, str], PlayoutError], Outcome]
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Run(Protocol):
    """A function that calls another one in a thread."""

    async def __call__(
        self,
        function: Callable[Arguments, Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result: ...


async def receive(
    request: Request, most_bytes: int, begin: Begin, refuse: Refuse, run: Run
) -> Outcome:
    """Give the file of a form to what `begin` returns for the fields before it.

    An error leads to `refuse`, but only after the whole form has arrived: browsers show an answer
    only then.
    """
    form = _Form(request, begin, run)
    problem: PlayoutError | None = None
    received = 0
    try:
        async for chunk in request.stream():
            received += len(chunk)
            if received > most_bytes:
                raise TooLarge(f"The file may have {most_bytes:,} bytes at the most.")
            if problem is None:
                try:
                    await form.take(chunk)
                except PlayoutError as error:
                    problem = error
        if problem is None:
            return await form.outcome()
    except ClientDisconnect:
        problem = Invalid("The connection broke before the whole file had arrived.")
    except PlayoutError as error:
        problem = error
    return await run(refuse, form.fields, problem)


class _Form:
    """A form with texts first, and a file after them."""

    def __init__(self, request: Request, begin: Begin, run: Run) -> None:
        self.fields: dict[str, str] = {}
        self._begin, self._run = begin, run
        _, options = parse_options_header(request.headers.get("content-type", ""))
        boundary = str(options.get("boundary", "")) or "-"
        self._parser = PushMultipartParser(boundary, max_segment_count=MAX_PARTS, strict=True)
        self._part: MultipartSegment | None = None
        self._content = bytearray()
        self._receiver: Receiver | None = None
        self._is_whole = False

    async def take(self, chunk: bytes) -> None:
        if not chunk:
            return
        try:
            events = list(self._parser.parse(chunk))
        except (MultipartError, ValueError) as error:
            raise Invalid("The form did not arrive whole: send it again.") from error
        for event in events:
            await self._take(event)

    async def outcome(self) -> Outcome:
        if self._receiver is None:
            raise Invalid("file: Choose a file.", {"file": "Choose a file."})
        if not self._is_whole:
            raise Invalid("The form did not arrive whole: send it again.")
        return await self._run(self._receiver.outcome)

    async def _take(self, event: MultipartSegment | bytes | bytearray | None) -> None:
        if isinstance(event, MultipartSegment):
            self._part = event
        elif event is None:
            await self._end()
        else:
            self._content += event
            await self._spill()

    async def _spill(self) -> None:
        if not self._is_file():
            if len(self._content) > FIELD_BYTES:
                raise TooLarge(f"A field may have {FIELD_BYTES:,} bytes at the most.")
        elif len(self._content) >= PIECE:
            await self._feed(is_last=False)

    async def _end(self) -> None:
        if self._part is None:
            return
        if self._is_file():
            # A form that is sent without a file has one without a name.
            if self._part.filename:
                await self._feed(is_last=True)
                self._is_whole = True
        else:
            try:
                self.fields.setdefault(self._part.name, self._content.decode())
            except UnicodeDecodeError:
                raise Invalid(f"{self._part.name}: It is not UTF-8.") from None
        self._part = None
        self._content.clear()

    async def _feed(self, *, is_last: bool) -> None:
        if self._is_whole:
            raise Invalid("Send one file.")
        receiver = self._receiver
        if receiver is None:
            receiver = self._receiver = await self._run(self._begin, self.fields)
        await self._run(receiver.feed, bytes(self._content), is_last=is_last)
        self._content.clear()

    def _is_file(self) -> bool:
        return self._part is not None and self._part.filename is not None
