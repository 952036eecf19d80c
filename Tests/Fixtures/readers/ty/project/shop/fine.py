TEXT: str = "a.py:3: error: nothing  [misc]"
