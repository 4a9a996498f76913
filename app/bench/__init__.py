"""Benchmarks, one module per family with ``rows() -> list[Row]``. Never part of the tests."""
