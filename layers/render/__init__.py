"""layers/render."""
