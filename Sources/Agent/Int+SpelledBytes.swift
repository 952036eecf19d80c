extension Int {
    /// Reads `500KB`, `8 MB`, `1GB` or a bare number of bytes; nil for anything else. 1 KB is 1,024 bytes.
    init?(spelledOutBytes text: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }
        let shifts = ["": 0, "KB": 10, "MB": 20, "GB": 30]
        guard let number = Int(digits), let shift = shifts[String(unit)] else { return nil }
        let (bytes, isTooLarge) = number.multipliedReportingOverflow(by: 1 << shift)
        guard !isTooLarge else { return nil }
        self = bytes
    }
}
