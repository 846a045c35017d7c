"""``python -m tests.screenshots``: the pictures of docs/images, taken from the running dashboard."""
