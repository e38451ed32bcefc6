"""What every request passes: limits, problems, log, metrics, health."""
