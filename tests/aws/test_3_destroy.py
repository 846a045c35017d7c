"""What was applied can be taken down, and leaves nothing."""

from tests.aws.deployment import Deployment


def test_destroy_leaves_nothing(applied: Deployment, empty_account: dict[str, int]) -> None:
    applied.destroy()

    assert applied.resources() == []
    assert applied.inventory() == empty_account
