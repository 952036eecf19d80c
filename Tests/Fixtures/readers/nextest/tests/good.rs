#[test]
fn good() {
    println!("error: nothing is wrong");
}

#[test]
fn also_good() {}
