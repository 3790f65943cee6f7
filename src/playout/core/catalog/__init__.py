"""The catalog of an organization: templates, categories, subcategories and tags of its videos."""
