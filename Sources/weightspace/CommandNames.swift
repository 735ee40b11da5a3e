import ArgumentParser
import Basics

/// The names of all commands, and the one that a person most likely meant.
enum CommandNames {
    /// What is wrong with the command that the words name, or nil: an unknown one, with the nearest that there is.
    static func problem(_ words: [String], root: any ParsableCommand.Type = WeightSpaceCommand.self) -> String? {
        var command: any ParsableCommand.Type = root
        var path: [String] = []
        var words = words[...]
        if words.first == "help" { words = words.dropFirst() }
        while let word = words.first, !word.hasPrefix("-"), !command.configuration.subcommands.isEmpty {
            if word == "help" { return nil }
            guard let next = command.configuration.subcommands.first(where: { names($0).contains(word) }) else {
                return unknown(word, after: path, in: command, root)
            }
            (command, path, words) = (next, path + [word], words.dropFirst())
        }
        return nil
    }

    private static func unknown(
        _ word: String, after path: [String], in command: any ParsableCommand.Type, _ root: any ParsableCommand.Type
    ) -> String {
        let here = command.configuration.subcommands.map { $0._commandName }
        // `weightspace import` is not far from `weightspace zoo import`, nor `weightspace zoo run` from `weightspace run`.
        let elsewhere = all(root).first { $0.last == word }
        let meant =
            elsewhere?.joined(separator: " ") ?? Nearest.match(word, among: here).map {
                (path + [$0]).joined(separator: " ")
            }
            ?? Nearest.match(word, among: all(root).compactMap { $0.last }).flatMap { near in
                all(root).first { $0.last == near }?.joined(separator: " ")
            }
        let advice =
            meant.map { "did you mean `weightspace \($0)`?" } ?? "there are " + here.joined(separator: ", ")
        let typed = (["weightspace"] + path + [word]).joined(separator: " ")
        return "there is no command `\(typed.printableLines)` (\(advice))"
    }

    /// The words of every command, `zoo import` as two.
    private static func all(_ command: any ParsableCommand.Type) -> [[String]] {
        command.configuration.subcommands.flatMap { next -> [[String]] in
            [[next._commandName]] + all(next).map { [next._commandName] + $0 }
        }
    }

    private static func names(_ command: any ParsableCommand.Type) -> [String] {
        [command._commandName] + command.configuration.aliases
    }
}
