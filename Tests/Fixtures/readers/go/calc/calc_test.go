package calc

import (
	"fmt"
	"testing"
)

func TestAdds(t *testing.T) {
	for name, want := range map[string]int{"small": 4} {
		t.Run(name, func(t *testing.T) {
			if got := Add(2, 2); got != want {
				t.Errorf("Add(2, 2) = %d, want %d", got, want)
				t.Log("a second line")
			}
		})
	}
	t.Run("with spaces in it", func(t *testing.T) {
		t.Fatal("first line\nsecond line")
	})
	t.Run("fine", func(t *testing.T) {})
}

func TestPrints(t *testing.T) {
	fmt.Println("error: this is only printed")
	fmt.Println("x.go:3:4: printed too")
	helper(t)
}

func helper(t *testing.T) {
	t.Helper()
	t.Error("from a helper")
}

func TestSkipped(t *testing.T) { t.Skip("not today") }

func TestFine(t *testing.T) { t.Log("all is well") }

func TestSilent(t *testing.T) { t.Fail() }
