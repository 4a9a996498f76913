"""Benchmarks, one module per family; each has ``run(...) -> list[Row]``. Never part of the tests."""
