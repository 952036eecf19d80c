#[test]
fn adds_outside() {
    assert!(calc::add(1, 1) == 2);
}
