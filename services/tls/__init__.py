"""Encrypted lines to a hub: a certificate authority of one's own, contexts, expiry. Pure files."""
