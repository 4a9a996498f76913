"""Controllers connect widgets' intents with a session; one file, one concern. GUI thread."""
