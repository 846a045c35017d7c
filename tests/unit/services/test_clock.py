"""The present, and new ids."""

from datetime import timedelta
from uuid import UUID

from backend.services import clock


def test_now_is_in_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)


def test_ids_are_uuids_of_version_7_and_later_ones_sort_later() -> None:
    ids = [clock.new_id() for _ in range(1000)]

    assert {UUID(one).version for one in ids} == {7}
    assert ids == sorted(set(ids))
