"""名册比对 (links): other offices' registers as they came, and which line of them is which pupil."""
