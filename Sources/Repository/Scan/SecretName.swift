/// Names of files that usually hold passwords, tokens or private keys.
public enum SecretName {
    /// Whether a file is named like one; a name without folders.
    ///
    /// Examples and templates (`.env.example`) and public keys are none.
    public static func matches(_ name: String) -> Bool {
        let name = name.lowercased()
        if names.contains(name) || endings.contains(where: name.hasSuffix) { return true }
        if name.hasPrefix(".env.") { return !harmless.contains(where: name.hasSuffix) }
        return name.hasSuffix(".json") && beginnings.contains(where: name.hasPrefix)
    }

    private static let names: Set<String> = [
        ".env", ".envrc", ".npmrc", ".pypirc", ".netrc", "_netrc", ".git-credentials", ".pgpass", ".my.cnf",
        ".htpasswd", ".dockercfg", ".vault-token", ".vault_pass", ".s3cfg", ".boto", ".credentials", "credentials",
        "credentials.json", "credentials.xml", "credentials.yml", "credentials.yaml", "credentials.toml",
        "credentials.csv", "secrets.json", "secrets.yml", "secrets.yaml", "secrets.toml", "secrets.env",
        "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "master.key", "local.settings.json", "terraform.tfstate",
        "terraform.tfvars", "auth.json", "token.json", "kubeconfig",
    ]
    private static let endings = [".pem", ".p12", ".pfx", ".ppk", ".jks", ".keystore", ".kdbx", ".agekey"]
    private static let beginnings = ["service-account", "service_account", "serviceaccount", "client_secret"]
    private static let harmless = [".example", ".sample", ".template", ".tmpl", ".dist", ".defaults", ".schema"]
}
