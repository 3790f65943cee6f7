"""The fastest pace of viewers and networks."""

from playout.core.analytics.pace import BEACONS_A_SECOND, Crowd


class TestCrowd:
    def test_of_one_network_has_its_limit_in_each_second_and_no_other_feels_it(self) -> None:
        crowd = Crowd()
        admitted = [crowd.admits("198.51.100.9", 7.5) for _ in range(BEACONS_A_SECOND + 2)]
        assert admitted == [True] * BEACONS_A_SECOND + [False] * 2
        assert crowd.admits("198.51.100.10", 7.9)
        assert crowd.admits("198.51.100.9", 8.0)
