"""公开页面 (public pages): what anybody may open without an account. Nothing a visitor types is kept."""
