"""services/dispatch."""
