"""Shapes of this room; see its package."""
