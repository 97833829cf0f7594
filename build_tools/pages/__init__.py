"""Pages of the site as Markdown."""
