"""services/cases."""
