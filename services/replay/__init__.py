"""Replay 回放: the recorded log shown again. It reads the log and has nothing to write with."""
