"""The answers of Companies House, played from the example market."""
