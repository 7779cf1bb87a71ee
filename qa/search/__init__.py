"""Finding: a question to candidate passages, compared with it word by word and ranked."""
