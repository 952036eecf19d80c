func add(_ a: Int, _ b: Int) -> Int {
    let text: Int = "text"
    var unused = 1
    return missing(a)
}
