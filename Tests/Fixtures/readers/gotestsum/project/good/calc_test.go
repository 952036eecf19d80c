package good

import "testing"

func TestAdd(t *testing.T) {
	if Add(1, 2) != 3 {
		t.Fatal("wrong")
	}
}

func TestNegative(t *testing.T) {
	if got := Add(-1, 2); got != 1 {
		t.Errorf("Add(-1, 2) = %d, want 1", got)
	}
}

func TestTable(t *testing.T) {
	for _, c := range []struct {
		name string
		a, b int
	}{{"small numbers", 1, 1}, {"below zero", -5, 5}} {
		t.Run(c.name, func(t *testing.T) {
			if got := Add(c.a, c.b); got != c.a+c.b {
				t.Errorf("got %d", got)
			}
		})
	}
}

func TestLater(t *testing.T) {
	t.Skip("not yet")
}
