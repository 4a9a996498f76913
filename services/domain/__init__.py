"""Pure domain: entities, events, the fold, geodesy, errors. Imports nothing of ours; any thread."""
