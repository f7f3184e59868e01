"""Reply -> messages: one template for all platforms, a palette for each."""
