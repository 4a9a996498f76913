"""Benchmarks, one module per family with ``run(...) -> list[Row]``. Never part of the tests."""
