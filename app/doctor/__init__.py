"""``onemap doctor``: looks at everything that a hub or a desk needs, and says what to do. No Qt."""
