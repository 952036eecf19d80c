//! Adds.

/// Adds two numbers.
///
/// ```
/// assert_eq!(calc::add(2, 2), 4);
/// ```
pub fn add(a: i32, b: i32) -> i32 {
    a - b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds() {
        assert_eq!(add(2, 2), 4, "two and two");
    }

    #[test]
    fn panics() {
        println!("error: this is only printed");
        let list: Vec<i32> = Vec::new();
        let _ = list[3];
    }

    #[test]
    fn returns() -> Result<(), String> {
        Err("it went wrong".to_string())
    }

    #[test]
    #[should_panic(expected = "other")]
    fn should_panic() {
        panic!("this one");
    }

    #[test]
    #[should_panic]
    fn should_panic_too() {}

    #[test]
    #[ignore = "slow"]
    fn ignored() {}

    #[test]
    fn fine() {
        let unused = 3;
    }
}
