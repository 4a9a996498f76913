"""The map: ``model`` is numpy without Qt, ``render`` draws it with QtLocation and the GPU."""
