import Glibc
import OS

/// Which certificate authorities are trusted.
public struct TLSTrust: Sendable, Hashable {
    /// A PEM file used instead of the system's authorities; nil for those of the system.
    public var certificateFile: String?

    /// Trusts the authorities in a PEM file, or those of the system.
    public init(certificateFile: String? = nil) { self.certificateFile = certificateFile }

    /// Trusts the file that `SSL_CERT_FILE` names, as OpenSSL does, or the system.
    public init(environment: [String: String]) {
        self.init(certificateFile: environment["SSL_CERT_FILE"].flatMap { $0.isEmpty ? nil : $0 })
    }

    /// Refuses an unreadable file, without which libwebsockets would continue and reject every certificate.
    func validate() throws(TransportError) {
        guard let file = certificateFile, access(file, R_OK) != 0 else { return }
        let error = SystemError("read the certificates in \(file)")
        throw TransportError(.tls, error.description, underlying: error)
    }
}
