"""Preview cards and structured data: the facts of a page for machines."""
