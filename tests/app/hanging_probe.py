"""A probe whose graphics driver never answers."""

import time

time.sleep(600)
