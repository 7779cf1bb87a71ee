"""Making what is shipped: the weights of the ranking and of the confidence."""
