"""考勤: who takes which class, which pupils were away on which school day, and which classes nobody has called yet."""
