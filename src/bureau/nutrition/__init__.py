"""营养改善计划 (nutrition): meals due, delivered and eaten, by school and month."""
