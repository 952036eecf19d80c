package gotests

import "testing"

func TestFive(t *testing.T) { t.Error("not five") }
