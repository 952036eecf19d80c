import CExpat

/// Reads a document piece by piece, without ever having the whole of it.
///
/// What is untrusted is refused where it could do harm: no entity is declared, and nothing outside is read. What tools
/// get wrong is read all the same: bytes that are no text come as U+FFFD, and control characters as their pictures
/// (`␛` for escape), which XML cannot hold.
public final class XMLReader {
    private let state: State
    private var cleaner = XMLCleaner()

    /// How deep elements may be nested.
    public static let depthLimit = 200

    /// Makes a reader.
    ///
    /// - Parameter onEvent: Is called with each event, during ``read(_:)`` and ``finish()``.
    /// - Throws: `.missingLibrary`
    public init(onEvent: @escaping (XMLEvent) -> Void) throws(XMLError) {
        if let trouble = graft_expat_load() {
            throw XMLError(
                .missingLibrary,
                "report files need the library expat, which cannot be loaded: \(String(cString: trouble)); "
                    + "install it (on Debian: apt-get install libexpat1)")
        }
        // XML_ParserCreate
        guard let parser = XML_ParserCreate(nil) else {
            throw XMLError(.missingLibrary, "expat has made no parser: out of memory")
        }
        state = State(parser: parser, onEvent: onEvent)
        // XML_SetUserData and the handlers; the state outlives the parser, which it frees.
        XML_SetUserData(parser, Unmanaged.passUnretained(state).toOpaque())
        XML_SetElementHandler(
            parser,
            { data, name, attributes in State.of(data)?.begin(name, attributes) },
            { data, name in State.of(data)?.end(name) })
        XML_SetCharacterDataHandler(parser) { data, text, count in State.of(data)?.text(text, count) }
        XML_SetEntityDeclHandler(parser) { data, _, _, _, _, _, _, _, _ in
            State.of(data)?.stop(.entities, "it declares entities, which are refused")
        }
        XML_SetUnknownEncodingHandler(parser, { _, name, information in Encodings.fill(information, name) }, nil)
    }

    /// Reads the next piece of the document.
    ///
    /// - Throws: What is wrong with the document; every later call throws the same.
    public func read(_ bytes: some Collection<UInt8>) throws(XMLError) {
        try parse(cleaner.clean(bytes), isLast: false)
    }

    /// Ends the document.
    ///
    /// - Throws: `.malformed` for one that ends too early.
    public func finish() throws(XMLError) {
        try parse(cleaner.finish(), isLast: true)
    }

    private func parse(_ bytes: [UInt8], isLast: Bool) throws(XMLError) {
        if let failure = state.failure { throw failure }
        let status = bytes.withUnsafeBytes { buffer in
            // XML_Parse
            XML_Parse(
                state.parser, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(buffer.count),
                isLast ? 1 : 0)
        }
        if let failure = state.failure { throw failure }
        guard status == XML_STATUS_OK else {
            let reason = XML_ErrorString(XML_GetErrorCode(state.parser)).map { String(cString: $0) } ?? "not readable"
            let failure = XMLError(.malformed, reason, line: state.line)
            state.failure = failure
            throw failure
        }
    }

    /// What the callbacks of the parser share.
    private final class State {
        let parser: XML_Parser
        let onEvent: (XMLEvent) -> Void
        var depth = 0
        var failure: XMLError?

        init(parser: XML_Parser, onEvent: @escaping (XMLEvent) -> Void) {
            self.parser = parser
            self.onEvent = onEvent
        }

        deinit { XML_ParserFree(parser) }

        static func of(_ data: UnsafeMutableRawPointer?) -> State? {
            data.map { Unmanaged<State>.fromOpaque($0).takeUnretainedValue() }
        }

        var line: Int { Int(XML_GetCurrentLineNumber(parser)) }

        func begin(
            _ name: UnsafePointer<CChar>?, _ attributes: UnsafeMutablePointer<UnsafePointer<CChar>?>?
        ) {
            guard failure == nil, let name else { return }
            depth += 1
            guard depth <= XMLReader.depthLimit else {
                return stop(.tooDeep, "it is nested more than \(XMLReader.depthLimit) elements deep")
            }
            var found: [String: String] = [:]
            var pair = attributes
            while let current = pair, let key = current[0], let value = current[1] {
                found[String(cString: key)] = String(cString: value)
                pair = current + 2
            }
            onEvent(.begin(String(cString: name), attributes: found))
        }

        func end(_ name: UnsafePointer<CChar>?) {
            guard failure == nil, let name else { return }
            depth -= 1
            onEvent(.end(String(cString: name)))
        }

        func text(_ text: UnsafePointer<CChar>?, _ count: Int32) {
            guard failure == nil, let text else { return }
            let bytes = UnsafeRawBufferPointer(start: text, count: Int(count))
            onEvent(.text(String(decoding: bytes, as: UTF8.self)))
        }

        func stop(_ code: XMLError.Code, _ message: String) {
            guard failure == nil else { return }
            failure = XMLError(code, message, line: line)
            // XML_StopParser
            XML_StopParser(parser, XML_Bool(0))
        }
    }
}
