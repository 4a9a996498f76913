"""services/replay."""
