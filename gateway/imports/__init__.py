"""Files that people bring: read as a stream, checked line by line, and written as a whole."""
