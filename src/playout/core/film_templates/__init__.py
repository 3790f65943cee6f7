"""Film templates: what is drawn over the film of a project for each viewer, and where."""
