/// The word for an error in the languages that GNU's tools are translated to.
enum ErrorWord {
    /// The message behind `error: ` or `fatal error: ` in any language; nil for a warning or anything else.
    static func message(_ text: Substring) -> Substring? {
        // Chinese has a wide colon of its own, and no space behind it.
        for colon in [": ", "："] {
            guard let (word, message) = text.cut(colon) else { continue }
            // French has a narrow space in front of the colon.
            if words.contains((word.before("\u{202F}") ?? word.before("\u{A0}") ?? word).trimmed) { return message }
        }
        return text.before(":").flatMap { words.contains($0) ? "" : nil }
    }

    /// Whether the text begins with the word and a number, as `Error 2` and `Fehler 2` do.
    static func isNumbered(_ text: Substring) -> Bool {
        guard let (word, number) = text.cutLast(" ") else { return false }
        let digits = number.before(" (ignored)") ?? number
        return digits.leadingNumber?.rest.isEmpty == true && words.contains(word.trimmed)
    }

    private static let words: Set<Substring> = [
        "error", "fatal error", "Error", "internal compiler error", "Fehler", "schwerwiegender Fehler",
        "fataler Fehler", "interner Compiler-Fehler", "erreur", "erreur fatale", "Erreur", "error fatal", "errore",
        "errore fatale", "Errore", "erro", "erro fatal", "Erro", "fout", "Fout", "fel", "ödesdigert fel", "Fel", "fejl",
        "Fejl", "feil", "Feil", "virhe", "vakava virhe", "Virhe", "błąd", "błąd krytyczny", "Błąd", "chyba",
        "kritická chyba", "Chyba", "ошибка", "фатальная ошибка", "Ошибка", "помилка", "фатальна помилка", "Помилка",
        "грешка", "фатална грешка", "Грешка", "σφάλμα", "μοιραίο σφάλμα", "Σφάλμα", "hata", "ölümcül hata", "Hata",
        "hiba", "végzetes hiba", "Hiba", "kesalahan", "kesalahan fatal", "Kesalahan", "eroare", "eroare fatală",
        "Eroare", "greška", "Greška", "napaka", "Napaka", "lỗi", "Lỗi", "lỗi nghiêm trọng", "エラー", "致命的エラー",
        "错误", "致命错误", "錯誤", "嚴重錯誤", "오류", "치명적 오류", "Earráid", "earráid", "klaida", "Klaida",
    ]
}
