"""Vectors: text to vector, the FAISS index, and the training of the shipped model."""
