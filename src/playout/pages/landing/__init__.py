"""Landing pages: of shares, of recipients and of guest links, in the brand of a project."""
