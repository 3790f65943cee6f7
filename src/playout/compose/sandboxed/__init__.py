"""Drawing in a process of its own, in the sandbox: pictures and fonts may be hostile."""
