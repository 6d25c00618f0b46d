"""排队写入: SQLite for many writers, who wait in a queue instead of asking again and again."""
