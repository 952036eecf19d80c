"""Says shop/orders.py:3:4: E999 nothing."""

VALUE = "error: F401 nothing"
