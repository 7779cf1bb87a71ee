"""Speed and memory, printed beside named references measured in the same run; asserts nothing."""
