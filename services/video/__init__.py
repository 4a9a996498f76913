"""services/video."""
