"""Reading and keeping: a source file becomes an Issue of Articles of Passages, kept in SQLite."""
