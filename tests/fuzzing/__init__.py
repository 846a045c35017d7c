"""The programs as they run, under fire: whatever is sent, the answer is one that the published document names.

Both are attacked over HTTP from their published documents, with every check of Schemathesis and in sequences of
calls that follow each other. ``make fuzz`` sends thousands of requests; the tests send a seeded few.
"""
