"""The API's operations, one module per tag of its reference."""
