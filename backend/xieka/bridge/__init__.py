"""The bridge: loopback HTTP between the page and the features. Typed methods, no logic of its own."""
