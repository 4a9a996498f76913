"""Base maps: where their tiles come from, and how a tile is made of them."""
