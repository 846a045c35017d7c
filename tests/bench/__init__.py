"""Rush hours, measured: ``make bench``. Every contender side by side in one run, its ledger checked afterwards."""
