"""Whether each protection is needed: its test, run once with the protection taken out, must fail.

``python -m tests.protections``, or ``make protections``: every entry of ``catalogue.py`` is taken out of a copy of
the source, one at a time, and its test run there. The table goes to docs/reliability.md.
"""
