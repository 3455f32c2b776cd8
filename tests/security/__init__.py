"""What is thrown at the gateway, and what it costs."""
