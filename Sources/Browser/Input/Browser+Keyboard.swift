extension Browser {
    /// Longer texts are put in at once, as if they were pasted.
    private static let longestKeyed = 1000
    private static let longestText = 200_000
    private static let pieceLength = 16_384

    /// Presses keys together; the shortcuts of a browser's own window do here what they do there.
    func press(_ chord: KeyChord) async throws(BrowserError) {
        if addressLine != nil {
            guard let outcome = addressLine?.press(chord) else { return }
            return try await follow(outcome)
        }
        if try await takeShortcut(chord) { return }
        var modifiers: Modifiers = []
        for key in chord.held {
            modifiers.formUnion(key.modifier ?? [])
            try await send(.key(key, isDown: true, modifiers: modifiers))
        }
        let session = watch.book.active
        defer {
            for key in chord.held.reversed() {
                modifiers.subtract(key.modifier ?? [])
                link.post(.key(key, isDown: false, modifiers: modifiers), to: session)
            }
        }
        for key in chord.pressed { try await stroke(key, modifiers) }
    }

    /// Types text as on a keyboard.
    func type(_ text: String) async throws(BrowserError) {
        if addressLine != nil {
            guard let outcome = addressLine?.write(text) else { return }
            return try await follow(outcome)
        }
        guard text.utf8.count <= Self.longestText else {
            throw BrowserError(.refused, "\(Self.longestText) bytes of text at a time are the most")
        }
        guard text.count <= Self.longestKeyed else {
            var rest = text[...]
            while !rest.isEmpty {
                try await send(.insert(String(rest.prefix(Self.pieceLength))), within: limits.input * 4)
                rest = rest.dropFirst(Self.pieceLength)
            }
            return
        }
        for character in text {
            if character.isNewline {
                try await stroke(.enter, [])
            } else if character == "\t" {
                try await stroke(.tab, [])
            } else if let key = Key(typing: character) {
                try await stroke(key, [])
            } else {
                try await send(.insert(String(character)))
            }
        }
    }

    private func stroke(_ key: Key, _ held: Modifiers) async throws(BrowserError) {
        let modifiers = key.isShifted ? held.union(.shift) : held
        let key = modifiers.contains(.shift) ? key.shifted : key
        try await send(.key(key, isDown: true, modifiers: modifiers))
        try await send(.key(key, isDown: false, modifiers: modifiers))
    }

    /// Does what a browser's window does with keys before a page sees them; false for keys of the page.
    private func takeShortcut(_ chord: KeyChord) async throws(BrowserError) -> Bool {
        let (control, shifted): (Modifiers, Modifiers) = (.control, [.control, .shift])
        if chord.isShortcut(control, "l") || chord.isShortcut(.alt, "d") || chord.isShortcut([], "F6") {
            addressLine = AddressLine()
        } else if chord.isShortcut(control, "t") || chord.isShortcut(control, "n") {
            try await openTab()
            addressLine = AddressLine()
        } else if chord.isShortcut(control, "w") || chord.isShortcut(control, "F4") {
            await closeTab()
        } else if chord.isShortcut(control, "Tab") || chord.isShortcut(control, "PageDown") {
            turn(by: 1)
        } else if chord.isShortcut(shifted, "Tab") || chord.isShortcut(control, "PageUp") {
            turn(by: -1)
        } else if chord.isShortcut(control, "r") || chord.isShortcut([], "F5") {
            try await reload(ignoringCache: false)
        } else if chord.isShortcut(shifted, "r") || chord.isShortcut(control, "F5") {
            try await reload(ignoringCache: true)
        } else if chord.isShortcut(.alt, "ArrowLeft") {
            try await goBack(by: 1)
        } else if chord.isShortcut(.alt, "ArrowRight") {
            try await goBack(by: -1)
        } else if chord.isShortcut(control, "f"), chord.held.count == 1 {
            remark("there is no bar to search in the page; read_page has its text")
        } else {
            return false
        }
        return true
    }

    private func follow(_ outcome: AddressLine.Outcome) async throws(BrowserError) {
        switch outcome {
        case .goesOn: break
        case .left: addressLine = nil
        case .open(let text):
            addressLine = nil
            // Pressed in an empty bar, it changes nothing.
            if !text.isEmpty { try await open(text) }
        }
    }
}
