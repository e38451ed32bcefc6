"""The editor's folder: plain files (TOML, Markdown, images) that become the contract's models."""
