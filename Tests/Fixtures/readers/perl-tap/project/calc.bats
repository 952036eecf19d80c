@test "adds" {
  [ $((1 + 1)) -eq 2 ]
}

@test "subtracts" {
  run echo 2
  [ "$output" -eq 1 ]
}

@test "later" {
  skip "not yet"
}
