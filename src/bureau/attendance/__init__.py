"""考勤 (attendance): who teaches which class, and who was absent on which day."""
