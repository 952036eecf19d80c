package vets

import (
	"fmt"
	"testing"
)

func TestVets(t *testing.T) { fmt.Printf("%d\n", "text") }
