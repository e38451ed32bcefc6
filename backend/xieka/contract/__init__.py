"""The contract between client and service: every value that crosses the network, validated on both sides."""
