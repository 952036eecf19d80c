package good

import (
	"fmt"
	"testing"
)

func TestGood(t *testing.T) {
	fmt.Println("error: nothing is wrong")
	fmt.Println("panic: only a word")
}

func TestAlsoGood(t *testing.T) { t.Run("inner", func(t *testing.T) {}) }
