"""What the gateway does when time passes: deliveries, expiries, deadlines. See `clockwork`."""
