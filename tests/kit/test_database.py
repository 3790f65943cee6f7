"""The transactions of the database."""

import threading

import pytest
from sqlalchemy import text

from playout.kit.database.engine import pipelined_commit

LENGTH = text("SELECT set_config('playout.length', length(:text)::text, false)")
MIB = 1024 * 1024


class TestPipelinedCommit:
    @pytest.mark.parametrize("size", [10, 8 * MIB])
    def test_statements_of_any_size_end(self, runtime, size):
        """A statement that was larger than the buffer of the socket could wait for ever."""

        def commit() -> None:
            with runtime.database.write_session() as session, pipelined_commit(session):
                for _ in range(3):
                    session.connection().execute(LENGTH, {"text": "x" * size})

        thread = threading.Thread(target=commit, daemon=True)
        thread.start()
        thread.join(timeout=30)
        assert not thread.is_alive()
