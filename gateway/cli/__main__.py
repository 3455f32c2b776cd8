"""`python -m gateway.cli`, where the command itself is not on the path."""

from gateway.cli import main

if __name__ == "__main__":  # a worker process imports this module once more
    main()
