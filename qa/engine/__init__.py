"""Candidates from a Milvus in place of the indexes here."""
