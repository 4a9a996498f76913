"""layers/model."""
