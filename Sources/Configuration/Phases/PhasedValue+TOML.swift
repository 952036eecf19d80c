import TOML

extension PhasedValue {
    /// Reads a value for the whole run, or a table with one for some phases.
    ///
    /// - Throws: For a value that is neither, and a key that is no phase.
    init(_ field: TOMLField) throws(TOMLError) {
        if let text = field.value.string {
            self.init(text)
            return
        }
        guard field.value.table != nil else { throw field.mismatch("a string, or a table with one for each phase") }
        var values: [WorkPhase: String] = [:]
        for field in try field.section().fields { values[try field.key() as WorkPhase] = try field.string() }
        self.init(values)
    }
}
