"""分配: who looks after whom. Pure: rows in, proposals with their reasons out."""
