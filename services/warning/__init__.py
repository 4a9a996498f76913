"""services/warning."""
