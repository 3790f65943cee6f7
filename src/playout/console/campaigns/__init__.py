"""The room of campaigns: productions, their distributions and their activations."""
