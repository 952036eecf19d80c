package broken

func Half(a int) int { return a / "2" }
