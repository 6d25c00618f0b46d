"""控辍关爱: the roll of all children of school age, who looks after whom, and the reports that are due."""
