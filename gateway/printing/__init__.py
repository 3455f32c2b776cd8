"""Pages for people: a statement becomes a PDF in a process of its own."""
