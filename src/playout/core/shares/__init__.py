"""Public video shares: a landing page for each channel of a project, and what renders for it."""
