"""A probe whose graphics driver is broken."""

import os
import signal

os.kill(os.getpid(), signal.SIGSEGV)
