"""Live pictures of cameras: the player, one pane, the grid of panes. GUI thread only."""
