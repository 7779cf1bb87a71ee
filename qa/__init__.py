"""Finding and answering: a question becomes candidates, ranked hits, and an answer with citations."""
