"""The room of landing pages, with brands and film templates."""
