"""What was done by whom: records in a signed hash chain that can be checked without the hub."""
