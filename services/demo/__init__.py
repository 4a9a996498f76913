"""services/demo."""
