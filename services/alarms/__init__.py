"""services/alarms."""
