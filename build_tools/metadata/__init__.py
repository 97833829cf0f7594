"""Data about pages for machines: schema.org, feeds, sitemaps, citations."""
