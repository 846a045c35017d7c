"""The chaos run: the whole shop as real processes, broken at random, and made to add up in the end.

``python -m tests.chaos --seconds 600 --seed 7``, or ``make chaos SECONDS=600 SEED=7``. From the files in order:
``plan.py`` draws from the seed what breaks when; ``stage.py`` starts MariaDB, the local AWS, two backends, three
workers and the factory mock, with lines between them that can be cut; ``strikes.py`` breaks and mends;
``buyers.py`` and ``clerk.py`` are customers and an operator who go on; ``settling.py`` waits for the
dust to settle; ``verdict.py`` judges the books; ``figures.py`` counts; ``run.py`` puts it all together.

The seed repeats the plan and the wishes, not the scheduling of the processes: a run that failed is likely to fail
again with its seed, and is not certain to.
"""
