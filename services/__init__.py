"""Everything below the screen: domain, packs, feed, storage, hub. Never imports Qt."""
