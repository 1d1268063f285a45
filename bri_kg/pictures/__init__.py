"""Pictures: the explorer's page of a network, still pictures, and charts."""
