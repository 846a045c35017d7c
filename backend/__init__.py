"""FactoAuto: a shop whose shelves fill themselves."""
