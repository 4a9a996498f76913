"""services.ingest.gis."""
