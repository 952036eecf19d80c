def test_good():
    print("error: nothing is wrong")
    print("FAILED to be sad")


def test_also_good():
    pass
