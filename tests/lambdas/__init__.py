"""The Lambda handlers, called with events as AWS makes them."""
