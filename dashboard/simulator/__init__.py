"""The simulator: customers of a rush hour, and a factory that has a bad day. Off unless FACTOAUTO_SIMULATOR=1."""
