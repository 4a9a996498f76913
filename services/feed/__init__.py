"""The feed: frames, codec, sans-I/O protocol, client, sources. See the feed page in help."""
