def broken() -> int
    return 1
