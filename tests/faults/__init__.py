"""What no crash, full disk or second process may do to an index."""
