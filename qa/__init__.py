"""Finding and answering: a question becomes ranked hits and an answer with citations."""
