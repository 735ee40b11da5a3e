import Basics

/// Files of a folder that hold one network in several forms, as their names say: `model.safetensors` beside
/// `pytorch_model.bin` or shards, `net.h5` beside `net.keras`, `model.pt` beside `model_ema.pt`.
struct FolderForms {
    /// The files of which no other is a better form.
    private(set) var files: [FolderFile] = []
    /// What was left out, and how it is read.
    private(set) var notes: [String] = []

    /// Chooses among files, which keep their order: those of safetensors before PyTorch's, Keras' and NumPy's, whole
    /// ones before shards, weights before their averages.
    init(_ all: [FolderFile], in folder: String) {
        var forms = all.map { FileForm($0) }
        let plain = Dictionary(
            forms.filter { !$0.isAverage }.compactMap { form in form.network.map { (form.words, $0) } },
            uniquingKeysWith: { first, _ in first })
        for index in forms.indices where forms[index].isAverage {
            forms[index].network = plain[forms[index].words] ?? forms[index].network
        }
        var best: [String: Int] = [:]
        for (index, form) in forms.enumerated() {
            guard let network = form.network else { continue }
            if let other = best[network], !form.precedes(forms[other]) { continue }
            best[network] = index
        }
        var left: [(String, String)] = []
        for (index, form) in forms.enumerated() {
            guard let network = form.network, let chosen = best[network], chosen != index else {
                files.append(all[index])
                continue
            }
            left.append((Self.short(all[index].shownName, folder), Self.short(all[chosen].shownName, folder)))
        }
        if let note = Self.note(left) { notes.append(note) }
        takeAverages(folder, hasPattern: all.contains { $0.match != nil })
    }

    /// Leaves out averages of no known weights (`ema_0.999_010000.pt`) where there are other networks.
    private mutating func takeAverages(_ folder: String, hasPattern: Bool) {
        let areAverages = files.map { FileForm($0).isAverage }
        guard !hasPattern, areAverages.contains(true), areAverages.contains(false) else { return }
        let names = zip(files, areAverages).filter(\.1).map { Self.short($0.0.name, folder) }
        files = zip(files, areAverages).filter { !$0.1 }.map(\.0)
        notes.append(
            "averages of weights, as their names say, were passed over beside other networks: \(names.shownFirst()) "
                + "(--pattern \"\(names[0].printable())\" takes such a file)")
    }

    private static func note(_ left: [(String, String)]) -> String? {
        guard let (name, chosen) = left.first else { return nil }
        if left.count == 1 {
            return "\(chosen) was taken; \(name) is the same network in another form, as its name says "
                + "(--pattern \"\(name)\" takes that one)"
        }
        let ending = name.lastIndex(of: ".").map { String(name[$0...]) } ?? name
        let isOneEnding = left.allSatisfy { $0.0.hasSuffix(ending) }
        return "\(left.count) files are other forms of networks that were taken, as their names say: "
            + left.map { "\($0.0) beside \($0.1)" }.shownFirst(3)
            + " (--pattern \"\(isOneEnding ? "*\(ending)" : name)\" takes \(isOneEnding ? "those" : "that one"))"
    }

    private static func short(_ path: String, _ folder: String) -> String {
        (path.hasPrefix("\(folder)/") ? String(path.dropFirst(folder.count + 1)) : path).printable()
    }
}

/// What a file's name says of the network in it.
private struct FileForm {
    /// Equal for the forms of one network; nil where the name has no ending of networks'.
    var network: String?
    let isAverage: Bool
    /// The folder and the words of the name but those that say that it is an average.
    let words: String
    private let rank: (average: Int, variant: Int, ending: Int, shards: Int, name: String)

    /// Endings, the best form first.
    private static let endings = [
        "safetensors", "pt", "pth", "bin", "ckpt", "pkl", "keras", "h5", "hdf5", "npz", "npy",
    ]
    /// Parts of a name that say how numbers are kept.
    private static let variants: Set<String> = ["fp16", "fp32", "bf16", "float16", "bfloat16", "float32"]
    /// Words of libraries before the name proper: `pytorch_model.bin` is `model.safetensors`.
    private static let libraries: Set<String> = ["pytorch", "tf", "flax", "jax", "keras"]

    init(_ file: FolderFile) {
        let name = file.name
        let start = name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex
        var parts = name[start...].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let ending = Self.endings.firstIndex(of: (parts.count > 1 ? parts.removeLast() : "").lowercased())
        let variant = parts.count > 1 ? parts.lastIndex { Self.variants.contains($0.lowercased()) } : nil
        if let variant, variant > 0 { parts.remove(at: variant) }
        if parts.count > 1, parts.last == "weights" { parts.removeLast() }
        var stem = parts.joined(separator: ".")
        let plain = WeightAverages.without(stem)
        let split = stem.split(separator: "_", omittingEmptySubsequences: false).map(String.init)
        let own = split.filter { !Self.libraries.contains($0.lowercased()) }
        if own.count < split.count, !own.isEmpty { stem = own.joined(separator: "_") }
        if stem == "consolidated" { stem = "model" }
        isAverage = plain != nil
        words = "\(name[..<start])\(plain ?? WeightAverages.parts(stem).joined(separator: "_"))"
        network = ending == nil ? nil : "\(name[..<start])\(stem)"
        rank = (
            isAverage ? 1 : 0, variant == nil ? 0 : 1, ending ?? 0, file.paths.count > 1 ? 1 : 0, name
        )
    }

    func precedes(_ other: FileForm) -> Bool { rank < other.rank }
}
