package panics

import "testing"

func TestFine(t *testing.T) {}

func TestIndex(t *testing.T) {
	list := []int{}
	_ = list[len(list)]
}

func TestNeverRun(t *testing.T) {}
