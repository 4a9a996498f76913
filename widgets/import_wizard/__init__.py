"""widgets.import_wizard."""
