"""What is thrown at the gateway, by name: each attack says what it sends and sees to it that it is refused cleanly."""
