"""The catalog of an organisation: templates, categories, subcategories and tags of its videos."""
