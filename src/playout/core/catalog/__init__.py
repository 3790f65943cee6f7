"""The catalog of an organization: templates, categories, subcategories and tags for its videos."""
