package panics

import "testing"

func TestBefore(t *testing.T) {}

func TestPanics(t *testing.T) {
	Index(nil)
}

func TestAfter(t *testing.T) {}
