"""The queues that a worker serves."""

import pytest

from playout.kit.errors import Invalid
from playout.settings import Settings
from playout.worker import queues_of


class TestQueuesOf:
    def test_all_are_served_but_those_that_are_left_to_others(self, tmp_path):
        settings = Settings(data_dir=tmp_path, ladder_concurrency=0, render_concurrency=3)
        queues = queues_of(settings, ())
        assert queues["render"] == 3
        assert "ladder" not in queues
        assert "upkeep" in queues

    def test_a_chosen_one_is_served_alone(self, tmp_path):
        settings = Settings(data_dir=tmp_path, render_concurrency=3)
        assert queues_of(settings, ["render"]) == {"render": 3}

    @pytest.mark.parametrize("queue", ["render", "rendering"])
    def test_one_that_nobody_would_serve_is_an_error(self, tmp_path, queue):
        settings = Settings(data_dir=tmp_path, render_concurrency=0)
        with pytest.raises(Invalid, match=queue):
            queues_of(settings, [queue])
