package panics

func Index(list []int) int { return list[3] }
