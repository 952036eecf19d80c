package broken

func Broken() int {
	return undefinedName + 1
}

func Other() string { return 3 }
