import Testing

@testable import Repository

@Suite struct SecretNameTests {
    @Test(arguments: [
        ".env", ".env.local", ".ENV", ".env.production", "server.PEM", "id_rsa", "credentials.json", ".npmrc", ".netrc",
        "service-account-prod.json", "client_secret_1.json", "key.p12", "terraform.tfstate", "secrets.yml", ".envrc",
    ]) func `usual names of secrets`(_ name: String) { #expect(SecretName.matches(name)) }

    @Test(arguments: [
        ".env.example", ".env.sample", "env", ".environment", "id_rsa.pub", "main.py", "package.json", "keys.swift",
        "credentials.py", "service.json", "pem", "secrets", "é.pem.txt", "",
    ]) func `names of other files`(_ name: String) { #expect(!SecretName.matches(name)) }
}
