"""Windows: layout only. What happens on an intent stands in the controllers. GUI thread."""
