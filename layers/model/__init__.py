"""Feature columns, clusters, picking, views. No Qt; a store is owned by one thread."""
