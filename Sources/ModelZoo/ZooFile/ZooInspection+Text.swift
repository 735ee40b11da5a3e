extension ZooInspection: CustomStringConvertible {
    /// Tables for a person: the file, its networks, the columns, the slots.
    public var description: String {
        let parts = ZooSplit.allCases.map { "\($0) \(splits["\($0)"] ?? 0)" }.joined(separator: ", ")
        let facts = [
            ["file", "\(path) (\(Self.size(bytes)))"],
            ["created with", createdWith.isEmpty ? "unknown" : createdWith],
            ["architecture", architecture ?? "unknown (layout only)"],
            ["data set", dataset ?? "unknown"],
            ["networks", "\(count) (\(parts))"],
            ["parameters", "\(parameters)" + (bufferElements > 0 ? " and \(bufferElements) buffer elements" : "")],
            ["checkpoints", checkpoints.map { "up to \($0) a network" } ?? "none"],
            ["weights", "\(Self.number(minimum)) to \(Self.number(maximum))"],
            ["checksums", checksums.rawValue + Self.list(damaged)],
            ["not finite", nonFinite.isEmpty ? "none" : "\(nonFinite.count) networks" + Self.list(nonFinite)],
        ]
        let columnRows = columns.map {
            [$0.name, $0.kind, "\($0.missing)", Self.number($0.minimum), Self.number($0.mean), Self.number($0.maximum)]
        }
        let slotRows = slots.map {
            [$0.name, $0.shape.map(String.init).joined(separator: "x"), Self.number($0.mean),
             Self.number($0.deviation), Self.number($0.minimum), Self.number($0.maximum),
             Self.number($0.magnitudes?[2])]
        }
        var tables = [Self.table(facts, numbersFrom: 2)]
        if !columns.isEmpty {
            tables.append(
                Self.table([["column", "kind", "missing", "min", "mean", "max"]] + columnRows, numbersFrom: 2))
        }
        let slotHead = ["slot", "shape", "mean", "sd", "min", "max", "median |w|"]
        tables.append(Self.table([slotHead] + slotRows, numbersFrom: 2))
        return tables.joined(separator: "\n\n")
    }

    /// Columns padded to their widest cell; those from `numbersFrom` on aligned to the right.
    static func table(_ rows: [[String]], numbersFrom: Int) -> String {
        let widths = (0..<(rows.map(\.count).max() ?? 0)).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            var line = row.indices.map { column in
                let pad = String(repeating: " ", count: widths[column] - row[column].count)
                return column >= numbersFrom ? pad + row[column] : row[column] + pad
            }.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }

    /// Five significant digits, without trailing zeros; a dash for no value.
    static func number(_ value: Double?) -> String {
        guard let value else { return "-" }
        if value == value.rounded(), abs(value) < 1e15 { return "\(Int(value))" }
        let magnitude = abs(value)
        guard magnitude >= 1e-4, magnitude < 1e9 else { return "\(Float(value))" }
        var (scale, digits) = (1.0, 0)
        while magnitude * scale < 1e4 && digits < 8 { (scale, digits) = (scale * 10, digits + 1) }
        let whole = Int((magnitude * scale).rounded())
        var text = "\(whole)"
        text = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
        if digits > 0 {
            text.insert(".", at: text.index(text.endIndex, offsetBy: -digits))
            while text.last == "0" { text.removeLast() }
            if text.last == "." { text.removeLast() }
        }
        return (value < 0 ? "-" : "") + text
    }

    private static func size(_ bytes: Int) -> String {
        var (value, unit) = (Double(bytes), 0)
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
        while value >= 1024 && unit < units.count - 1 { (value, unit) = (value / 1024, unit + 1) }
        return "\(number((value * 10).rounded() / 10)) \(units[unit])"
    }

    private static func list(_ networks: [Int]) -> String {
        guard !networks.isEmpty else { return "" }
        return ": " + networks.prefix(8).map(String.init).joined(separator: ", ") + (networks.count > 8 ? ", ..." : "")
    }
}
