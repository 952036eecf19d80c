pub fn broken() -> i32 {
    let text: i32 = "text";
    let unused = 1;
    missing(text)
}

pub fn other(list: Vec<i32>) {
    drop(list);
    println!("{}", list.len());
}
