"""Articles from addresses: fetched when one is given, and kept as files below the corpus folder."""
